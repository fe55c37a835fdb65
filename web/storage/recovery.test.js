import { settled } from '../../tests/web/browser.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { clear, set } from '../vendor/idb-keyval.js';
import { backups } from './backups.js';
import { claim, intend, resumeClaims } from './claim.js';
import { diff } from './json.js';
import { observable } from './observable.js';
import { Problem } from './problem.js';
import { adopt, inherit, recover, takeOverLegacy, tellAll, waitAgain } from './recovery.js';
import { WorkingCopy } from './copy.js';
import { snapshots } from './snapshots.js';
import { allKept, keep, store, trouble } from './store.js';

const { kept } = localStorage;
const living = new Set();
navigator.locks = { query: async () => ({ held: [...living].map((tab) => ({ name: `dungeonmind/tab/alice/${tab}` })) }), request: (_, run) => run() };

test.beforeEach(async () => {
  kept.clear();
  living.clear();
  await clear(store);
});

const backup = (more = {}) => ({
  key: 'alice/cardgenerator/p1/tab-1', tool: 'cardgenerator', userId: 'alice', tab: 'tab-1', state: { itemDetails: { name: 'Sunblade' } },
  base: {}, projectId: 'p1', newProjectId: 'alice.d1', timestamp: 1000, ...more,
}); // prettier-ignore
/** As a copy hands it over: what was changed, and from what. */
const change = ({ state, base, ...rest }) => ({ ...rest, base, patch: diff(base ?? {}, state) });

/** Alice's page with an answer for each request. */
function page(answer = () => ({ recovered: 'exact', why: '' })) {
  const env = {
    uid: 'alice', tab: 'tab-9', delay: 1e6, ended: false, sent: [], told: [], log: () => {}, tell: () => {}, post: (...told) => env.told.push(told), tellRecovered: () => {}, backups: backups(),
    copies: new Set(), drafts: () => [], seen: { document() {} }, session: { doc: observable(null) },
    setAside: snapshots(() => 'alice').keep,
    request: async (method, path, { body }) => (env.sent.push(body), { data: await answer(body, path) }),
  }; // prettier-ignore
  return env;
}
const put = (one) => page().backups.put(change(one));
const keys = async (env) => (await env.backups.kept()).map(({ key }) => key);

test('a backup of a dead tab is sent, and dropped when it was told what became of it', async () => {
  await put(backup());
  const env = page(() => ({ recovered: 'exact', why: '', project: { id: 'p1' }, project_etag: '"2"' }));
  const found = await recover(env, true);
  const [{ answer }] = found;
  assert.equal((await keys(env)).length, 1); // whoever was not told is told by the next page
  tellAll(env, found);
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
  for (const one of [backup(), backup({ key: 'bob/cardgenerator/p1/tab-2', userId: 'bob', tab: 'tab-2' })]) await put(one);
  assert.deepEqual(await recover(env, true), []);
  assert.deepEqual([env.sent, (await keys(env)).length], [[], 2]);
});

// W10
test('refused, or without an answer, it stays as it was, and is told: the start goes on', async () => {
  await put(backup());
  for (const status of [0, 401, 403, 404, 413, 500]) {
    const env = page(() => Promise.reject(new Problem(status, { detail: `Refused with ${status}.` })));
    const [{ key, error, answer }] = await recover(env, true);
    assert.deepEqual([key, error.status, answer], [backup().key, status, undefined]);
    assert.deepEqual(await keys(env), [backup().key]);
    assert.deepEqual((await env.backups.kept())[0].value.state, backup().state);
  }
});

// W10
test('what a proxy answers instead of the API drops no backup', async () => {
  await put(backup());
  const env = page(() => ({}));
  const [{ error }] = await recover(env, true);
  assert.deepEqual([error.status, await keys(env)], [0, [backup().key]]);
});

test('what belongs to a project in the trash becomes one of its own, the same however often it is asked', async () => {
  await put(backup());
  const env = page(({ newProjectId }) => (newProjectId === 'alice.d1' ? Promise.reject(new Problem(409)) : { recovered: 'new', why: '' }));
  assert.equal((await recover(env, true)).length, 1);
  assert.deepEqual(env.sent.map(({ newProjectId }) => newProjectId), ['alice.d1', 'alice.d1-again']);
  await put(backup());
  const full = page(() => Promise.reject(new Problem(409)));
  const [{ error }] = await recover(full, true);
  assert.deepEqual([error.status, full.sent.length, await keys(full)], [409, 2, [backup().key]]);
});

test('what the page had stored with its last breath is not told as recovered', async () => {
  await put(backup({ attempt_ids: ['s1'] }));
  const env = page(() => ({ recovered: 'exact', why: '', action: 'none', project: { id: 'p1', last_saves: { s: 's1' } } }));
  assert.deepEqual(await recover(env, true), []);
  await settled();
  assert.deepEqual(await keys(env), []);
});

test('a copy cut off in localStorage goes to the server as the text that it is', async () => {
  kept.set('dungeonmind-backup/alice/cardgenerator/p1/tab-1', '{"state": {"item');
  const env = page(() => ({ recovered: 'default', why: 'kept as a save' }));
  const found = await recover(env, true);
  assert.equal(found.length, 1);
  tellAll(env, found);
  assert.deepEqual(env.sent, [{ tool: 'cardgenerator', raw: '{"state": {"item' }]);
  assert.equal(kept.size, 0);
});

test('the last words are in localStorage where IndexedDB has not written them yet', async () => {
  const env = page();
  void env.backups.put(change(backup({ state: { itemDetails: { name: 'Sunblade of Dawn' } } })));
  env.backups.copyAll();
  assert.equal(JSON.parse(kept.get(`dungeonmind-backup/${backup().key}`)).state.itemDetails.name, 'Sunblade of Dawn');
  env.backups.remove(backup().key);
  await settled();
  assert.deepEqual([kept.size, await keys(env)], [0, []]);
});

test('of many changes in a moment the newest is written', async () => {
  const env = page();
  for (let i = 0; i < 50; i++) void env.backups.put(change(backup({ timestamp: i })));
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

// W10
test('while the server is away what dead tabs left is opened in this one, each in its own place, the newest last', async () => {
  for (const one of [backup(), backup({ key: 'alice/cardgenerator/p2/tab-2', tab: 'tab-2', timestamp: 2000, projectId: 'p2' })]) await put(one);
  const env = page();
  const adopted = await adopt(env);
  await settled();
  assert.deepEqual(adopted.map(({ projectId, mine, dirty }) => [projectId, mine.itemDetails.name, dirty]), [['p1', 'Sunblade', true], ['p2', 'Sunblade', true]]);
  assert.deepEqual((await keys(env)).map((key) => key.split('/').at(-1)), ['tab-9', 'tab-9']); // this tab's now
  assert.deepEqual(adopted.map(({ etag, isAtTheKeys }) => [etag, isAtTheKeys]), [[undefined, false], [undefined, false]]); // so it merges, and what is stored stands
  for (const copy of adopted) copy.close();
});

test('of what nobody knows what it was typed on, the server decides where it belongs', async () => {
  await put(backup({ base: undefined }));
  const env = page();
  assert.deepEqual([await adopt(env), await keys(env)], [[], [backup().key]]);
});

test('what was typed before it was known which document is open is sent as one of the document that is', async () => {
  const { projectId, ...unplaced } = backup();
  await put(unplaced);
  const env = page();
  env.session.doc.set({ cardgenerator: { current_project_id: 'p7' } });
  await recover(env, true);
  assert.deepEqual(env.sent.map(({ projectId: id }) => id), ['p7']);
});

test('what was typed before anybody was signed in becomes the user\'s, with its ids', async () => {
  await put(backup({ key: '(nobody)/cardgenerator/draft.d1/tab-1', userId: '(nobody)', projectId: null, newProjectId: '(nobody).d1' }));
  const env = page();
  await inherit(env);
  const [{ key, value }] = await env.backups.kept();
  assert.deepEqual([key, value.userId, value.newProjectId, value.state.itemDetails], ['alice/cardgenerator/draft.d1/tab-1', 'alice', 'alice.d1', { name: 'Sunblade' }]);
});

test('a backup that an older page wrote whole is read as it was', async () => {
  await keep([[`backup/${backup().key}`, backup()]]);
  const env = page();
  await recover(env, true);
  assert.deepEqual(env.sent.map(({ state, base }) => [state, base]), [[backup().state, {}]]);
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
  await put(backup({ key: 'guest/cardgenerator/p1/tab-1', userId: 'guest', newProjectId: 'guest.d1' }));
  let calls = 0;
  const env = page((body) => {
    if (++calls === 2) throw new Problem(503);
    return body.from ? { accepted: { projects: 2 }, done: calls > 4 } : { offered: 1, done: true };
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

test('what was set aside for a guest in this browser is the account’s to find', async () => {
  await keep([['snapshot/guest/s1', { id: 's1', tool: 'cardgenerator', userId: 'guest', timestamp: 1, state: { itemDetails: { name: 'Sunblade' } } }]]);
  const env = page((body) => (body.from ? { accepted: {}, done: true } : { offered: 1, done: true }));
  await claim(env, { guestToken: 't', guestUid: 'guest' });
  assert.deepEqual((await allKept('snapshot/')).map(([key, { userId }]) => [key, userId]), [['snapshot/alice/s1', 'alice']]);
});

test('a claim that was only intended is made by the account, not by a guest, and once', async () => {
  await intend('t', 'guest');
  const answer = (body) => (body.from ? { accepted: {}, done: true } : { offered: 1, done: true });
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
    return { accepted: {}, done: true };
  });
  await resumeClaims(env);
  assert.deepEqual(env.sent, [{ transfer_to: 'alice' }, { from: 'guest' }]);
  await intend('t', 'guest');
  await resumeClaims(page(() => {
    throw new Problem(403);
  }));
});

test('a backup that goes while the database refuses it does not stay as a copy', async () => {
  const env = page();
  await set('other', 1, store); // so that the store is open
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = () => {
    IDBDatabase.prototype.transaction = transaction; // the first write alone
    throw new DOMException('full', 'QuotaExceededError');
  };
  await Promise.all([env.backups.put(change(backup())), env.backups.remove(backup().key)]);
  assert.deepEqual([kept.size, await keys(env)], [0, []]);
});

test('while the database hangs there is a copy, which goes when the database has it', async (context) => {
  const env = page();
  await set('other', 1, store); // so that the store is open
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const written = env.backups.put(change(backup()));
  context.mock.timers.tick(300);
  void env.backups.put(change(backup({ state: { itemDetails: { name: 'Moon' } } })));
  assert.deepEqual([...kept.values()].map((text) => JSON.parse(text).state.itemDetails.name), ['Moon']);
  context.mock.timers.reset();
  await written;
  assert.deepEqual([kept.size, await keys(env)], [0, [backup().key]]);
});

test('work that is opened here keeps its former backup until the new one is kept', async () => {
  await put(backup());
  const env = page();
  const { put: keep } = env.backups;
  env.backups.put = async () => false; // neither the database nor localStorage takes it
  const [copy] = await adopt(env);
  assert.ok((await keys(env)).includes(backup().key));
  env.backups.put = keep;
  copy.change({ itemDetails: { name: 'Sunblade of Dawn' } });
  await settled();
  assert.deepEqual(await keys(env), [copy.backedUpAs]);
  copy.close();
});

test('what was typed before the restore is the same draft wherever it is opened', async () => {
  await put(backup({ key: 'alice/cardgenerator/unplaced.d1/tab-1', projectId: undefined }));
  const env = page();
  const [copy] = await adopt(env);
  assert.equal(copy.newProjectId, 'alice.d1');
  copy.close();
});

test('what another tab recovered into the session is not recovered once more into the project that was opened since', async () => {
  await put(backup({ projectId: undefined, save_id: 'd1-save' }));
  const session = { cardgenerator: { draft_id: 'd1', current_project_id: 'p1' }, last_saves: { d: 'd1-save' } };
  const env = page(() => ({ recovered: 'exact', action: 'none', why: '', session, project: { id: 'p1' } })); // as the server finds
  assert.deepEqual([await recover(env, true), await keys(env)], [[], []]);
});

test('what nothing is stored of any more is merged on its base where another page has stored it since, and on nothing where not', async () => {
  const left = backup({ key: 'alice/cardgenerator/draft.d1.x/tab-1', projectId: null, gone: true, base: { draftId: 'd1', itemDetails: { name: 'Sun' } }, state: { draftId: 'd1', itemDetails: { name: 'Sunblade' } } });
  for (const [stored, base] of [[{ draft_id: 'd1' }, left.base], [{ draft_id: 'd2' }, undefined], [undefined, undefined]]) {
    await put(left);
    const env = page();
    env.session.doc.set({ cardgenerator: stored });
    await recover(env, true);
    assert.deepEqual(env.sent.map((sent) => [sent.base, sent.state, 'gone' in sent]), [[base, left.state, false]]);
    assert.deepEqual(await adopt(page()), []);
  }
});

test('what was typed before the restore, and is the draft by now, is not recovered into the project that was opened since', async () => {
  const { projectId: _, ...unplaced } = backup();
  await put(unplaced);
  const env = page();
  env.session.doc.set({ cardgenerator: { draft_id: 'd1', current_project_id: 'p1' } });
  await recover(env, true);
  assert.deepEqual(env.sent.map(({ projectId, state }) => [projectId, state.draftId]), [[null, 'd1']]);
});

test('what is opened again may have been recovered without an answer: the id of that goes with it', async () => {
  await put(backup({ key: 'alice/cardgenerator/unplaced.d1/tab-1', projectId: undefined, save_id: 's1' }));
  const env = page();
  const [copy] = await adopt(env);
  assert.deepEqual([...copy.attempts], [['s1', { itemDetails: { name: 'Sunblade' } }]]);
  copy.close();
});

test('of what was sent and not answered it is looked whether it became a project', async () => {
  await put(backup({ attempts: [{ itemDetails: { name: 'Sun' } }], attempt_ids: ['d1'] }));
  const env = page();
  const [copy] = await adopt(env);
  assert.deepEqual([copy.asked?.base, copy.asked?.sent], [{}, { itemDetails: { name: 'Sunblade' } }]);
  copy.close();
});

test('what is typed while earlier backups are looked for is none of them', async () => {
  const env = page();
  const { kept: look } = env.backups;
  env.backups.kept = async () => {
    const [copy] = [...env.copies];
    if (!copy) {
      const typed = new WorkingCopy(env, 'cardgenerator', { home: { kind: 'unknown' }, base: {} });
      typed.change({ itemDetails: { name: 'Moon' } });
      await settled();
    }
    return look();
  };
  assert.deepEqual(await adopt(env), []);
  for (const copy of env.copies) copy.close();
});

// W8
test('a store that does not open is told, and the copies in localStorage are read all the same', async () => {
  kept.set(`dungeonmind-backup/${backup().key}`, JSON.stringify(backup()));
  const env = page();
  await set('other', 1, store); // so that the store is open
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = () => {
    throw new DOMException('gone', 'InvalidStateError');
  };
  try {
    assert.equal((await env.backups.kept()).length, 1);
    assert.equal(trouble.get()?.message, 'gone');
  } finally {
    IDBDatabase.prototype.transaction = transaction;
  }
});

// W16
test('a backup that the database does not take is in localStorage, and one that it does not let go comes back no more', async () => {
  const env = page();
  const { transaction } = IDBDatabase.prototype;
  const failing = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  IDBDatabase.prototype.transaction = failing;
  await env.backups.put(change(backup()));
  IDBDatabase.prototype.transaction = transaction;
  assert.deepEqual((await page().backups.kept()).map(({ value }) => value.state), [backup().state, backup().state]); // in memory too, while the page lives
  await env.backups.put(change(backup({ timestamp: 2000 })));
  IDBDatabase.prototype.transaction = failing;
  await env.backups.remove(backup().key);
  IDBDatabase.prototype.transaction = transaction;
  assert.deepEqual(await page().backups.kept(), []);
});

test('refused words whose project is gone, or whose draft is another one by now, are a snapshot: no words for another piece of work', async () => {
  const refused = { base: { itemDetails: { name: 'Of p1' } }, state: { draftId: 'd1', itemDetails: { name: 'Of p1, too long' } }, refused: [{ path: 'itemDetails.name', message: 'Too long.' }] };
  for (const projectId of ['p1', null]) {
    await put(backup({ ...refused, projectId }));
    const session = { doc: observable({ cardgenerator: { draft_id: 'another' } }), etag: () => '"1"' };
    const env = { ...page(() => ({ recovered: 'default', action: 'none', why: '' })), find: () => undefined, project: async () => null, session };
    const [one] = await recover(env, true);
    assert.deepEqual([await waitAgain(env, one), env.copies.size], [{ fields: ['itemDetails.name'], gone: true }, 0]);
    assert.ok((await snapshots(() => 'alice').list()).some(({ reason, projectId: of }) => reason === 'refused' && of === projectId));
  }
});

test('refused words of a draft that nothing is stored of are in the draft, those of one that became a project in that', async () => {
  const refused = { base: {}, state: { draftId: 'd1', itemDetails: { name: 'Too long' } }, refused: [{ path: 'itemDetails.name', message: 'Too long.' }], projectId: null };
  for (const [project, id] of [[null, null], [{ data: { id: 'alice.d1', name: '' }, etag: '"2"' }, 'alice.d1']]) {
    await put(backup(refused));
    const env = { ...page(() => ({ recovered: 'default', action: 'none', why: '' })), find: () => undefined, project: async () => project };
    env.session = { doc: observable(null), etag: () => '"1"' };
    const [one] = await recover(env, true);
    assert.deepEqual(await waitAgain(env, one), { fields: [], gone: false });
    const [copy] = env.copies;
    assert.deepEqual([copy.projectId, copy.mine.itemDetails], [id, { name: 'Too long' }]);
    copy.close(); // its queue waits
  }
});
