import assert from 'node:assert/strict';
import { test } from 'node:test';
import { everyPage, matches } from './pages.js';

const list = (pages) => async ({ cursor = '0' }) => ({ found: pages[cursor], ...(pages[+cursor + 1] && { next: String(+cursor + 1) }) });

test('a list is read to its end', async () => {
  const found = [];
  await everyPage(list([[1, 2], [3], [4]]), (answer) => found.push(...answer.found));
  assert.deepEqual(found, [1, 2, 3, 4]);
});

test('it is read no further than somebody wants, and goes on from there', async () => {
  const found = [];
  await everyPage(list([[1], [2], [3]]), (answer) => (found.push(...answer.found), found.length < 2));
  await everyPage(list([[1], [2], [3]]), (answer) => found.push(...answer.found), '2');
  assert.deepEqual(found, [1, 2, 3]);
});

test('a cursor that leads back to itself is the end', async () => {
  let count = 0;
  await everyPage(async () => ({ next: 'x' }), () => (count += 1));
  assert.equal(count, 2);
});

test('a name is found by its words in any order, without capitals and accents', () => {
  assert.ok(matches('Orsolya Fenn-Dacé', 'dace ors'));
  assert.ok(matches('Moonring', ' '));
  assert.ok(!matches('Moonring', 'sun'));
});
