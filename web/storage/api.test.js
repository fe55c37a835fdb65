import assert from 'node:assert/strict';
import test from 'node:test';
import { api } from './api.js';
import { Problem } from './problem.js';
import { page } from './tabs.js';

const json = (body, { status = 200, headers = {} } = {}) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });

/** A refusal as the API words it (RFC 9457), with its Content-Type. */
const refusal = (status, body = {}, headers = {}) => json(body, { status, headers: { 'Content-Type': 'application/problem+json', ...headers } });
const portal = (status = 200) => new Response('<p>Welcome. Please sign in.', { status, headers: { 'Content-Type': 'text/html' } });
const isNoAnswer = (error) => error instanceof Problem && error.status === 0 && error.passing;

/** Requests of alice's to a network that gives these answers, and what was sent. */
function scene(...answers) {
  const sent = [];
  globalThis.fetch = async (path, options) => {
    sent.push({ path, ...options });
    const next = answers.shift();
    if (next instanceof Error) throw next;
    return next;
  };
  const tokens = { count: 0 };
  const user = { uid: 'alice', isAnonymous: true, getIdToken: async (force) => `token ${++tokens.count}${force ? ' renewed' : ''}` };
  return { request: api(() => user, 'device-1'), sent, tokens };
}

test('a request says who, from where, based on what, and by which id it will be known', async () => {
  const { request, sent } = scene(json({ ok: true }, { headers: { ETag: 'W/"2"' } }));
  const answer = await request('PATCH', '/api/x', { body: { a: 1 }, etag: '"1"', saveId: 's1' });
  assert.deepEqual(sent[0].headers, {
    Authorization: 'Bearer token 1', 'X-Device-Id': 'device-1', 'Content-Type': 'application/json', 'If-Match': '"1"', 'X-Save-Id': 's1',
  }); // prettier-ignore
  assert.deepEqual([answer.data, answer.etag, sent[0].body, sent[0].keepalive], [{ ok: true }, '"2"', '{"a":1}', false]);
});

test('a refused token is renewed once', async () => {
  const { request, sent } = scene(refusal(401), json({}));
  await request('GET', '/api/x');
  assert.deepEqual(sent.map(({ headers }) => headers.Authorization), ['Bearer token 1', 'Bearer token 2 renewed']);
  const still = scene(refusal(401), refusal(401, { detail: 'No.' }));
  await assert.rejects(still.request('GET', '/api/x'), { status: 401, detail: 'No.' });
});

test('no answer, half an answer and the sign-in page of a hotel are no answer', async () => {
  const html = new Response('<p>Welcome', { headers: { 'Content-Type': 'text/html' } });
  const half = new Response('{"etag":', { headers: { 'Content-Type': 'application/json' } });
  for (const none of [new TypeError('Failed to fetch'), html, half]) {
    await assert.rejects(scene(none).request('PATCH', '/api/x', { body: {} }), (error) => error instanceof Problem && error.status === 0 && error.passing);
  }
});

// W14
test('a 403, 404 or 500 of a portal is no answer of ours: it is as if nobody had answered', async () => {
  for (const status of [200, 401, 403, 404, 409, 413, 422, 500, 503]) {
    await assert.rejects(scene(portal(status)).request('GET', '/api/x', { document: true }), isNoAnswer, `HTML with ${status}`);
  }
  for (const status of [403, 404]) await assert.rejects(scene(json({ detail: 'no' }, { status })).request('GET', '/api/x'), isNoAnswer, 'JSON that is no problem document');
});

// W9
test('of a document nothing counts as stored without an ETag: not an empty 200, not {}, not a 204', async () => {
  const empty = () => new Response('', { headers: { 'Content-Type': 'application/json' } });
  for (const answer of [empty(), json({}), json({ etag: '"2"' }), new Response(null, { status: 204 })]) {
    await assert.rejects(scene(answer).request('PATCH', '/api/x', { body: {}, document: true }), isNoAnswer);
  }
  assert.equal((await scene(json({}, { headers: { ETag: '"2"' } })).request('PATCH', '/api/x', { body: {}, document: true })).etag, '"2"');
  assert.equal((await scene(new Response(null, { status: 304 })).request('GET', '/api/x', { document: true, seen: '"1"' })).status, 304);
  await assert.rejects(scene(new Response(null, { status: 304 })).request('PATCH', '/api/x', { body: {}, document: true }), { status: 0 });
});

// W12
test('a token that is not renewed any more is 401; one that the network withheld, or that never comes, is no answer', async (context) => {
  const user = (getIdToken) => api(() => ({ uid: 'a', isAnonymous: true, getIdToken }), 'd')('GET', '/x');
  const failed = (code) => () => Promise.reject(Object.assign(new Error(code), { code }));
  for (const code of ['auth/user-token-expired', 'auth/user-disabled']) await assert.rejects(user(failed(code)), { status: 401 });
  await assert.rejects(user(failed('auth/network-request-failed')), { status: 0 });
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const never = assert.rejects(user(() => new Promise(() => {})), { status: 0 });
  context.mock.timers.tick(30_000);
  await never;
});

test('how long to wait comes along with a refusal', async () => {
  const problem = await scene(refusal(503, {}, { 'Retry-After': '7' })).request('GET', '/x').catch((error) => error);
  assert.deepEqual([problem.retryAfter, problem.passing], [7, true]);
});

test('a refusal is a problem with all that it says', async () => {
  const body = { title: 'Precondition Failed', detail: 'Somebody saved.', current: { a: 1 }, etag: '"9"', updated_by: { save_id: 's1' } };
  const problem = await scene(json(body, { status: 412, headers: { 'Content-Type': 'application/problem+json' } })).request('GET', '/x').catch((error) => error);
  assert.deepEqual([problem.message, problem.current, problem.etag, problem.updatedBy.save_id, problem.passing], ['Somebody saved.', { a: 1 }, '"9"', 's1', false]);
});

test('204 and 304 have no body', async () => {
  for (const status of [204, 304]) assert.equal((await scene(new Response(null, { status })).request('GET', '/x', { seen: '"1"' })).status, status);
});

test('a page that goes away sends at once, with the token it has, and the request outlives it', async () => {
  const { request, sent, tokens } = scene(json({}), json({}), json({}));
  await request('GET', '/api/x');
  page.leaving = true;
  const going = request('PATCH', '/api/x', { body: { a: 1 } });
  await request('PATCH', '/api/x', { body: { a: 'x'.repeat(70_000) } });
  page.leaving = false;
  await going;
  assert.deepEqual(sent.map(({ keepalive }) => keepalive), [false, true, false]);
  assert.equal(tokens.count, 1);
});

test('nobody signed in is 401', async () => {
  await assert.rejects(api(() => null, 'd')('GET', '/x'), { status: 401 });
});
