/** What this browser keeps is missed, never waited for: IndexedDB absent, throwing, silent, full; localStorage absent. */
import { later, until } from '../../tests/web/browser.mjs';
import { api } from '../../tests/web/server.mjs';
import { closeAll, fresh, started, tab } from '../../tests/web/page.mjs';
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { allKept, keep, kept, local, store, trouble } from './store.js';

const { indexedDB } = globalThis;
const { transaction } = IDBDatabase.prototype;
const full = () => {
  throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
};
/** Requests that are never answered. */
const silent = () => ({ objectStore: () => new Proxy({}, { get: (_, name) => (name === 'transaction' ? {} : () => ({})) }) });
const area = globalThis.localStorage;
const none = { configurable: true, get: () => full() }; // reading the property throws, as where cookies are forbidden

/** A module of its own, with a database that is not open yet. */
const another = (name) => import(`./store.js?${name}`);
const turns = async () => {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
};

test.beforeEach(fresh);
test.afterEach(async () => {
  mock.timers.reset();
  globalThis.indexedDB = indexedDB;
  IDBDatabase.prototype.transaction = transaction;
  Object.defineProperty(globalThis, 'localStorage', { configurable: true, writable: true, value: area });
  await keep([['done', undefined]]); // well again
  await closeAll();
});

test('what is kept is found by its key and by the beginning of its key, and is gone when it is taken out', async () => {
  assert.equal(await keep([['a/1', 1], ['a/2', 2], ['b/1', 3]]), true);
  assert.deepEqual([await kept('a/1'), await allKept('a/'), trouble.get()], [1, [['a/1', 1], ['a/2', 2]], null]);
  await keep([['a/1', undefined]]);
  assert.deepEqual([await kept('a/1'), await allKept('a/')], [undefined, [['a/2', 2]]]);
});

// W8
test('absent: what is kept is in memory as long as the page lives, and that is told', async () => {
  delete globalThis.indexedDB;
  const it = await another('absent');
  assert.equal(await it.keep([['a/1', 1], ['a/2', 2]]), false);
  assert.deepEqual([await it.kept('a/1'), await it.allKept('a/')], [1, [['a/1', 1], ['a/2', 2]]]);
  assert.match(it.trouble.get().message, /indexedDB/);
  await it.keep([['a/1', undefined]]);
  assert.deepEqual([await it.kept('a/1'), await it.allKept('a/')], [undefined, [['a/2', 2]]]);
});

// W8
test('throwing: the same, and well again it is told no more', async () => {
  await keep([['a/1', 'before']]);
  IDBDatabase.prototype.transaction = full;
  assert.equal(await keep([['a/1', 'after']]), false);
  assert.deepEqual([await kept('a/1'), trouble.get().name], ['after', 'QuotaExceededError']);
  IDBDatabase.prototype.transaction = transaction;
  assert.equal(await kept('a/1'), 'after');
  assert.equal(await keep([['a/1', 'again']]), true);
  assert.deepEqual([await kept('a/1'), trouble.get()], ['again', null]);
});

// W16
test('as long as something is in memory alone, nobody is told that this browser keeps everything', async () => {
  IDBDatabase.prototype.transaction = full;
  await keep([['large', 'x'.repeat(1000)]]);
  IDBDatabase.prototype.transaction = transaction;
  await keep([['small', 1]]);
  const inMemory = (await another('beside').then((it) => it.kept('large'))) === undefined;
  assert.ok(!inMemory || trouble.get(), 'it says that all is kept');
  await keep([['large', undefined], ['small', undefined]]);
  assert.equal(trouble.get(), null);
});

for (const [what, fault] of [
  ['open() is never answered', () => (globalThis.indexedDB = { open: () => ({}) })],
  ['a transaction is never answered', () => (IDBDatabase.prototype.transaction = silent)],
]) {
  // W8
  test(`${what}: after three seconds it goes on without, and asks again only later`, async () => {
    const it = await another(encodeURIComponent(what));
    fault();
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    let done;
    const writing = it.keep([['a', 1]]).then((kept) => (done = kept));
    await turns();
    mock.timers.tick(2900);
    await turns();
    assert.equal(done, undefined);
    mock.timers.tick(200);
    await writing;
    assert.deepEqual([done, await it.kept('a')], [false, 1]);
    assert.match(it.trouble.get().message, /does not answer/);
    assert.equal(await it.keep([['b', 2]]), false); // at once
    assert.deepEqual(await it.allKept('b'), [['b', 2]]);
    mock.timers.tick(31_000);
    let again = false;
    void it.keep([['c', 3]]).then(() => (again = true));
    await turns();
    assert.equal(again, false); // asked once more
    mock.timers.tick(3000);
    await turns();
    assert.equal(again, true);
  });
}

test('a clock that is set back does not keep it away from the database for ever', async () => {
  const it = await another('clock');
  IDBDatabase.prototype.transaction = silent;
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.parse('2030-01-01') });
  const writing = it.keep([['a', 1]]);
  await turns();
  mock.timers.tick(3000);
  await writing;
  mock.timers.reset();
  IDBDatabase.prototype.transaction = transaction;
  mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-01-01') });
  assert.equal(await it.keep([['a', 2]]), true);
});

test('localStorage that is absent, full or forbidden keeps nothing, and throws nothing', () => {
  Object.defineProperty(globalThis, 'localStorage', none);
  assert.deepEqual([local.get('x'), local.set('x', '1'), local.remove('x'), local.keys('')], [null, false, undefined, []]);
});

// ---- a whole page, whose server is well

const faults = {
  'IndexedDB throws': () => (IDBDatabase.prototype.transaction = full),
  'localStorage is forbidden': () => Object.defineProperty(globalThis, 'localStorage', none),
  'neither is there': () => {
    IDBDatabase.prototype.transaction = full;
    Object.defineProperty(globalThis, 'localStorage', none);
  },
  'there are no locks': () => Object.defineProperty(navigator, 'locks', { configurable: true, value: undefined }),
  'locks are never given': () => Object.defineProperty(navigator, 'locks', { configurable: true, value: { query: () => new Promise(() => {}), request: () => new Promise(() => {}) } }),
  'channels are forbidden': () => (globalThis.BroadcastChannel = class { constructor() { full(); } }),
}; // prettier-ignore

for (const [what, fault] of Object.entries(faults)) pageWith(what, fault);

function pageWith(what, fault) {
  // W8
  test(`${what}: a returning user's work is shown, and what is typed is saved to the server`, { timeout: 30_000 }, async () => {
    const { locks } = navigator;
    const { BroadcastChannel } = globalThis;
    const server = api();
    server.of('alice').session.data = { ruleslawyer: { draft_id: 'd', search_context: { q: 'stored' } } };
    fault();
    const clock = setInterval(() => mock.timers.tick(1000), 5); // a second takes 5 ms
    mock.timers.enable({ apis: ['setTimeout'] });
    const wait = async (found, text) => {
      for (const began = performance.now(); !found() && performance.now() - began < 5000; ) await new Promise(setImmediate);
      assert.ok(found(), text);
    };
    try {
      const one = tab();
      await wait(() => one.words().q === 'stored', `shown, but it is ${JSON.stringify(one.storage.status.get())}`);
      one.write({ r: 'typed' });
      await wait(() => server.draft().search_context.r === 'typed', 'stored');
      await wait(() => ['saved', 'no copy'].includes(one.state()), one.state());
      const keepsNone = what.includes('IndexedDB') || what.includes('neither');
      if (keepsNone) await wait(() => one.state() === 'no copy', `${one.state()}: it does not say that this browser keeps no copy`);
      assert.equal(one.state(), keepsNone ? 'no copy' : 'saved');
      if (keepsNone) assert.match(one.detail(), /keeps no copy/);
    } finally {
      clearInterval(clock);
      mock.timers.reset();
      Object.defineProperty(navigator, 'locks', { configurable: true, writable: true, value: locks });
      globalThis.BroadcastChannel = BroadcastChannel;
    }
  });
}

// W16
test('with a full database a long field can be cleared: it is saved', async () => {
  const server = api();
  const one = await started();
  one.write({ q: 'x'.repeat(5000) });
  await one.storage.whenStored();
  IDBDatabase.prototype.transaction = full;
  one.write({ q: 'short' });
  await one.storage.whenStored();
  assert.equal(server.draft().search_context.q, 'short');
  IDBDatabase.prototype.transaction = transaction;
  one.write({ q: 'well again' });
  await one.saved();
});

// W8
test('what the database does not take is in localStorage, and found at the next start', async () => {
  const server = api();
  const one = await started();
  IDBDatabase.prototype.transaction = full;
  server.down = true;
  one.write({ q: 'unsaved' });
  await until(() => Object.keys(localStorage).some((key) => key.startsWith('dungeonmind-backup/')));
  one.kill();
  IDBDatabase.prototype.transaction = transaction;
  server.down = false;
  const two = await started();
  await later();
  assert.deepEqual([two.words().q, server.draft().search_context.q], ['unsaved', 'unsaved']);
});

// The last one: the library asks a silent database again only half a minute later.
pageWith('IndexedDB is silent', () => (IDBDatabase.prototype.transaction = silent));
