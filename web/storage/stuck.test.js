/** What is not stored and will not be by itself is named, and each has its ways out; it holds up no other document. */
import { fire, settled, until } from '../../tests/web/browser.mjs';
import { api, problem } from '../../tests/web/server.mjs';
import { closeAll, fresh, started } from '../../tests/web/page.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { entries } from '../vendor/idb-keyval.js';
import { store } from './store.js';

test.beforeEach(fresh);
test.afterEach(closeAll);

const stored = (server, id) => server.of('alice').projects[id].data.state.search_context;
const backups = async () => (await entries(store)).filter(([key]) => String(key).startsWith('backup/'));

/** Alice left p1, which was put into the trash elsewhere, with something unsaved, and has p2 open. */
async function leftBehind(server) {
  for (const id of ['p1', 'p2']) server.project(id, { q: id }, { name: `Project ${id}` });
  const one = await started();
  await one.work.open('p1');
  const { p1 } = server.of('alice').projects;
  server.elsewhere(p1, { ...p1.data, trashed: true });
  one.write({ r: 'unsaved words' });
  await assert.rejects(one.work.whenStored(), { status: 409 });
  await one.work.open('p2');
  return one;
}

// W17
test('a project that was left with a refused save is named, with its reason and ways out, and does not hold up the open one', async () => {
  const server = api();
  const one = await leftBehind(server);
  const [entry, ...more] = one.storage.stuck.get();
  assert.deepEqual([entry.tool, entry.projectId, entry.name, more], ['ruleslawyer', 'p1', 'Project p1', []]);
  assert.match(entry.message, /in the trash/);
  assert.deepEqual([...entry.can].sort(), ['discard', 'open', 'retry', 'saveAsNew', 'undelete']);
  assert.equal(one.state(), 'refused');
  assert.match(one.detail(), /Project p1/);
  one.write({ r: 'in p2' });
  await one.work.whenStored();
  assert.deepEqual(stored(server, 'p2'), { q: 'p2', r: 'in p2' });
});

// W17
for (const [how, check] of Object.entries({
  undelete: (server) => assert.deepEqual([stored(server, 'p1'), server.of('alice').projects.p1.data.trashed], [{ q: 'p1', r: 'unsaved words' }, false]),
  saveAsNew(server, one) {
    const [made, ...more] = Object.values(server.of('alice').projects).filter(({ data: { id } }) => !['p1', 'p2'].includes(id));
    assert.deepEqual([made.data.state.search_context, more, one.work.home.get().id], [{ q: 'p1', r: 'unsaved words' }, [], made.data.id]);
  },
  open: (server, one) => assert.deepEqual([one.work.home.get().id, one.words()], ['p1', { q: 'p1', r: 'unsaved words' }]),
  async discard(server, one) {
    const [kept] = (await one.storage.kept.list({ tool: 'ruleslawyer' })).filter(({ reason }) => reason === 'discarded');
    assert.deepEqual((await one.storage.kept.get(kept)).search_context, { q: 'p1', r: 'unsaved words' }); // even so
    assert.deepEqual(stored(server, 'p1'), { q: 'p1' });
  },
})) {
  test(`${how} is a way out: nothing is stuck any more, and the words are where they are looked for`, async () => {
    const server = api();
    const one = await leftBehind(server);
    await one.storage.settle(one.storage.stuck.get()[0], how);
    await check(server, one);
    if (how === 'open') return; // it is on the page, and still refused
    await settled();
    assert.deepEqual([one.storage.stuck.get(), await backups()], [[], []]);
    await one.saved();
  });
}

// W17
test('retry: put back elsewhere, it is stored; still in the trash, it says so again', async () => {
  const server = api();
  const one = await leftBehind(server);
  const [entry] = one.storage.stuck.get();
  await assert.rejects(one.storage.settle(entry, 'retry'), { status: 409 });
  assert.equal(one.storage.stuck.get().length, 1);
  const { p1 } = server.of('alice').projects;
  server.elsewhere(p1, { ...p1.data, trashed: false });
  await one.storage.settle(entry, 'retry');
  assert.deepEqual([stored(server, 'p1'), one.storage.stuck.get()], [{ q: 'p1', r: 'unsaved words' }, []]);
});

// W17
test('settled twice, as by a double click, "save as new" makes one project', async () => {
  const server = api();
  const one = await leftBehind(server);
  const [entry] = one.storage.stuck.get();
  await Promise.all([one.storage.settle(entry, 'saveAsNew'), one.storage.settle(entry, 'saveAsNew')].map((it) => it.catch(() => {})));
  assert.equal(Object.keys(server.of('alice').projects).length, 3);
  const made = Object.values(server.of('alice').projects).find(({ data: { id } }) => !['p1', 'p2'].includes(id));
  assert.deepEqual(made.data.state.search_context, { q: 'p1', r: 'unsaved words' });
});

// W20
test('a project that is left with a field that is refused is named at once', async () => {
  const server = api();
  for (const id of ['p1', 'p2']) server.project(id, { q: id });
  server.refused = (state) => (String(state.search_context?.q ?? '').includes('too long') ? { 'search_context.q': ['Longer than 10 letters.'] } : null);
  const one = await started();
  await one.work.open('p1');
  one.write({ q: 'much too long', r: 'fine' });
  await assert.rejects(one.work.whenStored(), /10 letters/);
  assert.deepEqual(one.storage.stuck.get(), []); // it is on the page, named in work.refused
  await one.work.open('p2');
  assert.deepEqual(one.storage.stuck.get().map(({ projectId, message }) => [projectId, /10 letters/.test(message)]), [['p1', true]]);
  assert.match(one.detail(), /"p1"/);
  const [entry] = one.storage.stuck.get();
  await one.storage.settle(entry, 'open');
  assert.deepEqual([one.words(), one.storage.stuck.get(), one.work.refused.get().length], [{ q: 'much too long', r: 'fine' }, [], 1]);
});

// W10
test('what recovery could not place is stuck, with its words; it is tried again, or given up as a snapshot', async () => {
  for (const how of ['retry', 'saveAsNew', 'discard']) {
    const server = api();
    server.project('p1', { q: 'p1' });
    const before = await started();
    await before.work.open('p1');
    server.down = true;
    before.write({ r: 'unsaved words' });
    await until(async () => (await backups()).length);
    before.kill();
    server.down = false;
    server.instead = (method, path) => (path.endsWith('/recover') ? problem(403, { detail: 'Not allowed.' }) : undefined);
    const one = await started();
    const [entry] = one.storage.stuck.get();
    assert.match(entry.message, /Not allowed/);
    assert.ok(entry.can.includes('retry') && entry.can.includes('discard'));
    await assert.rejects(one.storage.settle(entry, 'retry'), { status: 403 });
    server.instead = () => undefined;
    await one.storage.settle(entry, how);
    await settled();
    assert.deepEqual([one.storage.stuck.get(), await backups()], [[], []], how);
    if (how === 'retry') assert.deepEqual(stored(server, 'p1'), { q: 'p1', r: 'unsaved words' });
    if (how === 'saveAsNew') assert.ok(JSON.stringify(server.of('alice').projects).split('unsaved words').length === 2);
    if (how === 'discard') assert.match((await one.storage.kept.list({ tool: 'ruleslawyer' }))[0].words, /unsaved words/);
    await one.saved();
    await one.storage.close();
    fire('online');
  }
});

test('"save as new" whose answer was lost, asked once more, makes one project', async () => {
  const server = api();
  const one = await leftBehind(server);
  const [entry] = one.storage.stuck.get();
  let lost = true;
  server.instead = async (method, path, body) => {
    if (method !== 'POST' || !path.endsWith('/projects') || !lost) return undefined;
    lost = false;
    server.instead = () => undefined;
    await fetch(path, { method, body: JSON.stringify(body), headers: { Authorization: 'Bearer alice' } }); // it came in
    return new TypeError('the answer is lost');
  };
  await assert.rejects(one.storage.settle(entry, 'saveAsNew'), { status: 0 });
  assert.equal(one.storage.stuck.get().length, 1);
  await one.storage.settle(one.storage.stuck.get()[0], 'saveAsNew');
  assert.equal(Object.keys(server.of('alice').projects).length, 3);
});
