/** A whole page: connect() in Node, with a server of its own, a sign-in that the test decides, and answers that it holds. */
import { fire, held, later, settled, until } from '../../tests/web/browser.mjs';
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
  await settled();
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

test('saved as a project twice, while a look finds out before the answer does, a draft is one project', async () => {
  const server = api();
  const one = await started();
  one.write({ q: 'once' });
  await one.storage.whenStored();
  server.hold = (method) => method === 'POST';
  const first = one.work.saveAs({ name: 'C' });
  await until(() => server.waiting.length);
  fire('focus'); // the session says that the draft has moved
  await until(() => one.work.home.get().kind === 'project');
  const second = one.work.saveAs({ name: 'C' });
  await later();
  server.release();
  await Promise.all([first, second]);
  assert.deepEqual(names(server), ['C']);
});

test('saved as a project, a draft of which nothing was stored is one project, though the answer never came', async () => {
  const server = api();
  const one = await started();
  let looks = 0;
  server.hold = (method, path) => method === 'POST' || (method === 'GET' && path === '/api/session' && ++looks === 2);
  const named = one.work.saveAs({ name: 'C' }).catch((error) => error);
  await until(() => server.waiting.length);
  one.write({ q: 'once' }); // after what was there before was stored
  server.waiting.splice(0).forEach((go) => go());
  await until(() => server.waiting.length);
  one.write({ q: 'once', r: 'more' });
  const [refuse] = server.waiting.splice(0);
  server.hold = () => false;
  server.down = true;
  refuse();
  await named;
  server.down = false;
  await one.storage.whenStored(); // the save finds it
  assert.deepEqual([names(server), server.draft()?.search_context, one.work.home.get().kind], [['C'], undefined, 'project']);
});

test('what is typed while a project is made, of which nothing was stored, is typed on what it is made of', async () => {
  const server = api();
  const one = await started();
  server.hold = (method) => method === 'POST';
  const named = one.work.saveAs({ name: 'C' });
  one.write({ q: 'once' });
  await until(() => server.waiting.length);
  one.write({ q: 'once more' });
  server.release();
  const { id } = await named;
  await one.storage.whenStored();
  const merges = server.requests.filter(({ path }) => path.endsWith('/merge'));
  assert.deepEqual([server.of('alice').projects[id].data.state.search_context, merges], [{ q: 'once more' }, []]);
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

test('the project that the draft has become on another device opens with what was typed here since', async () => {
  const server = api();
  const one = await started();
  one.write({ q: 'first' });
  await one.storage.whenStored();
  const { session, projects } = server.of('alice');
  const id = `alice.${server.draft().draft_id}`;
  server.project(id, { q: 'first' });
  projects[id].data.state.draft_id = server.draft().draft_id;
  server.elsewhere(session, { ...session.data, ruleslawyer: { current_project_id: id }, active_project_id: id });
  one.write({ r: 'second' });
  await one.work.open(id);
  assert.deepEqual(one.words(), { q: 'first', r: 'second' });
  one.write({ r: 'second, and more' });
  await one.storage.whenStored();
  assert.deepEqual([stored(server, id), one.work.conflicts.get()], [{ q: 'first', r: 'second, and more' }, []]);
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
  await until(async () => (await backups()).length === 0);
  assert.deepEqual(names(server), []);
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

test('offline, it closes all the same, and keeps what is unsaved', { timeout: 8000 }, async () => {
  const server = api();
  const one = await started();
  server.down = true;
  one.write({ q: 'unsaved' });
  await until(async () => (await backups()).length === 1);
  const two = tab();
  two.write({ q: 'not even begun' });
  await Promise.all([one.storage.close(), two.storage.close()]);
  assert.ok((await backups()).length >= 1);
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

// ---- to and fro between projects

// W5
test('to another project and at once back while a save is slow: what is typed then is stored, and no backup is away before', async () => {
  const server = api();
  for (const id of ['p1', 'p2']) server.project(id, { q: id });
  const one = await started();
  await one.work.open('p1');
  server.hold = (method, path) => method === 'PATCH' && path.endsWith('/p1');
  one.write({ q: 'first' });
  await until(() => server.waiting.length);
  await one.work.open('p2');
  await one.work.open('p1');
  one.write({ q: 'second' });
  assert.notEqual(one.state(), 'saved');
  server.release();
  await one.storage.whenStored();
  assert.deepEqual([stored(server, 'p1'), one.words()], [{ q: 'second' }, { q: 'second' }]);
  one.write({ q: 'third' });
  await one.storage.whenStored();
  assert.equal(stored(server, 'p1').q, 'third');
  await one.saved();
});

// W5
test('one 503 while a project is left and opened again: the status says what is unsaved, and it is stored', async () => {
  const server = api();
  for (const id of ['p1', 'p2']) server.project(id, { q: id });
  const one = await started();
  await one.work.open('p1');
  let failures = 1;
  server.instead = (method, path) => (method === 'PATCH' && path.endsWith('/p1') && failures-- > 0 ? problem(503) : undefined);
  one.write({ q: 'first' });
  await until(() => failures === 0);
  await one.work.open('p2');
  assert.equal((await backups()).length, 1);
  await one.work.open('p1');
  one.write({ r: 'second' });
  assert.notEqual(one.state(), 'saved');
  await one.storage.whenStored();
  assert.deepEqual(stored(server, 'p1'), { q: 'first', r: 'second' });
  await settled();
  assert.deepEqual(await backups(), []);
});

// W5
test('what is unsaved in a project that was left is saved there, and reaches no other', async () => {
  const server = api();
  for (const id of ['p1', 'p2']) server.project(id, { q: id });
  const one = await started({ delay: 60 });
  await one.work.open('p1');
  one.write({ q: 'of p1' });
  await one.work.open('p2');
  one.write({ r: 'of p2' });
  await one.storage.whenStored();
  assert.deepEqual([stored(server, 'p1'), stored(server, 'p2')], [{ q: 'of p1' }, { q: 'p2', r: 'of p2' }]);
});

// ---- two devices on one field

/** Alice at two devices with project p1 open, who both replaced the same words: the second stands, and it is told. */
async function inConflict(server) {
  server.project('p1', { q: 'old' });
  const one = await started();
  await one.work.open('p1');
  const two = await started();
  await two.work.open('p1');
  two.storage.close(); // hears nothing of the other any more
  const phone = tabOfAnotherDevice(server);
  one.write({ q: 'mine' });
  phone({ q: 'theirs' });
  await one.storage.whenStored();
  await until(() => one.work.conflicts.get().length);
  return one;
}
/** A word in a field that the server refuses. */
async function writeRefused(server, one, field) {
  server.refused = (state) => (state.search_context?.[field] === 'refused' ? { [`search_context.${field}`]: ['too long'] } : null);
  one.write({ [field]: 'refused' });
  await one.storage.whenStored().catch(() => {});
}
const tabOfAnotherDevice = (server) => (words) => {
  const { p1 } = server.of('alice').projects;
  server.elsewhere(p1, { ...p1.data, state: { search_context: words } });
};

// W4
test('a project that was named before anything was shown is not copied, nor called so', async () => {
  const server = api();
  server.project('p1', { q: 'old' });
  const before = await started();
  await before.work.open('p1');
  before.kill();
  const one = tab();
  const named = one.work.saveAs({ name: 'Typed into an empty form' });
  assert.equal((await named).id, 'p1');
  assert.deepEqual([Object.keys(server.of('alice').projects), server.of('alice').projects.p1.data.name], [['p1'], 'p1']);
});

test('a conflict is shown on every device, through reloads, until somebody chooses', async () => {
  const server = api();
  const one = await inConflict(server);
  assert.equal(one.state(), 'changed elsewhere');
  one.kill();
  const again = await started();
  await until(() => again.work.conflicts.get().length === 1);
  assert.equal(again.state(), 'changed elsewhere');
  const [conflict] = again.work.conflicts.get();
  assert.deepEqual(await again.work.compare(conflict), { mine: 'mine', theirs: 'theirs' });
  await again.work.choose(conflict, 'mine');
  assert.deepEqual([again.work.conflicts.get(), again.words()], [[], { q: 'mine' }]);
  await again.saved();
  assert.deepEqual(server.of('alice').projects.p1.data.conflicts, []);
});

test('a choice gives way to nothing that nobody saw', async () => {
  const server = api();
  const one = await inConflict(server);
  const [conflict] = one.work.conflicts.get();
  const seen = await one.work.compare(conflict);
  const { p1 } = server.of('alice').projects;
  server.elsewhere(p1, { ...p1.data, state: { search_context: { q: 'mine, and more of it' } } });
  await assert.rejects(one.work.choose(conflict, 'theirs', seen), (error) => error.status === 409 && /look at both/.test(error.message));
  assert.deepEqual([one.words(), p1.data.conflicts.length], [{ q: 'mine, and more of it' }, 1]);
  await one.work.choose(conflict, 'theirs', await one.work.compare(conflict));
  assert.deepEqual([one.words(), one.work.conflicts.get()], [{ q: 'theirs' }, []]);
});

test('a choice leaves what waits in another field where it is', async () => {
  const server = api();
  const one = await inConflict(server);
  const [conflict] = one.work.conflicts.get();
  await writeRefused(server, one, 'r');
  await one.work.choose(conflict, 'theirs', await one.work.compare(conflict));
  assert.deepEqual([one.words(), stored(server, 'p1')], [{ q: 'theirs', r: 'refused' }, { q: 'theirs' }]);
});

test('a field that waits, as it was refused, is to be mended before a choice', async () => {
  const server = api();
  const one = await inConflict(server);
  const [conflict] = one.work.conflicts.get();
  await writeRefused(server, one, 'q');
  for (const choice of ['mine', 'theirs']) await assert.rejects(one.work.choose(conflict, choice), (error) => error.status === 422 && /too long/.test(error.message));
  assert.deepEqual([one.words(), one.work.conflicts.get().length], [{ q: 'refused' }, 1]);
});

test('a choice in a draft that is a project by now is not made, and nothing of the draft is begun again', async () => {
  const server = api();
  const one = await started();
  one.write({ q: 'base' });
  await one.storage.whenStored();
  server.elsewhere(server.of('alice').session, { ...server.of('alice').session.data, ruleslawyer: { ...server.draft(), search_context: { q: 'theirs' } } });
  one.write({ q: 'mine' });
  await one.storage.whenStored();
  const [conflict] = one.work.conflicts.get();
  const { data, version } = server.of('alice').session;
  const { draft_id: id, ...rest } = data.ruleslawyer;
  const made = `alice.${id}`;
  server.of('alice').projects[made] = { version, data: { id: made, name: 'N', state: { draft_id: id, ...rest } }, saves: server.of('alice').session.saves };
  Object.assign(server.of('alice').session, { data: { ...data, ruleslawyer: { current_project_id: made } } });
  await assert.rejects(one.work.choose(conflict, 'mine'), (error) => error.status === 409 && /is a project by now/.test(error.message));
  assert.deepEqual([one.work.home.get().id, one.words(), server.draft().search_context], [made, { q: 'mine' }, undefined]);
});

test('what a proxy answers instead of the other value, in JSON even, is not shown as it', async () => {
  const server = api();
  const one = await inConflict(server);
  server.instead = (method, path) => path.includes('/saves/') && new Response('{}', { status: 200, headers: { 'Content-Type': 'application/json' } });
  await assert.rejects(one.work.compare(one.work.conflicts.get()[0]), { status: 0 });
});

// W2
test('"mine" is what is in the field now, not what was there when the conflict came', async () => {
  const server = api();
  const one = await inConflict(server);
  const [conflict] = one.work.conflicts.get();
  one.write({ q: 'mine, and an hour of writing' });
  assert.deepEqual(await one.work.compare(conflict), { mine: 'mine, and an hour of writing', theirs: 'theirs' });
  await one.work.choose(conflict, 'mine');
  assert.deepEqual([one.words(), stored(server, 'p1')], [{ q: 'mine, and an hour of writing' }, { q: 'mine, and an hour of writing' }]);
});

// W3
test('"theirs" puts the other value there, and mine is in a save', async () => {
  const server = api();
  const one = await inConflict(server);
  one.write({ q: 'mine, and an hour of writing' });
  await one.work.choose(one.work.conflicts.get()[0], 'theirs');
  assert.deepEqual([one.words(), stored(server, 'p1'), one.work.conflicts.get()], [{ q: 'theirs' }, { q: 'theirs' }, []]);
  const kept = [...server.of('alice').projects.p1.saves.values()].map(({ state }) => state.search_context.q);
  assert.ok(kept.includes('mine, and an hour of writing'), String(kept));
  one.write({ q: 'theirs, and on' });
  await one.storage.whenStored();
  assert.equal(stored(server, 'p1').q, 'theirs, and on');
});

test('a conflict of a draft is chosen likewise', async () => {
  const server = api();
  server.of('alice').session.data = { ruleslawyer: { draft_id: 'd', search_context: { q: 'old' } } };
  const one = await started();
  server.elsewhere(server.of('alice').session, { ruleslawyer: { draft_id: 'd', search_context: { q: 'theirs' } } });
  one.write({ q: 'mine' });
  await one.storage.whenStored();
  await until(() => one.work.conflicts.get().length);
  const [conflict] = one.work.conflicts.get();
  assert.deepEqual(await one.work.compare(conflict), { mine: 'mine', theirs: 'theirs' });
  await one.work.choose(conflict, 'theirs');
  assert.deepEqual([one.words(), server.draft().search_context, one.work.conflicts.get()], [{ q: 'theirs' }, { q: 'theirs' }, []]);
});

// W26
test('what is typed while a choice is on its way stays', async () => {
  const server = api();
  const one = await inConflict(server);
  server.hold = (method, path) => path.endsWith('/choose');
  const choosing = one.work.choose(one.work.conflicts.get()[0], 'theirs');
  await until(() => server.waiting.length);
  one.write({ r: 'typed meanwhile' });
  server.release();
  await choosing;
  await one.storage.whenStored();
  assert.deepEqual([one.words(), stored(server, 'p1')], [{ q: 'theirs', r: 'typed meanwhile' }, { q: 'theirs', r: 'typed meanwhile' }]);
});

// ---- what comes instead of answers

// W9
test('a proxy that answers saves with an empty 200 stores nothing: it is told, the backup stays, and it is sent again', async () => {
  const server = api();
  server.project('p1', { q: 'old' });
  const one = await started();
  await one.work.open('p1');
  server.instead = (method) => (method === 'PATCH' ? portal(200, '{}', 'application/json') : undefined);
  one.write({ q: 'words' });
  await until(() => one.state() === 'offline');
  assert.equal((await backups()).length, 1);
  server.instead = () => undefined;
  fire('online');
  await one.saved();
  assert.equal(stored(server, 'p1').q, 'words');
});

// W14
test('a portal that answers the open project with HTML is no answer: offline, and nothing empty is shown as saved', async () => {
  for (const status of [200, 403, 404]) {
    const server = api();
    server.project('p1', { q: 'stored' });
    server.of('alice').session.data = { ruleslawyer: { current_project_id: 'p1' } };
    server.instead = (method, path) => (path.endsWith('/p1') ? portal(status) : undefined);
    const one = tab();
    await until(() => one.state() === 'offline', `offline with ${status}`);
    await later(30);
    assert.equal(one.state(), 'offline');
    server.instead = () => undefined;
    fire('online');
    await until(() => one.words().q === 'stored');
    await one.saved();
    await one.storage.close();
  }
});

// W14
test('the same where another tool is restored already, or where the tool is asked for later', async () => {
  for (const atOnce of [true, false]) {
    const server = api();
    server.project('p1', { q: 'stored' });
    server.of('alice').session.data = { ruleslawyer: { current_project_id: 'p1' }, storegenerator: { draft_id: 'd', store_draft_data: { x: 'y' } } };
    server.instead = (method, path) => (path.endsWith('/p1') ? portal(404) : undefined);
    const one = tab({ tool: 'storegenerator' });
    if (!atOnce) await one.storage.ready;
    const work = one.storage.work('ruleslawyer');
    await later(100);
    assert.deepEqual(work.state.get(), {});
    assert.notEqual(one.state(), 'saved', `an empty form, "saved" (${atOnce ? 'at the start' : 'later'})`);
    server.instead = () => undefined;
    fire('online');
    await until(() => work.state.get().search_context?.q === 'stored', 'shown');
    await one.saved();
    await one.storage.close();
  }
});

// W14
test('a project that the API says is gone or forbidden is not shown, and the draft is', async () => {
  for (const status of [403, 404]) {
    const server = api();
    server.of('alice').session.data = { ruleslawyer: { current_project_id: 'p1', draft_id: 'd', search_context: { q: 'draft' } } };
    server.instead = (method, path) => (path.endsWith('/p1') ? problem(status) : undefined);
    const one = await started();
    await one.saved();
    assert.deepEqual([one.words(), one.work.home.get().kind], [{ q: 'draft' }, 'session']);
    await one.storage.close();
  }
});

// W18
test('a session that the server refuses to open says why, and is asked for again later and later', async () => {
  for (const status of [403, 409, 422]) {
    const server = api();
    server.instead = (method, path) => (path === '/api/session' ? problem(status, { detail: 'It is of a newer version: reload the page.' }) : undefined);
    const one = tab();
    await until(() => one.state() === 'refused');
    assert.match(one.detail(), /newer version/);
    if (status === 409) await later(1300);
    assert.ok(server.calls.length <= 2, `${server.calls.length} requests in 1.3 s`);
    server.instead = () => undefined;
    fire('online');
    await one.saved();
    await one.storage.close();
  }
});

// W18
test('Retry-After of a session that is not opened is honoured', async () => {
  const server = api();
  server.instead = () => problem(503, {}, { 'Retry-After': '2' });
  const one = tab();
  await later(1600);
  assert.deepEqual([server.calls.length, one.state()], [1, 'unsaved']);
  server.instead = () => undefined;
  fire('online');
  await one.saved();
});

// W10
test('recovery that answers 500: told and kept, never "saved"; tried again it is on the page, and what was typed later stands', async () => {
  for (const status of [500, 403, 413]) {
    const server = api();
    server.project('p1', { q: 'stored' });
    const before = await started();
    await before.work.open('p1');
    server.down = true;
    before.write({ q: 'typed with the API down' });
    await later(50);
    before.kill();
    server.down = false;
    server.instead = (method, path) => (path.endsWith('/recover') ? problem(status) : undefined);
    const one = await started();
    await until(() => one.storage.stuck.get().length === 1, `stuck with ${status}`);
    assert.notEqual(one.state(), 'saved');
    const [entry] = one.storage.stuck.get();
    assert.deepEqual([entry.tool, entry.projectId], ['ruleslawyer', 'p1']);
    const [unsaved] = await one.storage.kept.list({ tool: 'ruleslawyer' });
    assert.match(unsaved.words, /typed with the API down/);
    one.write({ q: 'written again' });
    await one.storage.whenStored();
    assert.notEqual(one.state(), 'saved');
    server.instead = () => undefined;
    await one.storage.settle(entry, 'retry');
    await until(() => one.work.conflicts.get().length === 1, 'told');
    assert.deepEqual([one.words(), stored(server, 'p1'), one.storage.stuck.get()], [{ q: 'written again' }, { q: 'written again' }, []]);
    assert.equal((await one.work.compare(one.work.conflicts.get()[0])).theirs, 'typed with the API down');
    await one.storage.close();
  }
});

// W1
test('the laptop comes back after a week: the newer words stand on both, and the older ones are offered', async () => {
  const server = api();
  server.project('p1', { q: 'old' });
  const laptop = await started();
  await laptop.work.open('p1');
  server.down = true;
  laptop.write({ q: 'older' });
  await later(50);
  laptop.kill();
  server.down = false;
  const { p1 } = server.of('alice').projects;
  server.elsewhere(p1, { ...p1.data, state: { search_context: { q: 'a week of work' } } });
  const again = await started();
  await until(() => again.work.conflicts.get().length === 1);
  assert.deepEqual([again.words(), stored(server, 'p1'), again.state()], [{ q: 'a week of work' }, { q: 'a week of work' }, 'changed elsewhere']);
  assert.deepEqual(await again.work.compare(again.work.conflicts.get()[0]), { mine: 'a week of work', theirs: 'older' });
});

// W19
test('a new card while another tool autosaves is begun all the same, without a word', async () => {
  const server = api();
  server.of('alice').objects.o2 = { id: 'o2', user_id: 'bob', type: 'rule', words: { q: 'of bob' } };
  const one = await started();
  await one.work.takeOver('o2'); // a draft that nobody has touched: it gives way
  let times = 2;
  server.instead = (method, path) => {
    if (method !== 'PUT' || !path.endsWith('/tools/ruleslawyer') || times-- === 0) return undefined;
    const { session } = server.of('alice');
    server.elsewhere(session, { ...session.data, storegenerator: { draft_id: `d${times}` } });
    return problem(412, { detail: 'Somebody saved since: see `current`.', current: session.data, etag: `"${session.version}"` });
  };
  await one.work.startNew();
  assert.deepEqual([times, one.words(), one.work.home.get().kind, names(server), server.draft('alice').search_context], [-1, {}, 'session', [], undefined]);
  await one.saved();
});

// W22
test('two connect() with one sign-in are one storage: neither deletes the other\'s backup; closed, the next is a new one', async () => {
  const server = api();
  const one = await started();
  const twin = connect({ auth: one.auth });
  assert.equal(twin, one.storage);
  server.down = true;
  one.write({ q: 'unsaved' });
  await later(50);
  assert.equal((await backups()).length, 1);
  server.down = false;
  fire('online');
  await one.storage.whenStored();
  await one.storage.close();
  const next = connect({ auth: one.auth });
  assert.notEqual(next, one.storage);
  await next.close();
});

// W22
test('two storages in one tab, each with a sign-in of its own: both save, and no backup is away before', async () => {
  const server = api();
  server.project('p1', { q: 'old' });
  const one = await started();
  const two = await started({ again: true });
  for (const { work } of [one, two]) await work.open('p1');
  server.down = true;
  one.write({ q: 'of one' });
  two.write({ r: 'of two' });
  await later(50);
  assert.equal((await backups()).length, 2);
  server.down = false;
  fire('online');
  await Promise.all([one.storage.whenStored(), two.storage.whenStored()]);
  assert.deepEqual(stored(server, 'p1'), { q: 'of one', r: 'of two' });
});

// W22
test('what is typed unsigned outlives a hot reload, and the first user\'s it is', async () => {
  const server = api();
  const one = tab({ user: null });
  one.write({ q: 'unsigned' });
  await until(async () => (await backups()).length);
  await one.storage.close();
  const two = tab({ user: null, again: true });
  await until(() => two.words().q === 'unsigned');
  two.signIn('alice');
  await two.storage.ready;
  await two.storage.whenStored();
  assert.equal(server.draft().search_context.q, 'unsigned');
});

// W6
test('a tool that is asked for later: what is typed before its document is known is never called saved', async () => {
  const server = api();
  server.project('p1', { q: 'stored' });
  server.of('alice').session.data = { ruleslawyer: { current_project_id: 'p1' } };
  const one = await started({ tool: 'storegenerator' });
  server.hold = (method, path) => path.endsWith('/p1');
  const work = one.storage.work('ruleslawyer');
  work.update({ search_context: { r: 'typed' } });
  const lies = [];
  one.storage.status.subscribe(({ state }) => state === 'saved' && stored(server, 'p1').r !== 'typed' && lies.push(state));
  await until(() => server.waiting.length);
  server.release();
  await until(() => stored(server, 'p1').r === 'typed');
  await one.saved();
  assert.deepEqual([lies, stored(server, 'p1')], [[], { q: 'stored', r: 'typed' }]);
});

// W20
test('a refused field is named and on the page, after a reload too, and everything else is stored', async () => {
  const server = api();
  server.project('p1', { q: 'old' });
  server.refused = (state) => (String(state.search_context?.q ?? '').includes('too long') ? { 'search_context.q': ['Longer than 10 letters.'] } : null);
  const one = await started();
  await one.work.open('p1');
  one.write({ q: 'much too long', r: 'fine' });
  await until(() => stored(server, 'p1').r === 'fine');
  await until(() => one.state() === 'refused');
  assert.match(one.detail(), /search_context\.q: Longer than 10 letters/);
  await assert.rejects(one.storage.whenStored(), /10 letters/);
  await assert.rejects(one.work.whenStored(), /10 letters/);
  one.kill();
  server.instead = (method, path) => (path.endsWith('/recover') ? problem(422, { detail: 'Longer than 10 letters.' }) : undefined);
  const again = await started();
  await until(() => again.words().q === 'much too long' || again.storage.stuck.get().length === 1, 'on the page, or told');
  assert.notEqual(again.state(), 'saved');
});

// W7
test('an emptied card, a removed row and a replaced state come back by undo, and go again by redo', async () => {
  const server = api();
  const one = await started();
  one.write({ q: 'a text of many words', rows: ['one', 'two'] });
  await one.storage.whenStored();
  one.write({ rows: ['two'] });
  one.work.replace({});
  assert.deepEqual([one.words(), one.work.undoable.get()], [{}, { undo: true, redo: false }]);
  await one.storage.whenStored();
  one.work.undo();
  assert.deepEqual(one.words(), { q: 'a text of many words', rows: ['two'] });
  one.work.undo();
  assert.deepEqual(one.words().rows, ['one', 'two']);
  await one.storage.whenStored();
  assert.deepEqual(server.draft().search_context, { q: 'a text of many words', rows: ['one', 'two'] });
  one.work.redo();
  await one.storage.whenStored();
  assert.deepEqual(server.draft().search_context.rows, ['two']);
});

// W15
test('a state with what JSON has not is saved as JSON has it, and the page shows the same', async () => {
  const server = api();
  const one = await started();
  const list = ['a'];
  one.write({ list, at: new Date(0), none: undefined });
  list.push('b');
  await one.storage.whenStored();
  assert.deepEqual([server.draft().search_context, one.words()], [{ list: ['a'], at: '1970-01-01T00:00:00.000Z' }, { list: ['a'], at: '1970-01-01T00:00:00.000Z' }]);
});

// ---- objects of the library

test('an object of mine opens its project again, under its own name: no twin', async () => {
  const server = api();
  server.project('p1', { q: 'mine' }, { name: 'Own name' });
  server.of('alice').objects.o1 = { id: 'o1', user_id: 'alice', type: 'rule', origin: { project_id: 'p1' }, words: { q: 'as promoted' } };
  const one = await started();
  const answer = await one.work.takeOver('o1');
  assert.deepEqual([answer.project, one.work.home.get().name, one.words(), names(server)], ['p1', 'Own name', { q: 'mine' }, ['Own name']]);
});

test('an object of another\'s, or mine as a copy, begins a draft', async () => {
  const server = api();
  server.project('p1', { q: 'mine' });
  server.of('alice').objects.o1 = { id: 'o1', user_id: 'alice', type: 'rule', origin: { project_id: 'p1' }, words: { q: 'as promoted' } };
  server.of('alice').objects.o2 = { id: 'o2', user_id: 'bob', type: 'rule', origin: { project_id: 'x' }, words: { q: 'of bob' } };
  const one = await started();
  await one.work.takeOver('o1', { asCopy: true });
  assert.deepEqual([one.words(), one.work.home.get().kind], [{ q: 'as promoted' }, 'session']);
  await one.work.takeOver('o2');
  assert.deepEqual([one.words(), one.work.home.get().kind, names(server)], [{ q: 'of bob' }, 'session', ['p1']]);
});
