import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import test from 'node:test';
import { clear, set } from '../vendor/idb-keyval.js';
import { backups, store } from './backups.js';
import { claim, intend, resumeClaims } from './claim.js';
import { Problem } from './problem.js';
import { adoptable, recover, takeOverLegacy } from './recovery.js';
import { snapshots } from './snapshots.js';

const kept = new Map();
globalThis.localStorage = new Proxy(
  { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value), removeItem: (key) => void kept.delete(key) },
  { ownKeys: () => [...kept.keys()], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) },
);
const living = new Set();
const locks = { query: async () => ({ held: [...living].map((tab) => ({ name: `dungeonmind/tab/alice/${tab}` })) }), request: (_, run) => run() };
Object.defineProperty(globalThis, 'navigator', { value: { locks, onLine: true }, configurable: true });

test.beforeEach(async () => {
  kept.clear();
  living.clear();
  await clear(store);
});

const backup = (more = {}) => ({
  key: 'alice/cardgenerator/p1/tab-1', tool: 'cardgenerator', userId: 'alice', tab: 'tab-1', state: { itemDetails: { name: 'Sunblade' } },
  base: {}, projectId: 'p1', newProjectId: 'alice.d1', timestamp: 1000, ...more,
}); // prettier-ignore
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

/** Alice's page with an answer for each request. */
function page(answer = () => ({ recovered: 'exact', why: '' })) {
  const failures = [];
  const env = {
    uid: 'alice', tab: 'tab-9', sent: [], told: [], log: () => {}, post: (...told) => env.told.push(told), backups: backups((error) => failures.push(error)), failures,
    setAside: snapshots(() => 'alice').keep,
    request: async (method, path, { body }) => (env.sent.push(body), { data: await answer(body, path) }),
  }; // prettier-ignore
  return env;
}
const keys = async (env) => (await env.backups.kept()).map(({ key }) => key);

test('a backup of a dead tab is sent, and dropped when the server has answered', async () => {
  await page().backups.put(backup());
  const env = page(() => ({ recovered: 'exact', why: '', project: { id: 'p1' }, project_etag: '"2"' }));
  const [{ answer }] = await recover(env, true);
  await settled();
  assert.deepEqual(env.told, [['cardgenerator/p1', '"2"']]); // a tab that has it open looks at it
  assert.equal(answer.recovered, 'exact');
  assert.deepEqual(env.sent.map(({ state, projectId, base }) => [state.itemDetails.name, projectId, base]), [['Sunblade', 'p1', {}]]);
  assert.ok(!('key' in env.sent[0]) && !('tab' in env.sent[0]));
  assert.deepEqual(await keys(env), []);
});

test('what a living tab or another user has is left alone', async () => {
  living.add('tab-1');
  const env = page();
  for (const one of [backup(), backup({ key: 'bob/cardgenerator/p1/tab-2', userId: 'bob', tab: 'tab-2' })]) await page().backups.put(one);
  assert.deepEqual(await recover(env, true), []);
  assert.deepEqual([env.sent, (await keys(env)).length], [[], 2]);
});

test('without an answer it stays, and the start is tried again; refused, it stays, and the start goes on', async () => {
  await page().backups.put(backup());
  const down = page(() => Promise.reject(new Problem(0)));
  await assert.rejects(recover(down, true), Problem);
  for (const status of [404, 500]) {
    const refusing = page(() => Promise.reject(new Problem(status)));
    assert.deepEqual(await recover(refusing, true), []);
    assert.deepEqual(await keys(refusing), [backup().key]);
  }
});

test('what belongs to a project in the trash becomes one of its own, the same however often it is asked', async () => {
  await page().backups.put(backup());
  const env = page(({ newProjectId }) => (newProjectId === 'alice.d1' ? Promise.reject(new Problem(409)) : { recovered: 'new', why: '' }));
  assert.equal((await recover(env, true)).length, 1);
  assert.deepEqual(env.sent.map(({ newProjectId }) => newProjectId), ['alice.d1', 'alice.d1.again']);
  await page().backups.put(backup());
  const full = page(() => Promise.reject(new Problem(409)));
  assert.deepEqual([await recover(full, true), full.sent.length, await keys(full)], [[], 2, [backup().key]]);
});

test('what the page had stored with its last breath is not told as recovered', async () => {
  await page().backups.put(backup({ save_id: 's1' }));
  const env = page(() => ({ recovered: 'exact', why: '', project: { id: 'p1', updated_by: { save_id: 's1' } } }));
  assert.deepEqual(await recover(env, true), []);
  await settled();
  assert.deepEqual(await keys(env), []);
});

test('a copy cut off in localStorage goes to the server as the text that it is', async () => {
  kept.set('dungeonmind-backup/alice/cardgenerator/p1/tab-1', '{"state": {"item');
  const env = page(() => ({ recovered: 'default', why: 'kept as a save' }));
  assert.equal((await recover(env, true)).length, 1);
  assert.deepEqual(env.sent, [{ tool: 'cardgenerator', raw: '{"state": {"item' }]);
  assert.equal(kept.size, 0);
});

test('the last words are in localStorage where IndexedDB has not written them yet', async () => {
  const env = page();
  void env.backups.put(backup({ state: { itemDetails: { name: 'Sunblade of Dawn' } } }));
  env.backups.copyAll();
  assert.equal(JSON.parse(kept.get(`dungeonmind-backup/${backup().key}`)).state.itemDetails.name, 'Sunblade of Dawn');
  env.backups.remove(backup().key);
  await settled();
  assert.deepEqual([kept.size, await keys(env)], [0, []]);
});

test('of many changes in a moment the newest is written', async () => {
  const env = page();
  for (let i = 0; i < 50; i++) void env.backups.put(backup({ timestamp: i }));
  await settled();
  assert.deepEqual((await env.backups.kept()).map(({ value }) => value.timestamp), [49]);
});

test("the first system's backups become ours, one that it cannot read is set aside, and both leave localStorage", async () => {
  const state = { currentStepId: 'core-image', itemDetails: { name: 'Greataxe' } };
  kept.set('cardGenerator_sessionBackup', JSON.stringify({ state, userId: 'alice', timestamp: Date.now() }));
  kept.set('cardGenerator_state', '{"itemDetails"');
  const env = page();
  await takeOverLegacy(env);
  assert.deepEqual(await keys(env), ['alice/cardgenerator/cardGenerator_sessionBackup']);
  assert.deepEqual((await snapshots(() => 'alice').list()).map(({ reason }) => reason), ['unreadable']);
  assert.equal(kept.size, 0);
  await recover(env, true);
  const [body] = JSON.parse(JSON.stringify(env.sent));
  assert.deepEqual(['projectId' in body, body.state.currentStep], [false, 'core-image']);
});

test('a start that was interrupted finds the same ids again', async () => {
  const text = JSON.stringify({ itemDetails: { name: 'Greataxe' } });
  const ids = [];
  for (const env of [page(), page()]) {
    kept.set('cardGenerator_backup', text);
    await takeOverLegacy(env);
    ids.push((await env.backups.kept())[0].value.newProjectId);
  }
  assert.equal(ids[0], ids[1]);
});

test('while the server is away the newest of each tool is this tab’s to show', async () => {
  for (const one of [backup(), backup({ key: 'alice/cardgenerator/p2/tab-2', tab: 'tab-2', timestamp: 2000, projectId: 'p2' })]) await page().backups.put(one);
  const env = page();
  const [shown, ...more] = await adoptable(env);
  await settled();
  assert.deepEqual([shown.projectId, shown.tab, more], ['p2', 'tab-9', []]);
  assert.deepEqual((await keys(env)).sort(), ['alice/cardgenerator/p1/tab-1', 'alice/cardgenerator/shown/tab-9']);
});

test('snapshots are listed newest first, without their states, each user’s own', async () => {
  const mine = snapshots(() => 'alice');
  for (const name of ['One', 'Two']) await mine.keep({ tool: 'cardgenerator', reason: 'emptied', name, state: { itemDetails: { name } } }).then(settled);
  const [newest, older] = await mine.list();
  assert.deepEqual([newest.name, older.name, 'state' in newest], ['Two', 'One', false]);
  assert.equal((await mine.get(newest.id)).state.itemDetails.name, 'Two');
  assert.deepEqual(await snapshots(() => 'bob').list(), []);
  await mine.remove(newest.id);
  assert.equal((await mine.list()).length, 1);
});

test('a guest’s work comes along page by page, interrupted or not, with what was unsaved', async () => {
  await page().backups.put(backup({ key: 'guest/cardgenerator/p1/tab-1', userId: 'guest', newProjectId: 'guest.d1' }));
  let calls = 0;
  const env = page((body) => {
    if (++calls === 2) throw new Problem(503);
    return body.from ? { taken: { projects: 2 }, done: calls > 4 } : { marked: 1, done: true };
  });
  await assert.rejects(claim(env, { guestToken: 't', guestUid: 'guest' }), Problem);
  assert.deepEqual(env.sent, [{ transfer_to: 'alice' }, { from: 'guest' }]);
  await resumeClaims(env);
  assert.deepEqual(env.sent.slice(2), [{ from: 'guest' }, { from: 'guest' }, { from: 'guest' }]);
  const [{ key, value }] = (await env.backups.kept()).filter(({ key: one }) => one.startsWith('alice'));
  assert.deepEqual([key, value.userId, value.newProjectId], ['alice/cardgenerator/p1/tab-1', 'alice', 'alice.d1']);
  await resumeClaims(env);
  assert.equal(env.sent.length, 5);
});

test('a claim that was only intended is made by the account, not by a guest, and once', async () => {
  await intend('t', 'guest');
  const answer = (body) => (body.from ? { taken: {}, done: true } : { marked: 1, done: true });
  await resumeClaims(Object.assign(page(answer), { isGuest: true }));
  const env = page(answer);
  await resumeClaims(env);
  await resumeClaims(env);
  assert.deepEqual(env.sent, [{ transfer_to: 'alice' }, { from: 'guest' }]);
  await intend('t', 'guest');
  await intend(null);
  await resumeClaims(env);
  assert.equal(env.sent.length, 2);
});

test('a guest’s token that is over, or a claim that is refused, holds up nobody', async () => {
  await intend('t', 'guest');
  const env = page((body) => {
    if (body.transfer_to) throw new Problem(401);
    return { taken: {}, done: true };
  });
  await resumeClaims(env);
  assert.deepEqual(env.sent, [{ transfer_to: 'alice' }, { from: 'guest' }]);
  await intend('t', 'guest');
  await resumeClaims(page(() => {
    throw new Problem(403);
  }));
});

test('a store that does not open is told, and the copies in localStorage are read all the same', async () => {
  kept.set(`dungeonmind-backup/${backup().key}`, JSON.stringify(backup()));
  const env = page();
  const { indexedDB } = globalThis;
  await set('other', 1, store); // so that the store is open
  const transaction = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = () => {
    throw new DOMException('gone', 'InvalidStateError');
  };
  try {
    assert.equal((await env.backups.kept()).length, 1);
    assert.equal(env.failures.length, 1);
  } finally {
    IDBDatabase.prototype.transaction = transaction;
    globalThis.indexedDB = indexedDB;
  }
});
