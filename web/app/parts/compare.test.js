import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compared, patchTo } from './compare.js';

const paths = ({ differences }) => differences.map(({ path }) => path.join('.'));

test('two states are compared field by field, and what is nobody’s work is left out', () => {
  const now = { draftId: 'a', itemDetails: { name: 'Sunblade', value: '1 gp', quote: '' }, currentStep: 'x' };
  const kept = { draftId: 'b', itemDetails: { name: 'Sunblade', value: '2 gp', properties: ['Finesse'] } };
  const found = compared(now, kept);
  assert.deepEqual(paths(found), ['itemDetails.value', 'itemDetails.properties']);
  assert.equal(found.alike, 1);
});

test('elements of a list are told apart by their ids', () => {
  const now = { actions: [{ id: 'a', name: 'Bite' }, { id: 'b', name: 'Claw' }] };
  const kept = { actions: [{ id: 'b', name: 'Claws' }, { id: 'c', name: 'Tail' }] };
  assert.deepEqual(paths(compared(now, kept)), ['actions.a', 'actions.b.name', 'actions.c']);
});

test('one field comes over, and everything else stays', () => {
  const now = { name: 'Wisp', speed: { walk: 0 }, actions: [{ id: 1, name: 'Bite' }, { id: 2, name: 'Claw', desc: 'x' }] };
  assert.deepEqual(patchTo(now, ['speed', 'walk'], 30), { speed: { walk: 30 } });
  assert.deepEqual(patchTo(now, ['name'], undefined), { name: null });
  assert.deepEqual(patchTo(now, ['actions', '2', 'desc'], undefined), { actions: [{ id: 1, name: 'Bite' }, { id: 2, name: 'Claw' }] });
  assert.deepEqual(patchTo(now, ['actions', '1'], undefined), { actions: [{ id: 2, name: 'Claw', desc: 'x' }] });
  assert.deepEqual(patchTo(now, ['actions', '3'], { id: 3, name: 'Tail' }).actions.length, 3);
});
