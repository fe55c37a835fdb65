import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { WorkingCopy } from './copy.js';
import { look, sawSession, told } from './follow.js';
import { diff, patched, same } from './json.js';
import { Problem } from './problem.js';

globalThis.navigator ??= {};

/** One project and one session, as the API keeps them; `fate` says what becomes of the next request. */
function server() {
  const docs = { p1: { version: 1, state: {} }, session: { version: 1, state: {} } };
  const at = (path) => (path.includes('/session') ? docs.session : docs[/projects\/([^/]+)/.exec(path)[1]]);
  const etag = (doc) => `"${doc.version}"`;
  const self = { docs, fate: 'stored', requests: [], during: () => {} };
  const write = (doc, state, saveId) => Object.assign(doc, { state, version: doc.version + 1, saveId });

  function answer(method, path, { body, etag: seen, saveId }) {
    const doc = at(path);
    if (!doc) throw new Problem(404, {});
    const theirs = doc.state;
    if (method === 'GET') return seen === etag(doc) ? { status: 304 } : { status: 200, data: { id: 'p1', name: 'P', state: theirs }, etag: etag(doc) };
    if (path.endsWith('/merge')) return merged(doc, path, body, saveId);
    const current = path.includes('/session') ? { cardgenerator: theirs } : { state: theirs };
    if (seen !== etag(doc)) throw new Problem(412, { current, etag: etag(doc), updated_by: { save_id: doc.saveId } });
    write(doc, method === 'PUT' ? body : patched(theirs, body.state ?? body), saveId);
    return { status: 200, data: {}, etag: etag(doc) };
  }

  function merged(doc, path, { base, mine }, saveId) {
    const { draft_id: theirs, draftId = theirs } = doc.state;
    if (doc === docs.session && draftId && draftId !== mine.draftId) {
      const id = `alice.${mine.draftId}`;
      docs[id] ??= { version: 1, state: mine };
      return { status: 200, data: { project: { id, name: 'P' }, state: doc.state, conflicts: [] } };
    }
    const [ours, other] = [diff(base, mine), diff(base, doc.state)];
    const both = Object.keys(ours.itemDetails ?? {}).filter((name) => name in (other.itemDetails ?? {}) && !same(mine.itemDetails[name], doc.state.itemDetails?.[name]));
    const conflicts = both.map((name) => ({ path: `itemDetails.${name}`, mine: mine.itemDetails[name], theirs: doc.state.itemDetails[name] }));
    write(doc, patched(doc.state, ours), saveId);
    return { status: 200, data: { state: doc.state, conflicts, etag: etag(doc) }, etag: etag(doc) };
  }

  self.request = async (method, path, options = {}) => {
    self.requests.push([method, path, options]);
    const fate = self.fate;
    self.fate = 'stored';
    if (fate === 'down') throw new Problem(0);
    const found = answer(method, path, structuredClone(options));
    await self.during();
    if (fate === 'lost') throw new Problem(0);
    return structuredClone(found);
  };
  return self;
}

/** A tab of alice's with a working copy of project p1, or of the draft. */
function tab(at, { draft = false, name = 'tab-1' } = {}) {
  const env = {
    uid: 'alice',
    tab: name,
    delay: 1e6,
    request: at.request,
    copies: new Set(),
    drafts: () => [...env.copies].filter((copy) => copy.isDraft),
    backups: { kept: new Map(), put: async (record) => void env.backups.kept.set(record.key, structuredClone(record)), remove: (key) => env.backups.kept.delete(key) },
    session: { looked: async () => {} },
    aside: [],
    setAside: async (one) => void env.aside.push(one),
    project: async (tool, id) => (at.docs[id] ? { data: { id, name: 'P', state: at.docs[id].state }, etag: `"${at.docs[id].version}"` } : null),
    post: () => {},
    log: () => {},
    tell: () => {},
  };
  const doc = draft ? at.docs.session : at.docs.p1;
  const home = draft ? { kind: 'session' } : { kind: 'project', id: 'p1', name: 'P' };
  const copy = new WorkingCopy(env, 'cardgenerator', { home, base: structuredClone(doc.state), etag: `"${doc.version}"` });
  copy.conflicts = [];
  copy.conflicted = (found) => copy.conflicts.push(...found);
  const type = (item) => copy.change(patched(copy.state, { itemDetails: item }));
  return { env, copy, type, item: () => copy.state.itemDetails ?? {}, close: () => copy.close() };
}
const stored = (...tabs) => Promise.all(tabs.map(({ copy }) => copy.queue.flush()));

const acts = fc.array(
  fc.tuple(fc.constantFrom('type', 'send', 'look', 'told'), fc.integer({ min: 0, max: 2 }), fc.constantFrom('stored', 'lost', 'down')),
  { maxLength: 40 },
);

test('three tabs, any order, answers lost: each one ends with every word of all of them', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (all) => {
      const at = server();
      const tabs = [0, 1, 2].map((i) => tab(at, { name: `tab-${i}` }));
      const typed = [undefined, undefined, undefined];
      let count = 0;
      for (const [act, i, fate] of all) {
        const { copy, type } = tabs[i];
        at.fate = fate;
        if (act === 'type') type({ [`field${i}`]: (typed[i] = `word ${++count}`) });
        if (act === 'send') void copy.queue.flush().catch(() => {});
        if (act === 'look') await look(copy).catch(() => {});
        if (act === 'told') await told(copy, 'another').catch(() => {});
        for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      }
      at.fate = 'stored';
      await stored(...tabs);
      for (const { copy } of tabs) await look(copy);
      for (const { copy, item, env } of tabs) {
        assert.deepEqual([0, 1, 2].map((i) => item()[`field${i}`]), typed);
        assert.equal(env.backups.kept.size, 0);
        assert.equal(copy.dirty, false);
      }
      for (const one of tabs) one.close();
    }),
    { numRuns: 300 },
  );
});

test('a save whose answer was lost is recognised as our own', async () => {
  const at = server();
  const one = tab(at);
  one.type({ name: 'Sunblade' });
  at.fate = 'lost';
  void one.copy.queue.flush();
  await new Promise(setImmediate);
  one.type({ rarity: 'Rare' });
  await stored(one);
  assert.deepEqual(at.docs.p1.state.itemDetails, { name: 'Sunblade', rarity: 'Rare' });
  assert.ok(at.requests.every(([, path]) => !path.endsWith('/merge')));
  one.close();
});

test('what is typed while a merge is on its way stays on top of what it answers', async () => {
  const at = server();
  const [one, two] = [tab(at), tab(at, { name: 'tab-2' })];
  one.type({ name: 'Sunblade' });
  await stored(one);
  two.type({ quote: 'Old' });
  at.during = async () => (at.requests.at(-1)[1].endsWith('/merge') ? two.type({ quote: 'New' }) : null);
  await stored(two);
  assert.deepEqual(two.item(), { name: 'Sunblade', quote: 'New' });
  at.during = () => {};
  await stored(two);
  assert.deepEqual(at.docs.p1.state.itemDetails, { name: 'Sunblade', quote: 'New' });
  one.close();
  two.close();
});

test('a merge is the server\'s: nothing of it is decided once more here', async () => {
  const at = server();
  const one = tab(at);
  one.type({ properties: ['Mine'] });
  const answer = { state: { itemDetails: { properties: ['Mine', 'Theirs'] } }, conflicts: [], etag: '"5"' };
  one.env.request = async () => ({ status: 200, data: answer, etag: '"5"' });
  one.copy.stale = true;
  await stored(one);
  assert.deepEqual(one.copy.state, answer.state);
  assert.equal(one.copy.dirty, false);
  one.close();
});

test('a tab that heard of another save merges at once, without a refusal', async () => {
  for (const hear of [(copy) => void told(copy, '"2"'), look]) {
    const at = server();
    const [one, two] = [tab(at), tab(at, { name: 'tab-2' })];
    one.type({ name: 'Sunblade' });
    two.type({ value: '1 gp' });
    await stored(one);
    await hear(two.copy);
    await stored(two);
    assert.deepEqual(at.requests.map(([method]) => method).filter((method) => method !== 'GET'), ['PATCH', 'POST']);
    one.close();
    two.close();
  }
});

test('only where both changed the same field is anybody told, with both values', async () => {
  const at = server();
  const [one, two] = [tab(at), tab(at, { name: 'tab-2' })];
  one.type({ quote: 'Mine', name: 'Sunblade' });
  two.type({ quote: 'Yours', value: '1 gp' });
  await stored(one);
  await stored(two);
  assert.deepEqual(two.copy.conflicts, [{ path: 'itemDetails.quote', mine: 'Yours', theirs: 'Mine' }]);
  assert.deepEqual(one.copy.conflicts, []);
  assert.deepEqual(two.item(), { quote: 'Yours', name: 'Sunblade', value: '1 gp' });
  one.close();
  two.close();
});

test('a backup holds all that recovery needs, from the first key stroke to the answer', async () => {
  const at = server();
  const one = tab(at, { draft: true });
  one.type({ name: 'Sun' });
  const [record] = one.env.backups.kept.values();
  assert.deepEqual(record.state.itemDetails, { name: 'Sun' });
  assert.deepEqual([record.base, record.projectId, record.userId, record.etag], [{}, null, 'alice', '"1"']);
  assert.equal(record.newProjectId, `alice.${record.state.draftId}`);
  assert.equal(record.key, `alice/cardgenerator/draft.${record.state.draftId}/tab-1`);
  await stored(one);
  assert.equal(one.env.backups.kept.size, 0);
  one.close();
});

test('what the page keeps beside the tool is neither sent nor backed up, and survives what others save', async () => {
  const at = server();
  const [one, two] = [tab(at), tab(at, { name: 'tab-2' })];
  one.copy.change({ ...one.copy.state, activeTab: 'preview' });
  assert.equal(one.copy.dirty, false);
  two.type({ name: 'Sunblade' });
  await stored(two);
  await look(one.copy);
  assert.deepEqual(one.copy.state, { activeTab: 'preview', itemDetails: { name: 'Sunblade' } });
  await stored(one, two);
  assert.ok(!JSON.stringify([at.docs, at.requests]).includes('activeTab'));
  one.close();
  two.close();
});

test('before a save that empties most of the state, the state is set aside', async () => {
  const at = server();
  const one = tab(at);
  one.type({ name: 'Sunblade', description: 'A blade of pure sunlight, as long as dawn lasts.' });
  await stored(one);
  const before = one.copy.base;
  one.copy.change({ itemDetails: { name: 'S' } });
  await stored(one);
  assert.deepEqual(one.env.aside.map(({ reason, name, state, projectId }) => [reason, name, state, projectId]), [['emptied', 'Sunblade', before, 'p1']]);
  assert.deepEqual(at.docs.p1.state, { itemDetails: { name: 'S' } });
  one.close();
});

test('the first save of a draft replaces what the session held below it, under If-Match', async () => {
  const at = server();
  const one = tab(at, { draft: true });
  one.type({ name: 'Sunblade' });
  await stored(one);
  const [method, path, { etag, body }] = at.requests[0];
  assert.deepEqual([method, path, etag], ['PUT', '/api/session/tools/cardgenerator', '"1"']);
  assert.ok(body.draftId);
  one.close();
});

test('a draft that meets another becomes a project of its own, and neither is mixed', async () => {
  const at = server();
  const [one, two] = [tab(at, { draft: true }), tab(at, { draft: true, name: 'tab-2' })];
  one.type({ name: 'Sunblade' });
  two.type({ name: 'Ogre' });
  await stored(one);
  await stored(two);
  assert.deepEqual(at.docs.session.state.itemDetails, { name: 'Sunblade' });
  assert.deepEqual(two.copy.home, { kind: 'project', id: two.copy.newProjectId, name: 'P', etag: two.copy.etag });
  two.type({ rarity: 'Huge' });
  await stored(two);
  assert.deepEqual(at.docs[two.copy.projectId].state.itemDetails, { name: 'Ogre', rarity: 'Huge' });
  one.close();
  two.close();
});

test('a draft that became a project in another tab is followed there, with what was typed meanwhile', async () => {
  const at = server();
  const one = tab(at, { draft: true });
  one.type({ name: 'Sunblade' });
  await stored(one);
  at.docs[one.copy.newProjectId] = { version: 7, state: at.docs.session.state };
  Object.assign(at.docs.session, { version: 9, state: {} });
  one.type({ quote: 'Typed meanwhile' });
  await stored(one);
  assert.equal(one.copy.home.kind, 'project');
  assert.deepEqual(at.docs[one.copy.projectId].state.itemDetails, { name: 'Sunblade', quote: 'Typed meanwhile' });
  assert.deepEqual(at.docs.session.state, {});
  one.close();
});

test('a draft that vanished is stored again; one that another device began is adopted where nothing is unsaved', async () => {
  const at = server();
  const one = tab(at, { draft: true });
  one.type({ name: 'Sunblade' });
  await stored(one);
  Object.assign(at.docs.session, { version: 9, state: {} });
  one.type({ quote: 'Still here' });
  await stored(one);
  assert.deepEqual(at.docs.session.state.itemDetails, { name: 'Sunblade', quote: 'Still here' });
  await sawSession(one.copy, { draft_id: 'd2', draft_item_data: { name: 'Of the phone' } }, '"20"');
  assert.deepEqual(one.item(), { name: 'Of the phone' });
  one.close();
});

test('an answer that a save overtook is not adopted', async () => {
  const at = server();
  const one = tab(at);
  at.docs.p1.version = 2;
  at.during = async () => {
    at.during = () => {};
    one.copy.stale = true;
    one.type({ name: 'Sunblade' });
    await stored(one);
  };
  await look(one.copy);
  assert.deepEqual(one.item(), { name: 'Sunblade' });
  one.close();
});

test('two drafts of one session: the save of one does not make the other stale', async () => {
  const at = server();
  const one = tab(at, { draft: true });
  const other = new WorkingCopy(one.env, 'ruleslawyer', { home: { kind: 'session' }, base: {}, etag: '"1"' });
  one.type({ name: 'Sunblade' });
  await stored(one);
  assert.equal(other.etag, one.copy.etag);
  one.close();
  other.close();
});
