import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { contents, diff, isEmpty, patched, pruned, same, valueAt, valueOf } from './json.js';

const states = fc.dictionary(fc.string(), fc.jsonValue()).map(pruned);

test('the patch from one state to another leads there', () => {
  fc.assert(fc.property(states, states, (before, now) => assert.ok(same(patched(before, diff(before, now)), now))));
});

test('there is nothing to send between equal states', () => {
  fc.assert(fc.property(states, (state) => isEmpty(diff(state, structuredClone(state)))));
});

test('a patch touches nothing that it does not name', () => {
  fc.assert(
    fc.property(states, states, states, (before, now, elsewhere) => {
      const patch = diff({ mine: before }, { mine: now });
      const after = patched(pruned({ mine: before, theirs: elsewhere }), patch);
      assert.ok(same(after.theirs ?? {}, elsewhere));
    }),
  );
});

test('a state never holds null or an empty map as a field, whatever the patch', () => {
  const holds = (value) => value == null || isEmpty(value) || (typeof value === 'object' && !Array.isArray(value) && Object.values(value).some(holds));
  fc.assert(fc.property(states, fc.dictionary(fc.string(), fc.jsonValue()), (state, patch) => !Object.values(patched(state, patch)).some(holds)));
});

test('__proto__ is a name like any other', () => {
  const state = JSON.parse('{"__proto__": {"polluted": true}}');
  assert.ok(same(patched({}, diff({}, state)), state));
  assert.equal({}.polluted, undefined);
});

test('numbers, texts and flags are told apart, and 0 is -0 as in JSON', () => {
  assert.ok(!same({ a: 1 }, { a: '1' }) && !same({ a: 0 }, { a: false }) && same([0], [-0]));
});

test('what a person would miss: texts, numbers and what is set', () => {
  assert.deepEqual(contents({ a: ' ', b: [0, { c: 'x ' }], d: false, e: true, f: null }), ['0', 'x', 'true']);
});

test('a value is found where a conflict names it, in lists by id; a field is never found inside a list', () => {
  const state = { actions: [{ id: 'a', desc: 'Bite' }, { id: 7, desc: 'Claw' }], name: { first: 'Ogre' } };
  assert.deepEqual([valueAt(state, ['actions', 'a', 'desc']), valueAt(state, ['actions', '7']), valueAt(state, ['name', 'first'])], ['Bite', { id: 7, desc: 'Claw' }, 'Ogre']);
  assert.deepEqual([valueAt(state, ['actions', 'b', 'desc']), valueAt({}, ['toString', 'name'])], [undefined, undefined]);
  assert.deepEqual([valueOf(state, ['name', 'first']), valueOf(state, ['actions', 'a'])], ['Ogre', undefined]);
});
