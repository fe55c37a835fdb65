/** Who is here: one user's work never goes on under another; the page of a user who is gone is inert, and says so. */
import { fire, held, later, until } from '../../tests/web/browser.mjs';
import { api, problem } from '../../tests/web/server.mjs';
import { closeAll, fresh, started, tab } from '../../tests/web/page.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { entries } from '../vendor/idb-keyval.js';
import { store } from './store.js';
import { releaseTab } from './tabs.js';

test.beforeEach(fresh);
test.afterEach(closeAll);

// W11
test('another user signs in elsewhere: the page is inert and says so, and nothing that is typed is anybody\'s', async () => {
  const server = api();
  const one = await started();
  one.write({ q: 'alice\'s' });
  await one.storage.whenStored();
  one.signIn('bob');
  assert.deepEqual([one.state(), one.words()], ['another user', {}]);
  assert.throws(() => one.write({ q: 'the sentence that she is typing' }), { status: 401 });
  assert.throws(() => one.work.replace({ search_context: { q: 'x' } }), { status: 401 });
  await later(50);
  assert.ok(!server.calls.some((call) => call.startsWith('bob')), 'nothing is asked or stored in his name');
  assert.ok(!(await entries(store)).some(([key]) => String(key).includes('bob')));
});

// W11
test('the page says that the new user may go on: then their work is shown, and only theirs', async () => {
  const server = api();
  server.of('bob').session.data = { ruleslawyer: { draft_id: 'b', search_context: { q: 'bob\'s' } } };
  const one = await started();
  one.write({ q: 'alice\'s' });
  await one.storage.whenStored();
  one.signIn('bob');
  one.storage.proceed();
  await until(() => one.words().q === 'bob\'s');
  await one.saved();
  one.write({ r: 'typed by bob' });
  await one.storage.whenStored();
  assert.deepEqual([server.draft('bob').search_context, server.draft('alice').search_context], [{ q: 'bob\'s', r: 'typed by bob' }, { q: 'alice\'s' }]);
});

// W11
test('a page that signs somebody in itself goes on with them, and with nobody who comes later', async () => {
  api();
  const one = await started();
  await one.storage.switching(async () => one.signIn('bob'));
  await one.saved();
  one.signIn('mallory');
  assert.equal(one.state(), 'another user');
});
test('a sign-in that came to nothing lets nobody go on who came meanwhile in another tab', async () => {
  api();
  const one = await started();
  one.signIn('mallory');
  await assert.rejects(one.storage.switching(async () => Promise.reject(new Error('wrong password'))), /wrong password/);
  assert.equal(one.state(), 'another user');
  one.storage.proceed();
  await one.saved();
});

// W11
test('the same user back, the page goes on where it was, with what was unsaved', async () => {
  const server = api();
  const one = await started();
  server.down = true;
  one.write({ q: 'unsaved' });
  await later(50);
  one.signIn(null);
  assert.deepEqual([one.state(), one.words()], ['signed out', {}]);
  assert.throws(() => one.write({ q: 'x' }), { status: 401 });
  one.signIn('bob');
  assert.equal(one.state(), 'another user');
  server.down = false;
  one.signIn('alice');
  await until(() => one.words().q === 'unsaved');
  await one.storage.whenStored();
  assert.deepEqual([server.draft('alice').search_context.q, server.users.bob], ['unsaved', undefined]);
});

test('signed out, the page says so until it proceeds: then it waits for whoever comes', async () => {
  const server = api();
  const one = await started();
  one.signIn(null);
  assert.equal(one.state(), 'signed out');
  one.storage.proceed();
  assert.equal(one.state(), 'loading');
  one.signIn('bob');
  await one.saved();
  assert.ok(server.calls.includes('bob PUT /api/session'));
});

test('another token of the same user changes nothing', async () => {
  const server = api();
  const one = await started();
  one.write({ q: 'x' });
  one.signIn('alice');
  assert.deepEqual([one.words(), one.state() === 'another user'], [{ q: 'x' }, false]);
  await one.storage.whenStored();
  assert.equal(server.calls.filter((call) => call === 'alice PUT /api/session').length, 1);
});

// W11
test('answers that come late, of the restore, a look or a merge, reach nobody', async () => {
  const server = api();
  server.project('p1', { q: 'secret' });
  for (const what of ['restore', 'merge', 'open']) {
    const one = what === 'restore' ? tab() : await started();
    let asked;
    if (what === 'restore') server.hold = (method, path) => path === '/api/session';
    if (what === 'merge') {
      await one.work.open('p1');
      const { p1 } = server.of('alice').projects;
      server.elsewhere(p1, { ...p1.data, state: { search_context: { q: 'secret too' } } });
      server.hold = (method, path) => path.endsWith('/merge');
      one.write({ q: 'secret three' });
    }
    if (what === 'open') {
      server.hold = (method, path) => path.endsWith('/p1');
      asked = one.work.open('p1').catch(() => {});
    }
    if (what === 'restore') server.waiting.length || (await until(() => server.waiting.length));
    await until(() => server.waiting.length, what);
    one.signIn('bob');
    one.storage.proceed();
    server.release();
    await asked;
    await one.saved();
    await later(30);
    assert.ok(!JSON.stringify(one.work.state.get()).includes('secret'), what);
    one.write({ r: 'bob' });
    await one.storage.whenStored();
    assert.ok(!JSON.stringify(server.users.bob).includes('secret'), what);
    server.users.bob = undefined;
    delete server.users.bob;
  }
});

test('nothing of the former user is left on the page, and no tab is held for them', async () => {
  const server = api();
  server.project('p1', { q: 'secret' });
  const one = await started();
  await one.work.open('p1');
  one.write({ q: 'more' });
  await one.storage.whenStored();
  one.signIn('bob');
  assert.deepEqual([one.work.state.get(), one.work.home.get(), one.work.conflicts.get(), one.work.refused.get(), one.work.undoable.get()], [{}, { kind: 'session' }, [], [], { undo: false, redo: false }]);
  assert.deepEqual([one.storage.session.get(), one.storage.recovered.get(), one.storage.stuck.get()], [null, [], []]);
  await later();
  assert.ok(![...held.keys()].some((name) => name.includes('/tab/alice/')));
});

test('a verb that is asked of an inert page rejects, and does not wait for ever', { timeout: 4000 }, async () => {
  api();
  const one = await started();
  one.signIn('bob');
  for (const verb of [() => one.work.open('p1'), () => one.work.startNew(), () => one.work.saveAs({ name: 'x' }), () => one.storage.whenStored()]) {
    await assert.rejects(Promise.race([verb(), later(100).then(() => assert.fail('it waits'))]), { status: 401 });
  }
});

// ---- W12: the same user, whom nobody vouches for any more

// W12
test('the API answers 401 and the token is not renewed: signed out, with the words on the page and in the backup, and on when it is well again', async () => {
  const server = api();
  const one = await started();
  one.tokens.refused = Object.assign(new Error('disabled'), { code: 'auth/user-disabled' });
  one.write({ q: 'typed' });
  await until(() => one.state() === 'signed out');
  assert.match(one.detail(), /sign in to go on/);
  assert.equal(one.words().q, 'typed');
  assert.ok((await entries(store)).some(([key]) => String(key).startsWith('backup/alice/')));
  one.tokens.refused = null;
  one.signIn('alice');
  await until(() => server.draft()?.search_context?.q === 'typed', 'stored');
  await one.saved();
});

// W12
test('at the start: signed out, and what was unsaved and what was seen is on the page', async () => {
  const server = api();
  const before = await started();
  server.down = true;
  before.write({ q: 'unsaved' });
  await later(50);
  before.kill();
  server.down = false;
  server.instead = () => problem(401);
  const one = tab();
  await until(() => one.state() === 'signed out');
  await until(() => one.words().q === 'unsaved', 'the words are shown');
  server.instead = () => undefined;
  fire('online');
  await until(() => server.draft()?.search_context?.q === 'unsaved', 'stored');
});

// ---- nobody is signed in yet

test('what is typed while nobody is signed in is on the page, in the backup, and unsaved', async () => {
  api();
  const one = tab({ user: null });
  one.write({ q: 'unsigned' });
  await until(async () => (await entries(store)).some(([key]) => String(key).startsWith('backup/(nobody)/')));
  assert.deepEqual([one.words().q, one.state() === 'saved'], ['unsigned', false]);
});

test('what two earlier tabs left unsigned is the first user\'s, all of it', async () => {
  const server = api();
  for (const q of ['one', 'two']) {
    const left = tab({ user: null });
    left.write({ q });
    await until(async () => (await entries(store)).filter(([key]) => String(key).startsWith('backup/(nobody)/')).length === (q === 'one' ? 1 : 2));
    const { tab: id } = left.work.copy().env;
    await until(() => held.has(`dungeonmind/tab/(nobody)/${id}`));
    releaseTab('(nobody)', id);
    left.work.copy().env.end();
  }
  await later(10);
  const one = tab({ user: null });
  await until(() => one.words().q);
  one.signIn('alice');
  await one.storage.ready;
  await one.storage.whenStored();
  await later(50);
  const everything = JSON.stringify([server.users.alice.session.data, server.users.alice.projects]);
  assert.ok(everything.includes('one') && everything.includes('two'), everything);
});
