/** A whole page: connect() in Node, with a server of its own, a sign-in that the test decides, and answers that it holds. */
import { events, fire, held, later, until } from '../../tests/web/browser.mjs';
import { api, portal, problem } from '../../tests/web/server.mjs';
import { closeAll, fresh, started, tab } from '../../tests/web/page.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { entries } from '../vendor/idb-keyval.js';
import { connect } from './index.js';
import { store } from './store.js';
import { page, releaseTab } from './tabs.js';

/** The names of somebody's projects, and what a project of alice's holds. */
const names = (server, uid = 'alice') => Object.values(server.of(uid).projects).map(({ data }) => data.name);
const stored = (server, id) => server.of('alice').projects[id].data.state.search_context;
/** The backups that are left. */
const backups = async () => (await entries(store)).filter(([key]) => String(key).startsWith('backup/'));

test.beforeEach(fresh);
test.afterEach(closeAll);

test('a verb that began for one user does not finish for the next', async () => {
  const server = api();
  server.project('p1', { q: 'secret' });
  const one = await started();
  server.hold = (method, path) => path.endsWith('/p1');
  const opening = one.work.open('p1');
  await until(() => server.waiting.length);
  one.signIn(null);
  one.signIn('guest');
  one.storage.proceed();
  server.release();
  await assert.rejects(opening, /[Ss]omebody else/);
  await one.saved();
  one.write({ a: 'guest' });
  await one.storage.whenStored();
  assert.deepEqual([one.words(), one.work.home.get().kind], [{ a: 'guest' }, 'session']);
  assert.deepEqual(server.of('alice').projects.p1.data.state, { search_context: { q: 'secret' } });
  assert.ok(!server.calls.some((call) => call.startsWith('alice PATCH')));
});

test('the session that a former user asked for is not shown to the next', async () => {
  const server = api();
  const one = await started();
  server.elsewhere(server.of('alice').session, { ruleslawyer: { draft_id: 'd', search_context: { q: 'secret' } } });
  server.hold = (method, path, uid) => uid === 'alice';
  const looking = one.storage.session.patch({ current_tool: 'x' });
  await until(() => server.waiting.length);
  one.signIn('guest');
  one.storage.proceed();
  await one.saved();
  server.release();
  await assert.rejects(looking, /[Ss]omebody else/);
  assert.deepEqual([one.storage.session.get().ruleslawyer, one.words()], [undefined, {}]);
});

test('signed out while a save is in the air, nothing is offline for ever', async () => {
  const server = api();
  const one = await started();
  server.hold = (method) => method === 'PUT';
  one.write({ q: 'in the air' });
  await until(() => server.waiting.length);
  one.signIn('guest');
  one.storage.proceed();
  server.down = true;
  server.release();
  await later(50);
  server.down = false;
  fire('online'); // tries again at once
  await until(() => one.state() === 'saved');
});

// W6
test('what is typed while the restore comes in stays on the page, is no work of its own, and is merged with what was stored', async () => {
  const server = api();
  const before = await started();
  before.write({ q: 'stored', r: 'too' });
  await before.storage.whenStored();
  await before.storage.close();
  server.hold = (method, path) => method === 'PUT' && path === '/api/session';
  const one = tab();
  await until(() => server.waiting.length);
  one.write({ q: 'typed' });
  const seen = [];
  one.work.state.subscribe(({ search_context }) => seen.push(search_context?.q));
  await later(30);
  server.release();
  await one.storage.ready;
  await one.storage.whenStored();
  assert.ok(seen.every((words) => words.includes('typed')), String(seen));
  assert.deepEqual(one.words(), { q: 'stored typed', r: 'too' });
  assert.deepEqual([names(server), server.draft().search_context], [[], { q: 'stored typed', r: 'too' }]);
  await later(30);
  assert.deepEqual(await backups(), []);
});

test('saved as a project in two tabs, a draft is one project', async () => {
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
});

test('saved as a project twice before the first answer is here, a draft is one project', async () => {
  const server = api();
  const other = await started();
  other.write({ q: 'twice' });
  server.hold = (method) => method === 'POST';
  const both = [other.work.saveAs({ name: 'C' })];
  await until(() => server.waiting.length);
  both.push(other.work.saveAs({ name: 'C' }));
  await later();
  server.release();
  await Promise.all(both);
  assert.deepEqual(names(server), ['C']);
  await other.work.startNew();
  const [first, second] = await Promise.all([other.work.saveAs({ name: 'D' }), other.work.saveAs({ name: 'E' })]); // nothing is stored of it
  assert.deepEqual([names(server), first.id], [['C', 'E'], second.id]);
});

test('saved as a project twice, while a look finds out before the answer does, a draft is one project', { todo: 'finding 03' }, async () => {
  const server = api();
  const one = await started();
  one.write({ q: 'once' });
  await one.storage.whenStored();
  server.hold = (method) => method === 'POST';
  const first = one.work.saveAs({ name: 'C' });
  await until(() => server.waiting.length);
  await one.storage.session.patch({ current_tool: 'ruleslawyer' }); // the session says that the draft has moved
  const second = one.work.saveAs({ name: 'C' });
  await later();
  server.release();
  await Promise.all([first, second]);
  assert.deepEqual(names(server), ['C']);
});

test('of two projects opened one after the other the last one stays, however slow the first', async () => {
  const server = api();
  for (const id of ['slow', 'fast']) server.project(id, { q: id });
  const one = await started();
  server.hold = (method, path) => path.endsWith('/slow');
  const first = one.work.open('slow');
  await until(() => server.waiting.length);
  await one.work.open('fast');
  server.release();
  await first;
  await later();
  assert.deepEqual([one.words(), server.of('alice').session.data.active_project_id], [{ q: 'fast' }, 'fast']);
});

test('a project in the trash is not opened, and the draft stays where it is', async () => {
  const server = api();
  server.project('gone', { q: 'x' }, { trashed: true });
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
  fire('pagehide');
  await one.storage.close();
  releaseTab('(nobody)', sessionStorage.getItem('dungeonmind-tab')); // the page is gone
  page.leaving = false;
  const two = tab({ user: null, again: true });
  await until(() => two.words().q === 'unsigned');
  two.write({ r: 'more' });
  await until(() => held.has(`dungeonmind/tab/(nobody)/${two.work.copy().env.tab}`));
  const beside = tab({ user: null });
  await later(30);
  assert.deepEqual(beside.words(), {}); // the other tab lives
  await beside.storage.close();
  two.signIn('alice');
  await two.storage.ready;
  await two.storage.whenStored();
  assert.deepEqual([two.words(), server.draft().search_context], [{ q: 'unsigned', r: 'more' }, { q: 'unsigned', r: 'more' }]);
  await later(30);
  assert.deepEqual([await backups(), names(server)], [[], []]);
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
  fire('pagehide');
  assert.equal(Object.keys(localStorage).filter((key) => key.startsWith('snapshot/alice/')).length, 1); // before anything is awaited
  await one.storage.whenStored();
  page.leaving = false;
  const two = await started();
  assert.ok((await entries(store)).some(([key]) => String(key).startsWith('snapshot/alice/')));
  const [{ id, reason }] = await two.storage.snapshots.list();
  assert.deepEqual([reason, (await two.storage.snapshots.get(id)).state.search_context], ['emptied', { q: 'x'.repeat(60) }]);
});

test('a project that was renamed elsewhere has its new name here too, after a merge', async () => {
  const server = api();
  server.project('p1', { q: 'x' });
  const one = await started();
  await one.work.open('p1');
  Object.assign(server.of('alice').projects.p1, { version: 2, data: { id: 'p1', name: 'New', state: { search_context: { q: 'x' } } } });
  one.write({ r: 'mine' });
  await one.storage.whenStored();
  await until(() => one.work.home.get().name === 'New', 'the new name');
});

test('what was typed in a project that was in the trash is saved when it is back, without another key', async () => {
  const server = api();
  server.project('p1', { q: 'x' });
  const one = await started();
  await one.work.open('p1');
  const { p1 } = server.of('alice').projects;
  Object.assign(p1, { version: 2, data: { ...p1.data, trashed: true } });
  one.write({ r: 'mine' });
  await assert.rejects(one.storage.whenStored(), /in the trash/);
  Object.assign(p1, { version: 3, data: { ...p1.data, trashed: false } });
  await later(1001); // between two looks
  fire('focus');
  await until(() => p1.data.state.search_context.r === 'mine', 'stored');
});

test('offline, it closes all the same', { timeout: 8000 }, async () => {
  const server = api();
  const one = await started();
  server.down = true;
  one.write({ q: 'unsaved' });
  await one.storage.close();
  await later();
  assert.equal((await backups()).length, 1);
  const two = tab();
  two.write({ q: 'not even begun' });
  await two.storage.close();
});

// W11
test('what was typed before the sign-in is the first user\'s, even one who is gone before anything was restored, and who holds no tab then', async () => {
  api();
  const one = tab({ user: null });
  one.write({ q: 'unsigned' });
  await later(30);
  one.signIn('carol');
  one.signIn('dave');
  one.storage.proceed();
  await one.saved();
  assert.deepEqual(one.words(), {});
  assert.ok(![...held.keys()].some((name) => name.includes('/tab/carol/')));
  one.signIn('carol');
  one.storage.proceed();
  await until(() => one.words().q === 'unsigned');
  await one.storage.whenStored();
});
