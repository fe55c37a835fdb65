/** Where kept things are found: one list, from every place, each read, compared, and brought back. */
import { fire, later, until } from '../../tests/web/browser.mjs';
import { api } from '../../tests/web/server.mjs';
import { closeAll, fresh, started } from '../../tests/web/page.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';

test.beforeEach(fresh);
test.afterEach(closeAll);

const save = (id, words, more = {}) => [id, { id, tool: 'ruleslawyer', name: `Save ${id}`, reason: 'named', created_at: '2026-11-20T10:00:00Z', updated_by: { name: 'Bob', device: 'phone' }, preview: words, state: { search_context: { q: words } }, ...more }];

/** Alice with p1 open; a save of the session, one of the project, and a snapshot of this browser. */
async function scene(server) {
  server.project('p1', { q: 'now' });
  server.of('alice').session.saves = new Map([save('s1', 'of the session', { created_at: '2026-11-21T10:00:00Z' }), save('s2', 'of another tool', { tool: 'storegenerator' })]);
  server.of('alice').projects.p1.saves = new Map([save('s3', 'of the project')]);
  const one = await started();
  await one.work.open('p1');
  one.write({ q: 'x'.repeat(60) });
  await one.storage.whenStored();
  one.write({ q: 'short' });
  await one.storage.whenStored();
  await until(async () => (await one.storage.snapshots.list()).length);
  return one;
}

test('saves of the session and of the project, and snapshots of this browser, are one list, newest first, with when, why, who and the first words', async () => {
  const server = api();
  const one = await scene(server);
  const found = await one.storage.kept.list({ tool: 'ruleslawyer', projectId: 'p1' });
  assert.deepEqual(found.map(({ kind, place, reason }) => [kind, place, reason]), [['snapshot', 'browser', 'emptied'], ['save', 'session', 'named'], ['save', 'project', 'named']]);
  const [snapshot, , ofProject] = found;
  assert.match(snapshot.words, /^x{20}/);
  assert.deepEqual(ofProject, {
    kind: 'save', id: 's3', place: 'project', tool: 'ruleslawyer', projectId: 'p1', name: 'Save s3', reason: 'named', at: Date.parse('2026-11-20T10:00:00Z'), by: 'Bob', device: 'phone', words: 'of the project',
  }); // prettier-ignore
  assert.ok(snapshot.words.length <= 200);
  assert.deepEqual((await one.storage.kept.list({ tool: 'ruleslawyer' })).map(({ place }) => place), ['browser', 'session']);
});

test('the list is complete: it follows the pages to the end', async () => {
  const server = api();
  const one = await scene(server);
  server.instead = (method, path) => {
    if (!path.startsWith('/api/session/saves')) return undefined;
    const page = Number(new URL(path, 'http://x').searchParams.get('cursor') ?? 0);
    const saves = Array.from({ length: 50 }, (_, i) => ({ id: `p${page}-${i}`, tool: 'ruleslawyer', created_at: '2026-11-20T10:00:00Z' }));
    return new Response(JSON.stringify({ saves, ...(page < 2 && { next: String(page + 1) }) }), { headers: { 'Content-Type': 'application/json' } });
  };
  const found = await one.storage.kept.list({ tool: 'ruleslawyer' });
  assert.equal(found.filter(({ place }) => place === 'session').length, 150);
});

test('without a server the list is what this browser has', async () => {
  const server = api();
  const one = await scene(server);
  server.down = true;
  assert.deepEqual((await one.storage.kept.list({ tool: 'ruleslawyer', projectId: 'p1' })).map(({ place }) => place), ['browser']);
});

test('each is read as a state of the tool, wherever it is kept; of a card in the project\'s spelling', async () => {
  const server = api();
  const one = await scene(server);
  const states = [];
  for (const entry of await one.storage.kept.list({ tool: 'ruleslawyer', projectId: 'p1' })) states.push((await one.storage.kept.get(entry)).search_context.q);
  assert.deepEqual(states, ['x'.repeat(60), 'of the session', 'of the project']);
  server.of('alice').session.saves = new Map([save('c', 'card', { tool: 'cardgenerator', state: { draft_item_data: { name: 'Sunblade' }, current_step: 'core-image' } })]);
  const [card] = (await one.storage.kept.list({ tool: 'cardgenerator' })).filter(({ place }) => place === 'session');
  assert.deepEqual(await one.storage.kept.get(card), { itemDetails: { name: 'Sunblade' }, currentStep: 'core-image' });
});

// W7
test('restored, it is what is on the page and stored; what was there before is kept first, and undo brings it back', async () => {
  const server = api();
  const one = await scene(server);
  const entry = (await one.storage.kept.list({ tool: 'ruleslawyer', projectId: 'p1' })).find(({ id }) => id === 's3');
  await one.storage.kept.restore(entry);
  assert.deepEqual(one.words(), { q: 'of the project' });
  await one.storage.whenStored();
  assert.deepEqual(server.of('alice').projects.p1.data.state.search_context, { q: 'of the project' });
  const before = [...server.of('alice').projects.p1.saves.values()].find(({ reason }) => reason === 'before-restore');
  assert.deepEqual(before.state.search_context, { q: 'short' });
  one.work.undo();
  assert.deepEqual(one.words(), { q: 'short' });
});

test('what another saves while the state before is being kept is kept, too, before it is replaced', async () => {
  const server = api();
  const one = await scene(server);
  const { p1 } = server.of('alice').projects;
  const entry = (await one.storage.kept.list({ tool: 'ruleslawyer', projectId: 'p1' })).find(({ id }) => id === 's3');
  server.hold = (method, path) => method === 'POST' && path.endsWith('/saves');
  const restoring = one.storage.kept.restore(entry);
  await until(() => server.waiting.length);
  server.elsewhere(p1, { ...p1.data, state: { search_context: { q: 'of another' } } });
  fire('focus');
  await until(() => one.words().q === 'of another');
  server.release();
  await restoring;
  await one.storage.whenStored();
  assert.equal(p1.data.state.search_context.q, 'of the project');
  assert.ok([...p1.saves.values()].some(({ reason, state }) => reason === 'before-restore' && state.search_context.q === 'of another'));
});

test('restored without a server, what was there is a snapshot of this browser', async () => {
  const server = api();
  const one = await scene(server);
  const [snapshot] = await one.storage.kept.list({ tool: 'ruleslawyer' });
  server.down = true;
  await one.storage.kept.restore(snapshot);
  assert.deepEqual(one.words(), { q: 'x'.repeat(60) });
  const [newest] = await one.storage.kept.list({ tool: 'ruleslawyer' });
  assert.deepEqual([newest.reason, (await one.storage.kept.get(newest)).search_context], ['before restore', { q: 'short' }]);
  server.down = false;
});

test('restored into a draft, it stays the same draft', async () => {
  const server = api();
  const one = await started();
  one.write({ q: 'draft' });
  await one.storage.whenStored();
  const { draft_id } = server.draft();
  server.of('alice').session.saves = new Map([save('s1', 'kept', { state: { draft_id: 'another', search_context: { q: 'kept' } } })]);
  const entry = (await one.storage.kept.list({ tool: 'ruleslawyer' })).find(({ id }) => id === 's1');
  await one.storage.kept.restore(entry);
  await one.storage.whenStored();
  assert.deepEqual(server.draft(), { draft_id, search_context: { q: 'kept' } });
});

test('what cannot be read is shown as it is, and is not restored over what is there', async () => {
  const server = api();
  const one = await scene(server);
  server.of('alice').session.saves = new Map([save('part', 'part', { reason: 'quarantine', state: { json: '{"item', part: 1, of: 2 } })]);
  const entry = (await one.storage.kept.list({ tool: 'ruleslawyer' })).find(({ id }) => id === 'part');
  assert.deepEqual(await one.storage.kept.get(entry), { unreadable: { json: '{"item', part: 1, of: 2 } });
  await assert.rejects(one.storage.kept.restore(entry), { status: 422 });
  assert.deepEqual(one.words(), { q: 'short' });
});

test('a snapshot, a save of the session and one of a project may be removed', async () => {
  const server = api();
  const one = await scene(server);
  const [snapshot, ofSession, ofProject] = await one.storage.kept.list({ tool: 'ruleslawyer', projectId: 'p1' });
  await one.storage.kept.remove(snapshot);
  await one.storage.kept.remove(ofSession);
  await one.storage.kept.remove(ofProject);
  assert.deepEqual((await one.storage.kept.list({ tool: 'ruleslawyer', projectId: 'p1' })).map(({ id }) => id), []);
});

// W11
test('what is restored while another user comes is neither typed nor kept for them', async () => {
  const server = api();
  const one = await scene(server);
  const [, entry] = await one.storage.kept.list({ tool: 'ruleslawyer', projectId: 'p1' });
  one.write({ q: 'alice was here' });
  await one.storage.whenStored();
  server.hold = (method, path) => method === 'POST' && path.endsWith('/saves');
  const restoring = one.storage.kept.restore(entry);
  await until(() => server.waiting.length > 0);
  await one.storage.switching(async () => one.signIn('bob'));
  server.hold = () => false;
  server.release();
  await assert.rejects(restoring);
  await one.saved();
  assert.deepEqual(one.words(), {});
  assert.deepEqual(await one.storage.snapshots.list(), []);
  assert.deepEqual(server.of('bob').session.data.ruleslawyer ?? {}, {});
});
test('what is restored while another document is opened changes neither', async () => {
  const server = api();
  const one = await scene(server);
  server.project('p2', { q: 'two' });
  const [, entry] = await one.storage.kept.list({ tool: 'ruleslawyer', projectId: 'p1' });
  one.write({ q: 'one' });
  await one.storage.whenStored();
  server.hold = (method, path) => method === 'POST' && path.endsWith('/saves');
  const restoring = one.storage.kept.restore(entry);
  await until(() => server.waiting.length > 0);
  await one.work.open('p2');
  server.hold = () => false;
  server.release();
  await assert.rejects(restoring, { status: 409 });
  assert.deepEqual(one.words(), { q: 'two' });
});

test('another user finds nothing of it in this browser', async () => {
  const server = api();
  const one = await scene(server);
  one.signIn('bob');
  one.storage.proceed();
  await one.saved();
  assert.deepEqual(await one.storage.kept.list({ tool: 'ruleslawyer' }), []);
  await later();
});
