import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isId, route } from './route.js';

test('an address is read as far as it can be', () => {
  assert.deepEqual(route('#/cards/a%40b'), { view: 'cards', id: 'a@b' });
  assert.deepEqual(route('#/cards/%'), { view: 'cards', id: '%' });
  assert.deepEqual(route('#/cards/%E0%A4%A'), { view: 'cards', id: '%E0%A4%A' });
  assert.deepEqual(route('#/library/'), { view: 'library' });
  for (const nothing of ['', '#', '#/', '#x']) assert.equal(route(nothing).view, 'cards');
});

test('what cannot be an id of a project is never asked for', () => {
  for (const id of ['f3e4', 'uid.draft@x', 'A_b']) assert.ok(isId(id));
  for (const no of ['%', '..', 'a/b', 'a?b', 'ä', 'x'.repeat(129)]) assert.ok(!isId(no), no);
});
