/** The working copy: what is on the page, what the server has, and the patch between them, through every order of answers. */
import '../../tests/web/browser.mjs';
import { api as newServer, problem } from '../../tests/web/server.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { api } from './api.js';
import { WorkingCopy } from './copy.js';
import { follow, look, told } from './follow.js';
import { observable } from './observable.js';
import { Problem } from './problem.js';
import { session } from './session.js';

const words = (search_context) => ({ search_context });

/** The server with an empty project p1, and what becomes of the next request. */
function server() {
  const at = newServer();
  at.project('p1', undefined);
  at.of('alice').projects.p1.data.state = {};
  return Object.assign(at, { fate: 'stored', during: async () => {}, p1: at.of('alice').projects.p1, session: at.of('alice').session });
}

/** A tab of alice's with a working copy of project p1, or of the draft. */
function tab(at, { draft = false, name = 'tab-1' } = {}) {
  const send = api(() => ({ uid: 'alice', isAnonymous: false, getIdToken: async () => 'alice' }), name);
  const kept = new Map();
  const env = {
    uid: 'alice', isGuest: false, tab: name, delay: 1e6, ended: false, copies: new Set(), aside: [], said: [], kept, seen: { document() {} },
    drafts: () => [...env.copies].filter((copy) => copy.isDraft),
    backups: { put: async (record) => Boolean(kept.set(record.key, structuredClone(record))), remove: async (key) => void kept.delete(key) },
    setAside: async (one) => void env.aside.push(one),
    project: async (tool, id) => (at.of('alice').projects[id] ? send('GET', `/api/${tool}/projects/${id}`) : null),
    post: () => {}, log: () => {}, quietly: () => {}, tell: (copy, state) => env.said.push(state),
    async request(...asked) {
      const fate = at.fate;
      at.fate = 'stored';
      if (fate === 'down') throw new Problem(0);
      const answer = await send(...asked);
      await at.during(...asked);
      if (fate === 'lost') throw new Problem(0);
      return answer;
    },
  }; // prettier-ignore
  env.session = session(env, {}, observable(null));
  const doc = draft ? at.session : at.p1;
  const home = draft ? { kind: 'session' } : { kind: 'project', id: 'p1', name: 'P' };
  const copy = new WorkingCopy(env, 'ruleslawyer', { home, base: structuredClone((draft ? doc.data.ruleslawyer : doc.data.state) ?? {}), etag: `"${doc.version}"` });
  copy.watch();
  return { env, copy, type: (some) => copy.change(words(some)), item: () => copy.state.get().search_context ?? {}, close: () => copy.close() };
}
const stored = (...tabs) => Promise.all(tabs.map(({ copy }) => copy.queue.flush()));
const turns = async (count = 60) => {
  for (let i = 0; i < count; i++) await Promise.resolve();
};
const methods = (at) => at.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => (path.endsWith('/merge') ? 'merge' : method));

const acts = fc.array(
  fc.tuple(fc.constantFrom('type', 'send', 'look', 'told'), fc.integer({ min: 0, max: 2 }), fc.constantFrom('stored', 'lost', 'down')),
  { maxLength: 30 },
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
        if (act === 'type') type({ [`field${i}`]: (typed[i] = `${typed[i] ?? ''} word${++count}`.trim()) });
        if (act === 'send') void copy.queue.flush().catch(() => {});
        if (act === 'look') await look(copy).catch(() => {});
        if (act === 'told') await told(copy, 'another').catch(() => {});
        await turns();
      }
      at.fate = 'stored';
      await stored(...tabs);
      for (const { copy } of tabs) await look(copy);
      for (const { copy, item, env } of tabs) {
        assert.deepEqual([0, 1, 2].map((i) => item()[`field${i}`]), typed);
        assert.equal(env.kept.size, 0);
        assert.equal(copy.dirty, false);
        assert.deepEqual(copy.conflicts.get(), [], 'a conflict with oneself');
      }
      for (const one of tabs) one.close();
    }),
    { numRuns: 60 },
  );
});

// W4
test('two tabs that write in one text, answers lost: no word of either is away, and none is there twice', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (all) => {
      const at = server();
      at.p1.data.state = words({ q: 'here it begins' });
      const tabs = [0, 1].map((i) => tab(at, { name: `tab-${i}` }));
      const typed = [];
      for (const [act, which, fate] of all) {
        const i = which % 2;
        const { copy, type, item } = tabs[i];
        at.fate = fate;
        if (act === 'type') {
          const word = `w${typed.length}`;
          typed.push(word);
          type({ q: i ? `${item().q} ${word}` : `${word} ${item().q}` }); // one before it, one behind it
        }
        if (act === 'send') void copy.queue.flush().catch(() => {});
        if (act === 'look') await look(copy).catch(() => {});
        await turns();
      }
      at.fate = 'stored';
      for (let i = 0; i < 3; i++) await stored(...tabs);
      for (const { copy } of tabs) await look(copy);
      for (const { item } of tabs) assert.deepEqual(item().q.split(' ').sort(), ['begins', 'here', 'it', ...typed].sort());
      for (const one of tabs) one.close();
    }),
    { numRuns: 60 },
  );
});

test('a save whose answer was lost is recognised as our own', async () => {
  const at = server();
  const one = tab(at);
  one.type({ q: 'Sunblade' });
  at.fate = 'lost';
  void one.copy.queue.flush();
  await new Promise((done) => setTimeout(done, 20));
  one.type({ r: 'Rare' });
  await stored(one);
  assert.deepEqual(at.p1.data.state, words({ q: 'Sunblade', r: 'Rare' }));
  assert.ok(!methods(at).includes('merge'));
  one.close();
});

test('a save that is tried again and again without an answer has one id, under which it is found wherever it arrived', async () => {
  const at = server();
  const one = tab(at);
  one.type({ q: 'Sunblade' });
  for (const fate of ['down', 'lost', 'down', 'down', 'down']) {
    at.fate = fate;
    void one.copy.queue.flush().catch(() => {});
    await new Promise((done) => setTimeout(done, 10));
  }
  assert.equal(one.copy.attempts.size, 1);
  one.type({ r: 'Typed meanwhile' });
  await stored(one);
  assert.deepEqual(at.p1.data.state, words({ q: 'Sunblade', r: 'Typed meanwhile' }));
  assert.ok(!methods(at).includes('merge'));
  one.close();
});

test('a save whose answer was lost, and another\'s after it: what was typed on since is there once', async () => {
  const at = server();
  const [one, two] = [tab(at), tab(at, { name: 'tab-2' })];
  one.type({ q: 'Sun' });
  at.fate = 'lost';
  void one.copy.queue.flush();
  await new Promise((done) => setTimeout(done, 20));
  await look(two.copy);
  two.type({ r: 'elsewhere' });
  await stored(two);
  one.type({ q: 'Sunblade' });
  await stored(one);
  assert.deepEqual(at.p1.data.state, words({ q: 'Sunblade', r: 'elsewhere' }));
  one.close();
  two.close();
});

/** @param {(at: any) => void} elsewhere  what happens after a save whose answer is lost @returns {Promise<any>} the merge's body */
async function mergedAfter(elsewhere) {
  const at = server();
  at.p1.data.state = words({ q: 'one' });
  const one = tab(at);
  one.type({ q: 'one mine' });
  at.fate = 'lost';
  void one.copy.queue.flush();
  await new Promise((done) => setTimeout(done, 20));
  elsewhere(at);
  one.type({ q: 'one mine again' });
  await stored(one);
  assert.deepEqual([at.p1.data.state.search_context.q, one.copy.conflicts.get()], ['theirs one mine again', []]);
  one.close();
  return at.requests.find(({ path }) => path.endsWith('/merge')).body;
}

const onTopOfIt = (at) => at.elsewhere(at.p1, { ...at.p1.data, state: words({ q: 'theirs one mine' }) });

test('a document tells which save without an answer was stored: what was typed since goes on from that', async () => {
  const { base, attempts } = await mergedAfter(onTopOfIt);
  assert.deepEqual([base.search_context.q, attempts], ['one mine', undefined]);
});

test('where another writer took that place, a merge says what was sent and never answered', async () => {
  const { base, attempts } = await mergedAfter((at) => {
    onTopOfIt(at);
    at.p1.lastSaves = { [Object.keys(at.p1.lastSaves)[0]]: 'somebody-else' };
  });
  assert.equal(base.search_context.q, 'one');
  assert.ok(attempts.some(({ search_context }) => search_context.q === 'one mine'));
});

/** It is stored, and something on the way back answers that it is not. */
async function refusedByAGate(one, some) {
  const { request } = one.env;
  one.env.request = async (...asked) => {
    await request(...asked);
    one.env.request = request;
    throw new Problem(413, { detail: 'Too large for a gate.' });
  };
  one.type(some);
  await one.copy.queue.flush();
}

test('what a gate refused, though it was stored, is no words of others', async () => {
  const at = server();
  at.p1.data.state = words({ q: 'one' });
  const one = tab(at);
  await refusedByAGate(one, { q: 'one two' });
  assert.equal(one.copy.refused.get().length, 1);
  one.type({ q: 'one' }); // taken back: nothing is to be sent, but something else is stored
  await stored(one);
  assert.deepEqual([at.p1.data.state.search_context.q, one.item().q, one.copy.refused.get(), one.copy.conflicts.get()], ['one', 'one', [], []]);
  one.close();
});

test('what a gate refused, though it was stored, is taken back also where others saved since, and theirs stays', async () => {
  for (const [others, merged] of [[{ q: 'Bow', r: 'theirs' }, []], [{ q: 'Long Bow', r: 'theirs' }, [['Bow', 'Sword']]]]) {
    const at = server();
    at.p1.data.state = words({ q: 'Sword' });
    const one = tab(at);
    await refusedByAGate(one, { q: 'Bow' });
    at.elsewhere(at.p1, { ...at.p1.data, state: words(others), last_saves: {} });
    one.type({ q: 'Sword' });
    await stored(one);
    assert.deepEqual(one.item(), { q: 'Sword', r: 'theirs' });
    const merges = at.requests.filter(({ path }) => path.endsWith('/merge')).map(({ body }) => [body.base.search_context.q, body.mine.search_context.q]);
    assert.deepEqual([at.p1.data.state.search_context, merges], [one.item(), merged]);
    one.close();
  }
});

test('nothing is merged without an If-Match: the document is looked at first', async () => {
  const at = server();
  at.p1.data.state = words({ q: 'one' });
  const one = tab(at);
  one.copy.noted(undefined); // as of a draft that became a project elsewhere
  one.type({ q: 'one two' });
  await stored(one);
  assert.ok(at.requests.filter(({ method }) => method !== 'GET').every(({ headers }) => headers['If-Match']));
  assert.equal(at.p1.data.state.search_context.q, 'one two');
  one.close();
});

test('a save that the document says was not stored is no part of a merge', async () => {
  const at = server();
  at.p1.data.state = words({ q: 'one' });
  const one = tab(at);
  one.type({ q: 'one two' });
  await stored(one);
  one.type({ q: 'one two never' });
  at.fate = 'down';
  void one.copy.queue.flush();
  await new Promise((done) => setTimeout(done, 20));
  at.elsewhere(at.p1, { ...at.p1.data, state: words({ q: 'zero one two' }) });
  one.type({ q: 'one two three' });
  await stored(one);
  const { body } = at.requests.find(({ path }) => path.endsWith('/merge'));
  assert.deepEqual([body.base.search_context.q, body.attempts], ['one two', undefined]);
  one.close();
});

test('a merge whose answer was lost is sent again under the same id, and is in no conflict with itself', async () => {
  const at = server();
  at.p1.data.state = words({ q: 'one' });
  const one = tab(at);
  at.elsewhere(at.p1, { ...at.p1.data, state: words({ q: 'theirs' }) });
  one.type({ q: 'mine' });
  one.env.request = ((request) => async (method, path, options) => {
    const answer = await request(method, path, options);
    if (path.endsWith('/merge') && at.requests.filter((r) => r.path.endsWith('/merge')).length === 1) throw new Problem(0);
    return answer;
  })(one.env.request);
  void one.copy.queue.flush().catch(() => {});
  await new Promise((done) => setTimeout(done, 20));
  await one.copy.queue.flush();
  const ids = at.requests.filter(({ path }) => path.endsWith('/merge')).map(({ headers }) => headers['X-Save-Id']);
  assert.deepEqual([ids.length, new Set(ids).size, one.copy.conflicts.get().length, one.item().q], [2, 1, 1, 'mine']);
  one.close();
});

// W26
test('what is typed in a field while a merge of that field is under way is merged too, on what it was typed on', async () => {
  const at = server();
  at.p1.data.state = words({ q: 'one two three' });
  const one = tab(at);
  at.elsewhere(at.p1, { ...at.p1.data, state: words({ q: 'one two THREE' }) });
  one.type({ q: 'ONE two three' });
  at.during = async (method, path) => {
    if (!path.endsWith('/merge')) return;
    at.during = async () => {};
    one.type({ q: 'ONE two three four' });
  };
  await stored(one);
  await stored(one);
  assert.deepEqual([at.p1.data.state.search_context.q, one.item().q], ['ONE two THREE four', 'ONE two THREE four']);
  one.close();
});

test('who takes what others stored in a field, and types on, typed on that', async () => {
  const at = server();
  const one = tab(at);
  one.type({ q: 'an ogre' });
  at.elsewhere(at.p1, { ...at.p1.data, state: words({ q: 'the orc sleeps' }) });
  await look(one.copy);
  one.type({ q: 'the orc sleeps' });
  one.type({ q: 'the goblin sleeps' });
  await stored(one);
  assert.deepEqual([one.item(), at.p1.data.state.search_context], [{ q: 'the goblin sleeps' }, { q: 'the goblin sleeps' }]);
});

// W26
test('what is typed while a look is under way that finds the same field changed is merged at the server', async () => {
  const at = server();
  at.p1.data.state = words({ q: 'one two' });
  const one = tab(at);
  one.type({ q: 'one two mine' });
  at.elsewhere(at.p1, { ...at.p1.data, state: words({ q: 'theirs one two' }) });
  await look(one.copy);
  assert.equal(one.item().q, 'one two mine'); // what is under the hands stays
  await stored(one);
  assert.deepEqual([methods(at), at.p1.data.state.search_context.q, one.item().q], [['merge'], 'theirs one two mine', 'theirs one two mine']);
  one.close();
});

test('a merge is the server\'s: nothing of it is decided once more here', async () => {
  const at = server();
  const one = tab(at);
  one.type({ list: ['Mine'] });
  one.copy.etag = undefined;
  at.instead = (method, path) => path.endsWith('/merge') && new Response(JSON.stringify({ state: words({ list: ['Theirs', 'Mine'] }), conflicts: [], etag: '"5"' }), { headers: { 'Content-Type': 'application/json', ETag: '"5"' } });
  await stored(one);
  assert.deepEqual(one.copy.mine, words({ list: ['Theirs', 'Mine'] }));
  assert.deepEqual([one.copy.dirty, one.copy.etag], [false, '"5"']);
  one.close();
});

test('a tab that heard of another save is not refused: other fields it sends at once, the same field it merges at once', async () => {
  for (const [theirs, expected] of [[{ r: '1 gp' }, ['PATCH', 'PATCH']], [{ q: 'other' }, ['PATCH', 'merge']]]) {
    for (const hear of [(copy) => told(copy, '"2"'), look]) {
      const at = server();
      const [one, two] = [tab(at), tab(at, { name: 'tab-2' })];
      one.type({ q: 'Sunblade' });
      two.type(theirs);
      await stored(one);
      await hear(two.copy);
      await stored(two);
      assert.deepEqual(methods(at), expected);
      one.close();
      two.close();
    }
  }
});

// W1, W4
test('where both replaced the same words, what is under the hands stands, and every device is told, through reloads', async () => {
  const at = server();
  const [one, two] = [tab(at), tab(at, { name: 'tab-2' })];
  one.type({ q: 'first' });
  await stored(one, two);
  await look(two.copy);
  one.type({ q: 'mine', r: 'Sunblade' });
  two.type({ q: 'yours', s: '1 gp' });
  await stored(one);
  await stored(two);
  await look(one.copy);
  const reloaded = tab(at, { name: 'tab-3' });
  await look(Object.assign(reloaded.copy, { etag: '"0"' }));
  for (const { copy, item } of [one, two, reloaded]) {
    assert.deepEqual(copy.conflicts.get().map(({ path, device }) => [path, device]), [['search_context.q', 'tab-2']]);
    assert.deepEqual(item(), { q: 'yours', r: 'Sunblade', s: '1 gp' });
  }
  const { save_id } = one.copy.conflicts.get()[0];
  assert.equal(at.p1.saves.get(save_id).state.search_context.q, 'mine'); // kept where it is found
  for (const each of [one, two, reloaded]) each.close();
});

// W1
test('what nobody has typed for a minute gives way: an older text replaces no newer one without a word', async () => {
  const at = server();
  at.p1.data.state = words({ q: 'old' });
  const laptop = tab(at);
  laptop.type({ q: 'older' });
  laptop.copy.typedAt = Date.now() - 7 * 24 * 3600 * 1000;
  at.elsewhere(at.p1, { ...at.p1.data, state: words({ q: 'a week of work' }) });
  await stored(laptop);
  assert.deepEqual([laptop.item().q, at.p1.data.state.search_context.q], ['a week of work', 'a week of work']);
  const [{ path, save_id }] = laptop.copy.conflicts.get();
  assert.deepEqual([path, at.p1.saves.get(save_id).state.search_context.q], ['search_context.q', 'older']);
  laptop.close();
});

// W1
test('a field that was emptied long ago does not empty what was written there since', async () => {
  const at = server();
  at.p1.data.state = words({ q: 'old', r: 'x' });
  const laptop = tab(at);
  laptop.type({ q: null });
  at.elsewhere(at.p1, { ...at.p1.data, state: words({ q: 'a week of work', r: 'x' }) });
  await stored(laptop);
  assert.deepEqual([laptop.item().q, at.p1.data.state.search_context.q], ['a week of work', 'a week of work']);
  laptop.close();
});

test('a backup holds all that recovery needs, from the first key stroke to the answer, and a key costs what it changes', async () => {
  const at = server();
  const one = tab(at, { draft: true });
  one.type({ q: 'Sun' });
  const [record] = one.env.kept.values();
  assert.deepEqual(record.patch, { search_context: { q: 'Sun' }, draft_id: one.copy.draftId });
  assert.deepEqual([record.base, record.projectId, record.userId, record.etag], [{}, null, 'alice', '"1"']);
  assert.equal(record.newProjectId, `alice.${one.copy.draftId}`);
  assert.ok(record.key.startsWith(`alice/ruleslawyer/draft.${one.copy.draftId}`) && record.key.endsWith('/tab-1'));
  await stored(one);
  assert.equal(one.env.kept.size, 0);
  one.type({ r: 'more' });
  assert.deepEqual([...one.env.kept.values()].map(({ patch }) => patch), [{ search_context: { r: 'more' } }]); // not the state
  one.close();
});

test('what the page keeps beside the tool is neither sent nor backed up, and survives what others save', async () => {
  const at = server();
  const [one, two] = [tab(at), tab(at, { name: 'tab-2' })];
  one.copy.change({ activeTab: 'preview' });
  assert.equal(one.copy.dirty, false);
  two.type({ q: 'Sunblade' });
  await stored(two);
  await look(one.copy);
  assert.deepEqual(one.copy.state.get(), { activeTab: 'preview', search_context: { q: 'Sunblade' } });
  await stored(one, two);
  assert.ok(!JSON.stringify([at.p1.data, at.requests]).includes('activeTab'));
  one.close();
  two.close();
});

test('before a save that empties most of the state, the state is set aside', async () => {
  const at = server();
  const one = tab(at);
  one.type({ q: 'Sunblade', r: 'A blade of pure sunlight, as long as dawn lasts.' });
  await stored(one);
  const before = one.copy.base;
  one.type({ q: 'S', r: null });
  await stored(one);
  assert.deepEqual(one.env.aside.map(({ reason, state, projectId }) => [reason, state, projectId]), [['emptied', before, 'p1']]);
  assert.deepEqual(at.p1.data.state, words({ q: 'S' }));
  one.close();
});

// W16
test('where the browser cannot set it aside, it is saved all the same', async () => {
  const at = server();
  const one = tab(at);
  one.type({ q: 'x'.repeat(60) });
  await stored(one);
  one.env.setAside = async () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
  one.type({ q: 'short' });
  await stored(one);
  assert.deepEqual(at.p1.data.state, words({ q: 'short' }));
  one.close();
});

test('the first save of a draft replaces what the session held below it, under If-Match', async () => {
  const at = server();
  const one = tab(at, { draft: true });
  one.type({ q: 'Sunblade' });
  await stored(one);
  const [{ method, path, body, headers }] = at.requests;
  assert.deepEqual([method, path, headers['If-Match']], ['PUT', '/api/session/tools/ruleslawyer', '"1"']);
  assert.ok(body.draft_id);
  one.close();
});

test('a draft that meets another becomes a project of its own, and neither is mixed', async () => {
  const at = server();
  const [one, two] = [tab(at, { draft: true }), tab(at, { draft: true, name: 'tab-2' })];
  one.type({ q: 'Sunblade' });
  two.type({ q: 'Ogre' });
  await stored(one);
  await stored(two);
  assert.deepEqual(at.draft().search_context, { q: 'Sunblade' });
  const { newProjectId, projectId } = two.copy;
  assert.equal(projectId, newProjectId);
  two.type({ r: 'Huge' });
  await stored(two);
  assert.deepEqual(at.of('alice').projects[projectId].data.state.search_context, { q: 'Ogre', r: 'Huge' });
  one.close();
  two.close();
});

test('a draft that became a project in another tab is followed there, with what was typed meanwhile', async () => {
  const at = server();
  const one = tab(at, { draft: true });
  one.type({ q: 'Sunblade' });
  await stored(one);
  at.of('alice').projects[one.copy.newProjectId] = { version: 7, data: { id: one.copy.newProjectId, name: 'N', state: at.draft() }, saves: new Map() };
  at.elsewhere(at.session, { ruleslawyer: {} });
  one.type({ r: 'Typed meanwhile' });
  await stored(one);
  assert.deepEqual([one.copy.home.get().kind, one.copy.name], ['project', 'N']);
  assert.deepEqual(at.of('alice').projects[one.copy.projectId].data.state.search_context, { q: 'Sunblade', r: 'Typed meanwhile' });
  assert.deepEqual(at.draft(), {});
  one.close();
});

test('a draft that became a project while a save of it is in the air is not judged by what that save is answered', async () => {
  const at = server();
  const one = tab(at, { draft: true });
  one.type({ q: 'Sunblade' });
  await stored(one);
  const state = at.draft();
  at.elsewhere(at.session, { ruleslawyer: {} });
  at.of('alice').projects[one.copy.newProjectId] = { version: at.session.version, data: { id: one.copy.newProjectId, name: 'N', state }, saves: new Map() }; // of one commit
  const { request } = one.env;
  one.env.request = async (...asked) => {
    try {
      return await request(...asked);
    } catch (error) {
      if (one.copy.isDraft) follow(one.copy, await one.env.project('ruleslawyer', one.copy.newProjectId)); // as a look that began before the save does
      throw error;
    }
  };
  one.type({ r: 'Typed meanwhile' });
  await stored(one);
  assert.deepEqual([one.copy.home.get().kind, one.item()], ['project', { q: 'Sunblade', r: 'Typed meanwhile' }]);
  assert.deepEqual(at.of('alice').projects[one.copy.projectId].data.state.search_context, { q: 'Sunblade', r: 'Typed meanwhile' });
  one.close();
});

test('a draft that vanished is stored again; one that another device began is adopted where nothing is unsaved', async () => {
  const at = server();
  const one = tab(at, { draft: true });
  await one.env.session.open();
  one.type({ q: 'Sunblade' });
  await stored(one);
  at.elsewhere(at.session, { ruleslawyer: {} });
  one.type({ r: 'Still here' });
  await stored(one);
  assert.deepEqual(at.draft().search_context, { q: 'Sunblade', r: 'Still here' });
  at.elsewhere(at.session, { ruleslawyer: { draft_id: 'd2', search_context: { q: 'Of the phone' } } });
  await one.env.session.look();
  assert.deepEqual(one.item(), { q: 'Of the phone' });
  one.close();
});

test('an answer that a save overtook is not adopted', async () => {
  const at = server();
  const one = tab(at);
  at.elsewhere(at.p1, { ...at.p1.data });
  at.during = async () => {
    at.during = async () => {};
    one.type({ q: 'Sunblade' });
    await stored(one);
  };
  await look(one.copy);
  assert.deepEqual([one.item(), at.p1.data.state], [{ q: 'Sunblade' }, words({ q: 'Sunblade' })]);
  one.close();
});

test('two drafts of one session: the save of one does not make the other stale', async () => {
  const at = server();
  const one = tab(at, { draft: true });
  const other = new WorkingCopy(one.env, 'cardgenerator', { home: { kind: 'session' }, base: {}, etag: '"1"' });
  one.type({ q: 'Sunblade' });
  await stored(one);
  assert.equal(other.etag, one.copy.etag);
  one.close();
  other.close();
});

// W5
test('a copy that is watched is not closed, however often its save is answered; unwatched it closes when all of it is stored', async () => {
  const at = server();
  const one = tab(at);
  const again = one.copy.watch();
  again();
  one.type({ q: 'Sunblade' });
  await stored(one);
  await turns();
  assert.ok(!one.copy.closed && one.env.copies.has(one.copy));
  const two = tab(at, { name: 'tab-2' });
  const copy = new WorkingCopy(two.env, 'ruleslawyer', { home: { kind: 'project', id: 'p1', name: 'P' }, base: at.p1.data.state, etag: `"${at.p1.version}"` });
  const leave = copy.watch();
  copy.change(words({ r: 'unsaved' }));
  leave();
  assert.ok(!copy.closed);
  await copy.queue.flush();
  await turns();
  assert.ok(copy.closed && at.p1.data.state.search_context.r === 'unsaved');
  one.close();
  two.close();
});

// W15
test('what a caller hands in is taken as JSON has it, and what they do with it afterwards changes nothing', async () => {
  const at = server();
  const one = tab(at);
  const list = ['a'];
  one.type({ list, at: new Date(0), map: new Map([['x', 1]]), no: undefined, fn: () => 1 });
  await stored(one);
  assert.deepEqual(at.p1.data.state, words({ list: ['a'], at: '1970-01-01T00:00:00.000Z' }));
  list.push('b');
  assert.deepEqual(one.item().list, ['a']);
  one.type({ list });
  assert.equal(one.copy.dirty, true);
  await stored(one);
  assert.deepEqual(at.p1.data.state.search_context.list, ['a', 'b']);
  one.close();
});

// ---- what is refused

const tooLong = (name) => (state) => (String(state.search_context?.[name] ?? '').length > 10 ? { [`search_context.${name}`]: ['Longer than 10 letters.'] } : null);

// W20
test('a field that is refused waits alone, named, and the others are stored', async () => {
  const at = server();
  const one = tab(at);
  at.refused = tooLong('q');
  one.type({ q: 'much too long a text', r: 'fine' });
  await stored(one).catch(() => {});
  assert.deepEqual(at.p1.data.state, words({ r: 'fine' }));
  assert.deepEqual(one.copy.refused.get(), [{ path: 'search_context.q', message: 'Longer than 10 letters.' }]);
  assert.equal(one.item().q, 'much too long a text'); // on the page
  assert.ok(one.copy.dirty && one.env.kept.size === 1); // and in the backup
  one.type({ r: 'goes on' });
  await stored(one).catch(() => {});
  assert.deepEqual(at.p1.data.state, words({ r: 'goes on' }));
  assert.ok(at.requests.every(({ body }, i) => i === 0 || !JSON.stringify(body).includes('much too long')), 'it is not asked again and again');
  one.type({ q: 'short' });
  await stored(one);
  assert.deepEqual([at.p1.data.state, one.copy.refused.get(), one.env.kept.size], [words({ q: 'short', r: 'goes on' }), [], 0]);
  one.close();
});

// W20
test('while a field waits nobody is told that everything is stored', async () => {
  const at = server();
  const one = tab(at);
  at.refused = tooLong('q');
  one.type({ q: 'much too long a text' });
  await assert.rejects(one.copy.whenStored(), /10 letters/);
  one.close();
});

// W20
test('an element of a list that is refused holds up its list, and takes nothing out of it', async () => {
  const at = server();
  at.p1.data.state = words({ rows: ['a', 'b'] });
  const one = tab(at);
  at.refused = (state) => (JSON.stringify(state.search_context?.rows ?? '').includes('\ud83d"') || JSON.stringify(state).includes('\\ud83d') ? { 'search_context.rows.1': ['Half a letter.'] } : null);
  one.type({ rows: ['a', 'b \ud83d'], r: 'fine' });
  await stored(one).catch(() => {});
  assert.deepEqual(at.p1.data.state, words({ rows: ['a', 'b'], r: 'fine' }));
  assert.equal(one.copy.refused.get().length, 1);
  one.type({ rows: ['a', 'b \ud83d\ude00'] });
  await stored(one);
  assert.deepEqual([at.p1.data.state, one.copy.refused.get()], [words({ rows: ['a', 'b 😀'], r: 'fine' }), []]);
  one.close();
});

// W20
test('a field that is refused in a merge waits alone too', async () => {
  const at = server();
  at.p1.data.state = words({ q: 'old' });
  const one = tab(at);
  at.elsewhere(at.p1, { ...at.p1.data, state: words({ q: 'old', s: 'theirs' }) });
  one.copy.etag = undefined;
  at.refused = tooLong('q');
  one.type({ q: 'much too long a text', r: 'fine' });
  await stored(one).catch(() => {});
  assert.deepEqual(at.p1.data.state, words({ q: 'old', r: 'fine', s: 'theirs' }));
  assert.deepEqual([one.item().q, one.copy.refused.get().length], ['much too long a text', 1]);
  one.close();
});

// W16
test('where it is all too much for the server, the largest change waits and the others go on', async () => {
  const at = server();
  const one = tab(at);
  at.instead = (method, path, body) => (JSON.stringify(body ?? '').length > 1000 ? problem(413, { detail: 'Larger than 1 MiB.' }) : undefined);
  one.type({ q: 'x'.repeat(2000), r: 'fine' });
  await stored(one).catch(() => {});
  assert.deepEqual([at.p1.data.state, one.copy.refused.get()], [words({ r: 'fine' }), [{ path: 'search_context.q', message: 'Larger than 1 MiB.' }]]);
  one.close();
});

// W9
test('an empty 200 of a proxy stores nothing: what was typed stays unsaved, with its backup', async () => {
  for (const text of ['', '{}', 'null', '{"etag": "\\"9\\""}']) {
    const at = server();
    const one = tab(at);
    at.instead = () => new Response(text, { headers: { 'Content-Type': 'application/json' } });
    one.type({ q: 'Sunblade' });
    void one.copy.queue.flush().catch(() => {});
    await new Promise((done) => setTimeout(done, 5));
    assert.deepEqual([one.copy.dirty, one.env.kept.size, one.env.said.includes('saved')], [true, 1, false], text);
    at.instead = () => undefined;
    await stored(one);
    assert.deepEqual(at.p1.data.state, words({ q: 'Sunblade' }));
    one.close();
  }
});
