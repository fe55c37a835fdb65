/** A whole page: connect() in Node, with a server of its own, a sign-in that the test decides, and calls that it holds. */
import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import test from 'node:test';
import { clear, entries } from '../vendor/idb-keyval.js';
import { store } from './backups.js';
import { connect } from './index.js';
import { diff, patched } from './json.js';
import { page, releaseTab } from './tabs.js';

const area = () => {
  const kept = new Map();
  return new Proxy(
    { kept, getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, String(value)), removeItem: (key) => void kept.delete(key) },
    { ownKeys: () => [...kept.keys()], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) },
  );
};
const held = new Map();
const turns = new Map();
const locks = {
  query: async () => ({ held: [...held.keys()].map((name) => ({ name })) }),
  request(name, ...rest) {
    const run = rest.pop();
    if (rest[0]?.ifAvailable && held.has(name)) return run(null);
    const now = (turns.get(name) ?? Promise.resolve()).then(() => (held.set(name, 1), run({ name }))).finally(() => held.delete(name));
    turns.set(name, now.catch(() => {}));
    return now;
  },
};
const listeners = new EventTarget();
const listen = (...given) => listeners.addEventListener(...given);
Object.assign(globalThis, { localStorage: area(), addEventListener: listen, removeEventListener() {}, location: { href: 'http://here/' } });
globalThis.document = { addEventListener: listen, visibilityState: 'visible' };
Object.defineProperty(globalThis, 'navigator', { value: { locks, onLine: true }, configurable: true });

const later = (ms = 10) => new Promise((resolve) => setTimeout(resolve, ms));
async function until(found, what = String(found)) {
  for (let i = 0; i < 300; i++) if (await found()) return;
    else await later();
  assert.fail(`never: ${what}`);
}

/** The API for each user, and the calls as they came. Those that `hold` picks wait for release(). */
function api() {
  const users = {};
  const self = { users, calls: [], hold: () => false, down: false, waiting: [], release: () => self.waiting.splice(0).forEach((go) => go()) };
  const of = (uid) => (users[uid] ??= { session: { version: 1, data: {} }, projects: {} });
  const etag = (doc) => `"${doc.version}"`;
  const put = (doc, data) => Object.assign(doc, { data, version: doc.version + 1 });
  const shown = (doc, status = 200) => ({ status, data: doc.data, etag: etag(doc) });
  const problem = (status, more = {}) => ({ status, data: { detail: `refused with ${status}`, ...more }, etag: '' });

  function answer(uid, method, path, body = {}, headers) {
    const { session, projects } = of(uid);
    const seen = headers['If-Match'];
    if (path === '/api/session' && method === 'PUT') return shown(session);
    if (path === '/api/session' && method === 'PATCH') return shown(put(session, { ...session.data, ...body }));
    if (path === '/api/session') return headers['If-None-Match'] === etag(session) ? { status: 304, etag: etag(session) } : shown(session);
    if (path === '/api/session/recover') {
      const id = body.projectId ?? body.newProjectId;
      projects[id] = { version: 1, data: { id, name: 'recovered', state: body.state } };
      return { status: 200, data: { recovered: 'new', project: projects[id].data, project_etag: '"1"' }, etag: '' };
    }
    const [, tool, rest = ''] = /session\/tools\/(\w+)(.*)/.exec(path) ?? [];
    if (tool && rest === '/merge') {
      const now = patched(session.data[tool] ?? {}, diff(body.base, body.mine));
      put(session, { ...session.data, [tool]: now });
      return { status: 200, data: { state: now, conflicts: [], etag: etag(session) }, etag: etag(session) };
    }
    if (tool) {
      if (seen !== etag(session)) return problem(412, { current: session.data, etag: etag(session) });
      const now = method === 'PUT' ? body : patched(session.data[tool] ?? {}, body);
      return shown(put(session, { ...session.data, [tool]: now }));
    }
    const [, kind, id, merge] = /api\/(\w+)\/projects(?:\/([^/]+))?(\/merge)?/.exec(path) ?? [];
    if (method === 'POST' && !id) {
      const there = projects[body.id];
      if (there) return shown(there);
      const { draft_id, ...state } = body.from_draft ? session.data[kind] : body.state;
      projects[body.id] = { version: 1, data: { id: body.id, name: body.name, state: { draft_id, ...state } } };
      if (body.from_draft) put(session, { ...session.data, [kind]: { current_project_id: body.id } });
      return shown(projects[body.id], 201);
    }
    const project = projects[id];
    if (!project) return problem(404);
    if (method === 'GET') return headers['If-None-Match'] === etag(project) ? { status: 304, etag: etag(project) } : shown(project);
    if (project.data.trashed) return problem(404);
    if (merge) {
      put(project, { ...project.data, state: patched(project.data.state, diff(body.base, body.mine)) });
      return { status: 200, data: { state: project.data.state, conflicts: [], etag: etag(project) }, etag: etag(project) };
    }
    if (seen && seen !== etag(project)) return problem(412, { current: project.data, etag: etag(project) });
    return shown(put(project, { ...project.data, ...body, state: patched(project.data.state, body.state ?? {}) }));
  }

  globalThis.fetch = async (path, { method, body, headers }) => {
    const uid = headers.Authorization.slice('Bearer '.length);
    self.calls.push(`${uid} ${method} ${path}`);
    if (self.down) throw new TypeError('down');
    const { status, data, etag } = answer(uid, method, path, body && JSON.parse(body), headers);
    const text = status === 304 ? null : JSON.stringify(data);
    if (self.hold(method, path, uid)) await new Promise((go) => self.waiting.push(go));
    if (self.down) throw new TypeError('lost');
    return new Response(text, { status, headers: { 'Content-Type': 'application/json', ETag: etag } });
  };
  return self;
}

/** A tab, of a browser that keeps what earlier ones of the test left. */
function tab({ user = 'alice', delay = 20, again = false } = {}) {
  if (!again) globalThis.sessionStorage = area();
  let signed = () => {};
  const auth = { onAuthStateChanged: (listener) => ((signed = listener), () => {}) };
  const storage = connect({ auth, delay });
  const signIn = (uid) => signed(uid && { uid, isAnonymous: false, getIdToken: async () => uid });
  if (user) signIn(user);
  const work = storage.work('ruleslawyer');
  const write = (words) => work.update({ search_context: words });
  return { storage, work, write, signIn, words: () => work.state.get().search_context ?? {}, state: () => storage.status.get().state };
}
const names = (server, uid = 'alice') => Object.values(server.users[uid].projects).map(({ data }) => data.name);
const project = (server, id, words, uid = 'alice', more = {}) => {
  server.users[uid] ??= { session: { version: 1, data: {} }, projects: {} };
  server.users[uid].projects[id] = { version: 1, data: { id, name: id, state: { search_context: words }, ...more } };
};

/** @type {any[]} */
const open = [];
const started = async (options) => {
  const one = tab(options);
  open.push(one);
  await one.storage.ready;
  return one;
};

test.beforeEach(async () => {
  globalThis.localStorage.kept.clear();
  page.leaving = false;
  await clear(store);
});
test.afterEach(async () => {
  for (const { storage } of open.splice(0)) await storage.close();
});

test('a verb that began for one user does not finish for the next', async () => {
  const server = api();
  project(server, 'p1', { q: 'secret' });
  const one = await started();
  server.hold = (method, path) => path.endsWith('/p1');
  const opening = one.work.open('p1');
  await until(() => server.waiting.length);
  one.signIn(null);
  one.signIn('guest');
  server.hold = () => false;
  server.release();
  await assert.rejects(opening, /[Ss]omebody else/);
  await until(() => one.state() === 'saved');
  one.write({ a: 'guest' });
  await one.storage.whenStored();
  assert.deepEqual([one.words(), one.work.home.get().kind], [{ a: 'guest' }, 'session']);
  assert.deepEqual(server.users.alice.projects.p1.data.state, { search_context: { q: 'secret' } });
  assert.ok(!server.calls.some((call) => call.startsWith('alice PATCH')));
});

test('the session that a former user asked for is not shown to the next', async () => {
  const server = api();
  const one = await started();
  server.users.alice.session = { version: 5, data: { ruleslawyer: { draft_id: 'd', search_context: { q: 'secret' } } } };
  server.hold = (method, path, uid) => uid === 'alice';
  const looking = one.storage.session.patch({ current_tool: 'x' });
  await until(() => server.waiting.length);
  one.signIn('guest');
  await until(() => one.state() === 'saved');
  server.hold = () => false;
  server.release();
  await assert.rejects(looking, /[Ss]omebody else/);
  assert.deepEqual([one.storage.session.get(), one.words()], [{}, {}]);
});

test('signed out while a save is in the air, nothing is offline for ever', async () => {
  const server = api();
  const one = await started();
  server.hold = (method) => method === 'PUT';
  one.write({ q: 'in the air' });
  await until(() => server.waiting.length);
  one.signIn('guest');
  server.hold = () => false;
  server.down = true;
  server.release();
  await later(50);
  server.down = false;
  listeners.dispatchEvent(new Event('online')); // tries again at once
  await until(() => one.state() === 'saved');
});

test('what is typed while the restore comes in is never away from the page, and no work of its own', async () => {
  const server = api();
  const before = await started();
  before.write({ q: 'stored', r: 'too' });
  await before.storage.whenStored();
  await before.storage.close();
  server.hold = (method, path) => method === 'PUT' && path === '/api/session';
  const one = tab();
  open.push(one);
  await until(() => server.waiting.length);
  one.write({ q: 'typed' });
  const seen = [];
  one.work.state.subscribe(({ search_context }) => seen.push(search_context?.q));
  await later(30);
  server.hold = () => false;
  server.release();
  await one.storage.ready;
  await one.storage.whenStored();
  assert.deepEqual([...new Set(seen)], ['typed']);
  assert.deepEqual(one.words(), { q: 'typed', r: 'too' });
  assert.deepEqual([names(server), server.users.alice.session.data.ruleslawyer.search_context], [[], { q: 'typed', r: 'too' }]);
  await later(30);
  assert.deepEqual(await entries(store), []);
});

test('saved as a project in two tabs, or twice in one, a draft is one project', async () => {
  const server = api();
  const one = await started();
  one.write({ q: 'once' });
  await one.storage.whenStored();
  const other = await started();
  server.hold = (method, path) => method === 'GET' && path === '/api/session';
  const late = other.work.saveAs({ name: 'B' }); // its look at the session comes after
  await until(() => server.waiting.length);
  const go = server.waiting.splice(0);
  server.hold = () => false;
  await one.work.saveAs({ name: 'A' });
  go.forEach((it) => it());
  await late;
  assert.deepEqual(names(server), ['B']);
  await other.work.startNew();
  await until(() => other.work.home.get().kind === 'session');
  other.write({ q: 'twice' });
  server.hold = (method) => method === 'POST';
  const both = [other.work.saveAs({ name: 'C' })];
  await until(() => server.waiting.length);
  both.push(other.work.saveAs({ name: 'C' }));
  await later();
  server.hold = () => false;
  server.release();
  await Promise.all(both);
  assert.deepEqual(names(server), ['B', 'C']);
  await other.work.startNew();
  const [first, second] = await Promise.all([other.work.saveAs({ name: 'D' }), other.work.saveAs({ name: 'E' })]); // nothing is stored of it
  assert.deepEqual([names(server), first.id], [['B', 'C', 'E'], second.id]);
});

test('of two projects opened one after the other the last one stays, however slow the first', async () => {
  const server = api();
  for (const id of ['slow', 'fast']) project(server, id, { q: id });
  const one = await started();
  server.hold = (method, path) => path.endsWith('/slow');
  const first = one.work.open('slow');
  await until(() => server.waiting.length);
  await one.work.open('fast');
  server.release();
  await first;
  await later();
  assert.deepEqual([one.words(), server.users.alice.session.data.active_project_id], [{ q: 'fast' }, 'fast']);
});

test('a project in the trash is not opened, and the draft stays where it is', async () => {
  const server = api();
  project(server, 'gone', { q: 'x' }, 'alice', { trashed: true });
  const one = await started();
  one.write({ q: 'mine' });
  await one.storage.whenStored();
  await assert.rejects(one.work.open('gone'), /trash/);
  assert.deepEqual([one.words(), one.work.home.get().kind, names(server)], [{ q: 'mine' }, 'session', ['gone']]);
});

test('what is typed before anybody is signed in is there after a reload, and the next user\'s', async () => {
  const server = api();
  const one = tab({ user: null });
  one.write({ q: 'unsigned' });
  listeners.dispatchEvent(new Event('pagehide'));
  await one.storage.close();
  releaseTab('(nobody)', sessionStorage.getItem('dungeonmind-tab')); // the page is gone
  page.leaving = false;
  const two = tab({ user: null, again: true });
  await until(() => two.words().q === 'unsigned');
  two.write({ r: 'more' });
  await later(30);
  const beside = tab({ user: null });
  await later(30);
  assert.deepEqual(beside.words(), {}); // the other tab lives
  await beside.storage.close();
  two.signIn('alice');
  open.push(two);
  await two.storage.ready;
  await two.storage.whenStored();
  assert.deepEqual([two.words(), server.users.alice.session.data.ruleslawyer.search_context], [{ q: 'unsigned', r: 'more' }, { q: 'unsigned', r: 'more' }]);
  await later(30);
  assert.deepEqual([await entries(store), names(server)], [[], []]);
  const three = await started({ user: 'bob' });
  assert.deepEqual(three.words(), {});
});

test('while no sign-in comes the page is offline', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const one = tab({ user: null });
  assert.equal(one.state(), 'loading');
  context.mock.timers.tick(10_000);
  assert.equal(one.state(), 'offline');
  navigator.onLine = false;
  assert.equal(tab({ user: null }).state(), 'offline');
  navigator.onLine = true;
});

test('what a page emptied as it went away is a snapshot at the next start', async () => {
  const server = api();
  const one = await started();
  one.write({ q: 'x'.repeat(60) });
  await one.storage.whenStored();
  one.work.replace({});
  listeners.dispatchEvent(new Event('pagehide'));
  assert.equal(Object.keys(localStorage).filter((key) => key.startsWith('snapshot/alice/')).length, 1); // before anything is awaited
  await one.storage.whenStored();
  page.leaving = false;
  const two = await started();
  assert.deepEqual((await entries(store)).map(([key]) => String(key).split('/')[1]), ['alice']);
  const [{ id, reason }] = await two.storage.snapshots.list();
  assert.deepEqual([reason, (await two.storage.snapshots.get(id)).state.search_context], ['emptied', { q: 'x'.repeat(60) }]);
});

test('a project that was renamed elsewhere has its new name here too, after a merge', async () => {
  const server = api();
  project(server, 'p1', { q: 'x' });
  const one = await started();
  await one.work.open('p1');
  Object.assign(server.users.alice.projects.p1, { version: 2, data: { id: 'p1', name: 'New', state: { search_context: { q: 'x' } } } });
  one.write({ r: 'mine' });
  await one.storage.whenStored();
  await until(() => one.work.home.get().name === 'New', 'the new name');
});

test('what was typed in a project that was in the trash is saved when it is back, without another key', async () => {
  const server = api();
  project(server, 'p1', { q: 'x' });
  const one = await started();
  await one.work.open('p1');
  const { p1 } = server.users.alice.projects;
  Object.assign(p1, { version: 2, data: { ...p1.data, trashed: true } });
  one.write({ r: 'mine' });
  await assert.rejects(one.storage.whenStored(), /404/);
  Object.assign(p1, { version: 3, data: { ...p1.data, trashed: false } });
  await later(1001); // between two looks
  listeners.dispatchEvent(new Event('focus'));
  await until(() => p1.data.state.search_context.r === 'mine', 'stored');
});

test('offline, it closes all the same', { timeout: 8000 }, async () => {
  const server = api();
  const one = await started();
  server.down = true;
  one.write({ q: 'unsaved' });
  await one.storage.close();
  await later();
  assert.equal((await entries(store)).length, 1);
  const two = tab();
  two.write({ q: 'not even begun' });
  await two.storage.close();
});

test('a user who is gone before anything was restored gets nothing of what was typed, and holds no tab', async () => {
  api();
  const one = tab({ user: null });
  one.write({ q: 'unsigned' });
  await later(30);
  one.signIn('carol');
  one.signIn('dave');
  await until(() => one.state() === 'saved');
  await one.storage.whenStored();
  assert.deepEqual(one.words(), { q: 'unsigned' });
  assert.ok(![...held.keys()].some((name) => name.includes('/tab/carol/')));
  open.push(one);
});
