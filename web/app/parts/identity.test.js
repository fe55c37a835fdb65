import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keysOf } from './identity.js';

/** The keys of each list after the other. */
function through(...lists) {
  let before = [];
  return lists.map((list) => {
    const keys = keysOf(before, list);
    assert.equal(new Set(keys).size, list.length);
    before = list.map((value, index) => ({ key: keys[index], value }));
    return keys;
  });
}

test('a row keeps its key when one before it goes, with ids and without', () => {
  for (const id of [(name) => ({ id: name, name }), (name) => ({ name }), (name) => name]) {
    const [[, second, third], after] = through(['a', 'b', 'c'].map(id), ['b', 'c'].map(id));
    assert.deepEqual(after, [second, third]);
  }
});

test('a row that is being written in stays the row, even as another one goes', () => {
  const [[, second], typed, gone] = through(
    [{ name: 'Bite', damage: '1' }, { name: 'Claw', damage: '2' }],
    [{ name: 'Bite', damage: '1' }, { name: 'Claws', damage: '2' }],
    [{ name: 'Claws!', damage: '2' }],
  );
  assert.equal(typed[1], second);
  assert.deepEqual(gone, [second]);
});

test('rows that change places take their keys along', () => {
  const [[a, b], after] = through([{ id: 1, x: 'a' }, { id: '1', x: 'b' }], [{ id: '1', x: 'b' }, { id: 1, x: 'a!' }]);
  assert.deepEqual(after, [b, a]);
});

test('two rows with one id, or with the same content, are two', () => {
  const [[a, b], after] = through([{ id: 1 }, { id: 1 }], [{ id: 1, name: 'x' }, { id: 1 }]);
  assert.deepEqual(after.toSorted(), [a, b].toSorted());
  through([{}, {}, ''], ['', '', null]);
});

test('a new row is no row that was there', () => {
  const [before, after] = through([{ id: 1 }], [{ id: 2 }]);
  assert.notEqual(before[0], after[0]);
});
