import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { WorkingCopy } from './copy.js';
import { observable } from './observable.js';
import { Problem } from './problem.js';
import { session } from './session.js';

Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });

/** A tab of alice's with a draft as of ETag "1", and answers to what it asks. */
function scene(...answers) {
  const env = {
    uid: 'alice', tab: 't', delay: 1e6, copies: new Set(), asked: [], told: [], log: () => {}, tell: () => {},
    drafts: () => [...env.copies].filter((copy) => copy.isDraft), backups: { put: async () => {}, remove: async () => {} }, seen: { document() {} },
    post: (...told) => env.told.push(told), project: async () => null,
    request: async (method, path) => (env.asked.push(`${method} ${path}`), answers.shift()()),
  }; // prettier-ignore
  env.session = session(env, { platform: 'web' }, observable(null));
  const copy = new WorkingCopy(env, 'ruleslawyer', { home: { kind: 'session' }, base: { draft_id: 'd', current_step: 'one' }, etag: '"1"' });
  return { env, copy, session: env.session };
}
const found = (step, etag) => () => ({ status: 200, data: { ruleslawyer: { draft_id: 'd', current_step: step } }, etag });
const opened = found('one', '"1"');

test('a draft without unsaved words becomes what the session holds', async () => {
  const { session: it, copy } = scene(opened, found('two', '"2"'), () => ({ status: 304 }));
  await it.open();
  await it.look();
  assert.deepEqual([copy.mine.current_step, copy.etag], ['two', '"2"']);
  await it.look();
  assert.deepEqual([it.doc.get().ruleslawyer.current_step, it.etag()], ['two', '"2"']);
  copy.close();
});

test('an answer that a save overtook changes nothing in the draft', async () => {
  const late = () => {
    copy.change({ current_step: 'saved meanwhile' });
    copy.acknowledge(copy.mine, '"9"');
    return found('two', '"2"')();
  };
  const { session: it, copy } = scene(opened, late);
  await it.open();
  await it.look();
  assert.deepEqual([copy.mine.current_step, copy.etag], ['saved meanwhile', '"9"']);
  copy.close();
});

test('a session that is gone is begun anew, and one is opened again each day', async () => {
  mock.timers.enable({ apis: ['Date'] });
  const { session: it, env, copy } = scene(opened, () => Promise.reject(new Problem(404)), opened, opened);
  await it.open();
  await it.look();
  mock.timers.tick(21 * 3600 * 1000);
  await it.look();
  assert.deepEqual(env.asked, ['PUT /api/session', 'GET /api/session', 'PUT /api/session', 'PUT /api/session']);
  copy.close();
  mock.timers.reset();
});

test('after a write beside the drafts the session is looked at, and the other tabs are told', async () => {
  const { session: it, env, copy } = scene(opened, () => ({ status: 200, data: { etag: '"2"' } }), found('one', '"2"'));
  await it.open();
  await it.write('PUT', '/clipboard/o1');
  assert.deepEqual([copy.etag, env.told], ['"2"', [['session', '"2"']]]);
  copy.close();
});

test('a draft that was closed while the session was asked is not told what it holds', async () => {
  const late = () => {
    copy.close();
    return { status: 200, data: {}, etag: '"2"' };
  };
  const { session: it, env, copy } = scene(opened, late);
  const states = [];
  Object.assign(env, { project: async () => ({ data: { id: 'p', name: 'P' } }), tell: (_, state) => states.push(state) });
  await it.open();
  await it.look();
  copy.queue.changed();
  assert.deepEqual([states.at(-1), copy.isDraft, copy.mine.current_step, copy.etag], ['gone', true, 'one', '"1"']);
});

test('of two answers the one that was asked for last counts, in whatever order they come', async () => {
  let slow;
  const { session: it, copy } = scene(opened, () => new Promise((go) => (slow = go)), found('three', '"3"'));
  await it.open();
  const first = it.look();
  await it.look();
  slow(found('two', '"2"')());
  await first;
  assert.deepEqual([copy.mine.current_step, it.etag(), it.doc.get().ruleslawyer.current_step], ['three', '"3"', 'three']);
  copy.close();
});

// W11
test('what a user who is gone meanwhile had asked for reaches nobody', async () => {
  const late = () => {
    env.ended = true;
    return found('secret', '"2"')();
  };
  const { session: it, env, copy } = scene(opened, late);
  await it.open();
  await assert.rejects(it.look(), { status: 401 });
  assert.deepEqual([it.doc.get().ruleslawyer.current_step, copy.mine.current_step], ['one', 'one']);
  copy.close();
});
