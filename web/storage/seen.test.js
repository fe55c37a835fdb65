/** What the server acknowledged last is in the browser too: bounded, one user's, gone when they sign out. */
import { events, later, until } from '../../tests/web/browser.mjs';
import { api } from '../../tests/web/server.mjs';
import { closeAll, fresh, started, tab } from '../../tests/web/page.mjs';
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { entries } from '../vendor/idb-keyval.js';
import { forgetOthers, seen } from './seen.js';
import { store } from './store.js';

const keys = async () => (await entries(store)).map(([key]) => String(key)).filter((key) => key.startsWith('seen/')).sort();
const turn = () => new Promise(setImmediate);
/** Time passes, and what it sets going comes to its end. */
async function pass(ms) {
  mock.timers.tick(ms);
  for (let i = 0; i < 30; i++) await turn();
}
const document = (q) => ({ tool: 'ruleslawyer', home: { kind: 'session' }, base: { search_context: { q } }, etag: '"1"' });

test.beforeEach(fresh);
test.afterEach(async () => {
  mock.timers.reset();
  await closeAll();
});

test('of many acknowledged states of a document the last is kept, a moment later', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const mine = seen('alice');
  let q = 0;
  for (; q < 10; q++) mine.document('ruleslawyer/p1', () => document(q));
  assert.deepEqual(await keys(), []);
  await pass(1000);
  assert.deepEqual([await keys(), (await mine.get('ruleslawyer/p1')).base.search_context.q], [['seen/alice/document/ruleslawyer/p1'], 10]);
});

test('what waits to be kept is kept as the page goes, and nothing is kept of a copy that is another document\'s by then', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const mine = seen('alice');
  mine.document('ruleslawyer/p1', () => document('last'));
  mine.document('ruleslawyer/draft', () => false);
  mine.writeAll();
  await pass(0);
  assert.deepEqual([await keys(), (await mine.get('ruleslawyer/p1')).base.search_context.q], [['seen/alice/document/ruleslawyer/p1'], 'last']);
});

test('the newest 20 documents are kept, and none that is too large', async () => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1000 });
  const mine = seen('alice');
  for (let i = 0; i < 25; i++) {
    mine.document(`ruleslawyer/p${i}`, () => document(i));
    await pass(1000);
  }
  const all = await keys();
  assert.equal(all.length, 20);
  assert.ok(!all.includes('seen/alice/document/ruleslawyer/p4') && all.includes('seen/alice/document/ruleslawyer/p24'));
  mine.document('ruleslawyer/giant', () => document('x'.repeat(600_000)));
  await pass(1000);
  assert.equal(await mine.get('ruleslawyer/giant'), undefined);
});

// W11
test('nothing stays of anybody but who is here; what is written as they sign out does not either', async () => {
  await seen('alice').note('open/ruleslawyer', 'p1');
  await seen('bob').note('open/ruleslawyer', 'p2');
  await forgetOthers('bob');
  assert.deepEqual(await keys(), ['seen/bob/open/ruleslawyer']);
  const late = seen('bob');
  const writing = late.note('late', 1);
  late.close();
  await writing;
  assert.equal(await late.noted('late'), undefined);
  await forgetOthers();
  assert.deepEqual(await keys(), []);
});

test('a page opened without a network shows the open project, and goes on with it', async () => {
  const server = api();
  server.project('p1', { q: 'stored' });
  const before = await started();
  await before.work.open('p1');
  await until(async () => (await keys()).includes('seen/alice/document/ruleslawyer/p1'), 'kept');
  before.kill();
  server.down = true;
  const one = tab();
  await until(() => one.words().q === 'stored', 'shown');
  assert.deepEqual(one.work.home.get(), { kind: 'project', id: 'p1', name: 'p1' });
  assert.equal(one.state(), 'offline');
  one.write({ r: 'typed offline' });
  assert.deepEqual(one.words(), { q: 'stored', r: 'typed offline' });
  server.down = false;
  events.dispatchEvent(new Event('online'));
  await until(() => server.of('alice').projects.p1.data.state.search_context.r === 'typed offline', 'stored');
  await one.saved();
  assert.deepEqual(one.work.conflicts.get(), []);
});

test('a project that this browser has seen opens without a network, another does not; the list of projects is there, and says so', async () => {
  const server = api();
  for (const id of ['p1', 'p2', 'never']) server.project(id, { q: id });
  const one = await started();
  for (const id of ['p1', 'p2']) await one.work.open(id);
  await one.storage.projects.list('ruleslawyer');
  await until(async () => (await keys()).filter((key) => key.includes('/document/ruleslawyer/p')).length === 2, 'kept');
  server.down = true;
  await one.work.open('p1');
  assert.deepEqual([one.words(), one.work.home.get().id], [{ q: 'p1' }, 'p1']);
  await assert.rejects(one.work.open('never'), { status: 0 });
  assert.deepEqual([one.words(), one.work.home.get().id], [{ q: 'p1' }, 'p1']);
  const { projects, offline } = await one.storage.projects.list('ruleslawyer');
  assert.deepEqual([projects.map(({ id }) => id), offline], [['p1', 'p2', 'never'], true]);
  server.down = false;
  assert.equal((await one.storage.projects.list('ruleslawyer')).offline, undefined);
});

test('what is newer at the server takes the place of what was seen, and what was typed on it meanwhile stays', async () => {
  const server = api();
  server.project('p1', { q: 'one two' });
  const before = await started();
  await before.work.open('p1');
  await until(async () => (await keys()).includes('seen/alice/document/ruleslawyer/p1'), 'kept');
  before.kill();
  const { p1 } = server.of('alice').projects;
  server.elsewhere(p1, { ...p1.data, state: { search_context: { q: 'theirs one two', r: 'new' } } });
  server.down = true;
  const one = tab();
  await until(() => one.words().q === 'one two', 'shown');
  one.write({ q: 'one two mine' });
  server.down = false;
  events.dispatchEvent(new Event('online'));
  await until(() => one.words().q === 'theirs one two mine', 'merged');
  assert.deepEqual(p1.data.state.search_context, { q: 'theirs one two mine', r: 'new' });
});

test('signed out, nothing of what was seen is left in this browser', async () => {
  const server = api();
  server.project('p1', { q: 'secret' });
  const one = await started();
  await one.work.open('p1');
  await until(async () => (await keys()).length > 1, 'kept');
  one.signIn(null);
  await until(async () => !(await keys()).length, 'forgotten');
  await later(1100); // what waited to be written
  assert.deepEqual(await keys(), []);
});
