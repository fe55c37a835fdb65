import assert from 'node:assert/strict';
import test from 'node:test';
import { held } from './held.js';

const mine = { name: 'Sun', notes: { 'v1.2': 'bad', plain: 'good', deep: { deeper: { deepest: 'bad' } } }, rows: ['a', { b: 'bad' }] };
const base = { name: 'Sun', notes: { plain: 'was' } };
const pending = { notes: mine.notes, rows: mine.rows };

/** What is sent where these are refused. @param {string[]} paths */
function sent(...paths) {
  const fields = held();
  const any = fields.hold(pending, mine, paths.map((path) => [path, 'Not valid.']));
  return { any, paths: fields.list().map(({ path }) => path), state: fields.without(mine, base) };
}

test('a name with a dot in it waits alone', () => {
  const { paths, state } = sent('notes.v1.2');
  assert.deepEqual([paths, state.notes], [['notes.v1.2'], { plain: 'good', deep: mine.notes.deep }]);
});

test('of a map that is refused as a whole each change waits', () => {
  const { paths, state } = sent('notes');
  assert.deepEqual([paths, state.notes, state.rows], [['notes.v1.2', 'notes.plain', 'notes.deep.deeper.deepest'], { plain: 'was' }, mine.rows]);
});

test('a path into a list, or deeper than what is there, holds the field that it leads into', () => {
  assert.deepEqual(sent('rows.1.b').paths, ['rows']);
  assert.deepEqual(sent('notes.deep.deeper.deepest.more').paths, ['notes.deep.deeper.deepest']);
});

test('a path of nothing that was changed here holds nothing', () => {
  assert.deepEqual([sent('name').any, sent('elsewhere.x').any, sent('').any], [false, false, false]);
});
