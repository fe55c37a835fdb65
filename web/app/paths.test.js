import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, bound, isEmpty, patchOf } from './paths.js';

test('a path reads what is there, and undefined where it ends early', () => {
  assert.equal(at({ itemDetails: { name: 'Sunblade' } }, 'itemDetails.name'), 'Sunblade');
  assert.equal(at({ itemDetails: null }, 'itemDetails.name'), undefined);
  assert.equal(at({}, 'a.b.c'), undefined);
});

test('a path makes the merge patch that sets just that', () => {
  assert.deepEqual(patchOf('itemDetails.name', 'Sunblade'), { itemDetails: { name: 'Sunblade' } });
  assert.deepEqual(patchOf('favorite_rules', ['one']), { favorite_rules: ['one'] });
});

test('a bound control writes a patch of its own path', () => {
  const sent = [];
  bound({ update: (patch) => sent.push(patch) }, 'speed.walk').write(null);
  assert.deepEqual(sent, [{ speed: { walk: null } }]);
});

test('empty is what nobody filled in; a zero was filled in', () => {
  for (const nothing of [undefined, null, '', {}, [], { a: { b: '' } }, ['']]) assert.equal(isEmpty(nothing), true);
  for (const something of [0, 'x', { a: { b: 0 } }, ['x']]) assert.equal(isEmpty(something), false);
});
