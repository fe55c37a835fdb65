import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { choice, parsed, validated } from './choice.js';
import { isMap } from './json.js';
import { TOOLS, hasWork } from './tools.js';

const backup = (more = {}) => ({
  key: 'alice/cardgenerator/p1/tab-1',
  tool: 'cardgenerator',
  userId: 'alice',
  tab: 'tab-1',
  state: { itemDetails: { name: 'Sunblade' } },
  base: {},
  projectId: 'p1',
  newProjectId: 'alice.d1',
  timestamp: 1000,
  ...more,
});
const kept = (...values) => values.map((value) => ({ key: String(value?.key ?? 'k0'), value }));
const valid = (found) => kept(...found).map(({ key, value }) => (isMap(value) ? validated({ ...value, key }) : null));
const here = { uid: 'alice', living: [] };
const texts = (...all) => fc.constantFrom(...all);
const ours = fc.record({
  key: texts('k1', 'k2', 'k3', 'k4'),
  tool: texts(...TOOLS),
  userId: texts('alice', 'alice', 'bob'),
  tab: texts('tab-1', 'tab-2', 'tab-3'),
  state: fc.constant(backup().state),
  newProjectId: fc.constant('alice.d1'),
  timestamp: fc.oneof(fc.integer({ min: 0, max: 99 }), fc.constant(undefined)),
});
const broken = fc.tuple(ours, texts(...Object.keys(backup())), fc.jsonValue()).map(([one, field, value]) => ({ ...one, [field]: value }));
const records = fc.array(fc.oneof({ weight: 4, arbitrary: ours }, broken, fc.jsonValue()));

test('whatever is found, nothing of another user and nothing of a living tab is chosen, and nothing throws', () => {
  fc.assert(
    fc.property(records, fc.subarray(['tab-1', 'tab-2']), (found, living) => {
      const { restore, drop } = choice(kept(...found), { uid: 'alice', living });
      assert.ok(restore.every((one) => one.userId === 'alice' && !living.includes(one.tab)));
      const waiting = found.filter((one) => living.includes(one?.tab) || one?.userId !== 'alice');
      const mine = valid(found).filter((one) => one?.userId === 'alice' && !living.includes(one.tab));
      assert.ok(drop.every((key) => mine.some((one) => one.key === key) || !waiting.some((one) => one.key === key)));
      const work = new Set(mine.filter(({ state, base }) => !base && hasWork(state)).map(({ key }) => key));
      assert.ok([...work].every((key) => restore.some((one) => one.key === key) || mine.some((one) => one.key === key && (one.base || !hasWork(one.state)))));
    }),
  );
});

test('each key once, in its newest form, the oldest work first', () => {
  fc.assert(
    fc.property(records, (found) => {
      const { restore } = choice(kept(...found), here);
      assert.equal(new Set(restore.map(({ key }) => key)).size, restore.length);
      const times = restore.map(({ timestamp = 0 }) => timestamp);
      assert.deepEqual(times, [...times].sort((one, other) => one - other));
      for (const one of restore) {
        const rivals = valid(found).filter((other) => other?.key === one.key && other.userId === 'alice');
        assert.ok(rivals.every(({ timestamp = 0 }) => timestamp <= (one.timestamp ?? 0)));
      }
    }),
  );
});

test('the copy in localStorage counts where it is newer than the one in IndexedDB', () => {
  const older = backup({ state: { itemDetails: { name: 'Sun' } } });
  const { restore } = choice(kept(older, backup({ timestamp: 2000 })), here);
  assert.deepEqual(restore.map(({ state }) => state.itemDetails.name), ['Sunblade']);
});

test('of two under one key the later written counts, though the clock was set back meanwhile', () => {
  const later = backup({ state: { itemDetails: { name: 'Sun' } }, timestamp: 10, order: 2 });
  for (const both of [kept(backup({ order: 1 }), later), kept(later, backup({ order: 1 }))]) {
    assert.deepEqual(choice(both, here).restore.map(({ state }) => state.itemDetails.name), ['Sun']);
  }
});

test('a backup that says what is stored is nothing to restore; one that took everything out is', () => {
  const stored = backup({ base: backup().state });
  assert.deepEqual(choice(kept(stored), here), { restore: [], broken: [], drop: [stored.key] });
  assert.equal(choice(kept(backup({ base: backup().state, state: {} })), here).restore.length, 1);
  assert.equal(choice(kept(backup({ base: undefined, state: { currentStep: 'core-image' } })), here).restore.length, 0);
});

test('what nobody had typed and a user has by now is the user\'s alone', () => {
  const left = backup({ key: '(nobody)/cardgenerator/unplaced.d1/tab-1', userId: '(nobody)', newProjectId: '(nobody).d1', projectId: undefined });
  const nobody = { uid: '(nobody)', living: [] };
  assert.equal(choice(kept(left, backup({ newProjectId: 'alice.d2' })), nobody).restore.length, 1);
  assert.deepEqual(choice(kept(left, backup()), nobody), { restore: [], broken: [], drop: [left.key] });
  assert.equal(choice(kept(left, backup()), here).restore.length, 1);
});

test('a broken record is none: no state, no user, no tool, a project that is no text', () => {
  for (const broken of [{ state: 'x' }, { userId: undefined }, { tool: 'teapot' }, { projectId: 7 }, { key: '' }]) {
    assert.equal(validated(backup(broken)), null);
  }
  assert.equal(validated(backup({ timestamp: 'yesterday' })).timestamp, undefined);
});

test('an unread text is undefined, an empty one nothing', () => {
  assert.equal(parsed('{"state":{"itemDe'), undefined);
  assert.equal(parsed(''), null);
});

test('what is broken is kept as it is, if its key says that it is ours and of a dead tab', () => {
  const [key, text] = ['alice/cardgenerator/p1/tab-1', '{"state":{"itemDe'];
  const cut = { key, value: undefined, text };
  assert.deepEqual(choice([cut], here).broken, [{ key, tool: 'cardgenerator', body: { tool: 'cardgenerator', raw: text } }]);
  const wrong = { key, value: { ...backup(), state: 'x', userId: undefined } };
  assert.equal(choice([wrong], here).broken[0].body.state, 'x');
  assert.deepEqual(choice([{ key, value: ['x'] }], here).broken[0].body.raw, '["x"]');
  for (const other of [{ ...cut, key: 'bob/cardgenerator/p1/tab-1' }, { ...cut, key: 'alice/teapot/p1/tab-1' }, { key, value: { userId: 'bob' } }]) {
    assert.deepEqual(choice([other], here).broken, []);
  }
  assert.deepEqual(choice([cut], { uid: 'alice', living: ['tab-1'] }).broken, []);
  assert.deepEqual(choice([cut, { key, value: backup() }], here).broken, []);
});
