import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { choice, parsed, validated } from './choice.js';
import { TOOLS } from './tools.js';

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
const here = { uid: 'alice', living: [] };

const name = fc.constantFrom('alice', 'bob', 'tab-1', 'tab-2', 'p1', '');
const records = fc.array(
  fc.oneof(
    fc.jsonValue(),
    fc.record({
      key: name,
      tool: fc.constantFrom(...TOOLS, 'teapot'),
      userId: name,
      tab: name,
      state: fc.oneof(fc.jsonValue(), fc.constant({ itemDetails: { name: 'Sunblade' } })),
      base: fc.option(fc.jsonValue(), { nil: undefined }),
      projectId: fc.option(name),
      newProjectId: name,
      timestamp: fc.oneof(fc.integer(), fc.constant(NaN), fc.string()),
    }, { requiredKeys: [] }),
  ),
);

test('whatever is found, nothing of another user and nothing of a living tab is chosen, and nothing throws', () => {
  fc.assert(
    fc.property(records, fc.subarray(['tab-1', 'tab-2']), (found, living) => {
      const { restore, drop } = choice(found, { uid: 'alice', living });
      assert.ok(restore.every((one) => one.userId === 'alice' && !living.includes(one.tab)));
      const others = found.filter((one) => one?.userId !== 'alice').map((one) => one?.key);
      const mine = found.filter((one) => one?.userId === 'alice').map((one) => one.key);
      assert.ok(drop.every((key) => mine.includes(key) || !others.includes(key)));
    }),
  );
});

test('each key once, in its newest form, the oldest work first', () => {
  fc.assert(
    fc.property(records, (found) => {
      const { restore } = choice(found, here);
      assert.equal(new Set(restore.map(({ key }) => key)).size, restore.length);
      const times = restore.map(({ timestamp = 0 }) => timestamp);
      assert.deepEqual(times, [...times].sort((one, other) => one - other));
      for (const one of restore) {
        const rivals = found.map(validated).filter((other) => other?.key === one.key && other.userId === 'alice');
        assert.ok(rivals.every(({ timestamp = 0 }) => timestamp <= (one.timestamp ?? 0)));
      }
    }),
  );
});

test('the copy in localStorage counts where it is newer than the one in IndexedDB', () => {
  const older = backup({ state: { itemDetails: { name: 'Sun' } } });
  const { restore } = choice([older, backup({ timestamp: 2000 })], here);
  assert.deepEqual(restore.map(({ state }) => state.itemDetails.name), ['Sunblade']);
});

test('a backup that says what is stored is nothing to restore; one that took everything out is', () => {
  const stored = backup({ base: backup().state });
  assert.deepEqual(choice([stored], here), { restore: [], drop: [stored.key] });
  assert.equal(choice([backup({ base: backup().state, state: {} })], here).restore.length, 1);
  assert.equal(choice([backup({ base: undefined, state: { currentStep: 'core-image' } })], here).restore.length, 0);
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
