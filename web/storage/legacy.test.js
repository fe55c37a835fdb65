import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import fc from 'fast-check';
import { LEGACY, legacyBackups } from './legacy.js';

const NOW = Date.parse('2026-11-22T13:00:00Z');
const card = { currentStepId: 'text-generation', stepCompletion: { 'text-generation': false }, itemDetails: { name: 'Greataxe', quote: 'Mine.', properties: ['Heavy'] }, autoSaveEnabled: true };
const wrapped = (more = {}) => ({ state: card, projectId: 'p1', timestamp: NOW - 1000, userId: 'u-ada', ...more });
const read = (texts, uid = 'u-ada') => legacyBackups(texts, { uid, now: NOW });
const one = (value, key = 'cardGenerator_sessionBackup', uid = 'u-ada') => read({ [key]: typeof value === 'string' ? value : JSON.stringify(value) }, uid);

test('a backup with its project comes back for that project, in the spelling of a project', () => {
  const { restore, aside, done } = one(wrapped());
  const [found] = restore;
  assert.deepEqual([found.projectId, found.timestamp, found.userId], ['p1', NOW - 1000, 'u-ada']);
  assert.equal(found.state.currentStep, 'text-generation');
  assert.deepEqual(found.state.itemDetails, card.itemDetails);
  assert.ok(!('lastSaved' in found.state) && !('currentStepId' in found.state));
  assert.deepEqual([aside, done], [[], ['cardGenerator_sessionBackup']]);
});

test('the older form keeps project, user and time inside the state', () => {
  const { currentStepId: currentStep, ...rest } = card;
  const older = { ...rest, currentStep, sessionId: 's', userId: 'u-ada', projectId: 'p1', metadata: { lastSaved: String(NOW - 5000), version: '1.0.0' } };
  const [found] = one(older, 'cardGenerator_backup').restore;
  assert.deepEqual([found.projectId, found.timestamp, found.state.currentStep], ['p1', NOW - 5000, 'text-generation']);
});

test('a wrapped backup without a project may be matched by name, a bare state never', () => {
  assert.equal(one(wrapped({ projectId: undefined })).restore[0].projectId, undefined);
  assert.ok('projectId' in one(card, 'cardGenerator_state').restore[0]);
  assert.equal(one(card, 'cardGenerator_state').restore[0].projectId, null);
  assert.equal(one(card, 'cardGenerator_state').restore[0].timestamp, undefined);
});

test('"anonymous" is whoever is here; another user is left alone, and finds it later', () => {
  assert.equal(one(wrapped({ userId: 'anonymous' })).restore[0].userId, 'u-ada');
  assert.deepEqual(one(wrapped({ userId: 'u-brim' })), { restore: [], aside: [], done: [] });
  assert.equal(one(wrapped({ userId: 'u-brim' }), LEGACY[0], 'u-brim').restore.length, 1);
});

test('one older than a day has no time to overwrite anything with', () => {
  assert.equal(one(wrapped({ timestamp: NOW - 25 * 3600 * 1000 })).restore[0].timestamp, undefined);
});

test('an untouched form and an empty text are nothing, and gone', () => {
  // S29
  for (const nothing of ['', 'null', '[]', ' undefined', '{"": [', { ...card, itemDetails: { name: '', properties: [] } }]) {
    assert.deepEqual(one(nothing, 'cardGenerator_state'), { restore: [], aside: [], done: ['cardGenerator_state'] });
  }
});

test('what cannot be read is set aside as it is: cut off, of wrong types, or in part', () => {
  const cut = JSON.stringify(wrapped()).slice(0, 90);
  for (const broken of [cut, '7', JSON.stringify(wrapped({ state: 'x' })), JSON.stringify(wrapped({ state: { currentStepId: 3, itemDetails: 'Flame Tongue', generatedContent: { images: 'none' } } }))]) {
    const { restore, aside } = one(broken);
    assert.deepEqual([restore, aside.map(({ reason, raw }) => [reason, raw])], [[], [['unreadable', broken]]]);
  }
  const partly = one(wrapped({ state: { ...card, selectedAssets: 'border.png' } }));
  assert.deepEqual([partly.restore.length, partly.aside.length], [1, 1]);
});

test('the same card under several keys comes back once, by the one that knows most', () => {
  const older = { ...card, itemDetails: { ...card.itemDetails, quote: 'An older line.' } };
  const { restore, aside, done } = read({ cardGenerator_state: JSON.stringify(older), cardGenerator_sessionBackup: JSON.stringify(wrapped()) });
  assert.deepEqual(restore.map(({ projectId }) => projectId), ['p1']);
  assert.deepEqual(aside.map(({ reason, state }) => [reason, state.itemDetails.quote]), [['older copy', 'An older line.']]);
  assert.equal(done.length, 2);
});

test('whatever text stands there: nothing throws, and no text with words in it vanishes', () => {
  const texts = fc.oneof(fc.string(), fc.json(), fc.jsonValue().map((state) => JSON.stringify({ state, userId: 'u-ada' })), fc.constant(JSON.stringify(wrapped())));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...LEGACY), texts), (found) => {
      const { restore, aside, done } = read(found);
      assert.ok(restore.every(({ userId }) => userId === 'u-ada'));
      const words = done.filter((key) => found[key].includes('Greataxe'));
      assert.ok(restore.length + aside.length >= words.length);
    }),
  );
});

// What the first system really wrote, with what its users would want; the folder lies beside the project where it is.
const samples = new URL('../../../shared/data/legacy/localstorage.json', import.meta.url);
const EXPECTED = {
  'valid, newer than the saved project': { projectId: 'd0aa5d85-e2fc-4fb1-bba0-154eb44d99ac', quote: 'Written while the server was away.', timed: true },
  'valid, older than the saved project': { projectId: 'b8ba928e-bbf9-4775-88c6-d2cbda96c2a3', quote: 'An older line.', timed: true },
  'stale, 25 hours': { projectId: 'c370cf25-cbb0-4243-ae2c-46da6dbdefd5', quote: "Yesterday's line.", timed: false },
  'without projectId': { projectId: undefined, timed: true },
  'without projectId, no project of that name': { projectId: undefined, quote: 'Do not polish it on a moonless night.', timed: true },
  'truncated JSON': 'unreadable',
  'wrong types': 'unreadable',
  "another user's": 'untouched',
  'anonymous, then logged in': { projectId: undefined, timed: true },
  'state key with picture': { projectId: null, timed: true },
  'state key, initial state': 'nothing',
  'backup key, older form': { projectId: 'b8ba928e-bbf9-4775-88c6-d2cbda96c2a3', quote: 'In the older form.', timed: true },
  'backup key, bare state': { projectId: null, timed: false },
  giant: { projectId: null, timed: true },
  'empty string': 'nothing',
};

test('every backup that the first system wrote', { skip: !existsSync(samples) }, async (t) => {
  for (const { name, key, value } of JSON.parse(readFileSync(samples))) {
    await t.test(name, () => {
      const expected = EXPECTED[name];
      const uid = /"userId":"(u-\w+)"/.exec(value)?.[1] ?? 'u-ada';
      const found = one(value, key, name === "another user's" ? 'u-ada' : uid);
      const reasons = found.aside.map(({ reason }) => reason);
      if (typeof expected === 'string') {
        assert.deepEqual(found.restore, []);
        assert.deepEqual(reasons, expected === 'unreadable' ? ['unreadable'] : []);
        assert.equal(found.done.length, expected === 'untouched' ? 0 : 1);
        return;
      }
      assert.deepEqual(reasons, []);
      const [{ state, projectId, timestamp }] = found.restore;
      assert.equal(projectId, expected.projectId);
      if (expected.quote) assert.equal(state.itemDetails.quote, expected.quote);
      assert.equal(timestamp !== undefined, expected.timed);
      if (name === 'giant') assert.ok(state.itemDetails.description.length > 90_000);
      if (name === 'state key with picture') assert.ok(state.selectedAssets.templateBlob);
    });
  }
});
