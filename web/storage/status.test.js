import assert from 'node:assert/strict';
import test from 'node:test';
import { observable } from './observable.js';
import { Problem } from './problem.js';
import { status } from './status.js';

Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true });

/** A status after the start, and what it has shown since. */
function begun() {
  const one = status();
  one.phase(null);
  const seen = [];
  one.subscribe(({ state }) => seen.push(state));
  return { ...one, seen };
}

test('before anything can be saved it is loading, then restoring, whatever is told', () => {
  const one = status();
  one.tell('a', 'saved');
  assert.equal(one.get().state, 'loading');
  one.phase('restoring');
  assert.equal(one.get().state, 'restoring');
  one.phase(null);
  assert.equal(one.get().state, 'saved');
});

test('of many copies the worst is shown; one that is gone counts no more', () => {
  const one = begun();
  one.tell('a', 'unsaved');
  one.tell('b', 'saving');
  assert.equal(one.get().state, 'unsaved');
  one.tell('a', 'saved');
  assert.equal(one.get().state, 'saving');
  one.tell('b', 'gone');
  assert.equal(one.get().state, 'saved');
  assert.deepEqual(one.seen, ['saved', 'unsaved', 'saving', 'saved']);
});

test('no answer is offline, a refusal unsaved with its reason, too much storage full', () => {
  const one = begun();
  one.tell('a', 'unsaved', new Problem(0, { detail: 'No answer.' }));
  assert.equal(one.get().state, 'offline');
  one.tell('a', 'unsaved', new Problem(422, { detail: 'Some fields are wrong.', errors: { 'state.name': ['Too long.'] } }));
  assert.deepEqual([one.get().state, one.get().detail], ['unsaved', 'Some fields are wrong. state.name: Too long.']);
  one.tell('a', 'unsaved', new Problem(413, {}));
  assert.equal(one.get().state, 'storage full');
  one.tell('a', 'unsaved', Object.assign(new Error('full'), { name: 'QuotaExceededError' }));
  assert.equal(one.get().state, 'storage full');
});

test('what is typed while the browser knows that it is offline is shown so at once', () => {
  const one = begun();
  navigator.onLine = false;
  one.tell('a', 'unsaved');
  navigator.onLine = true;
  assert.equal(one.get().state, 'offline');
});

test('a conflict shows until it is settled, and never hides what is unsaved', () => {
  const one = begun();
  one.tell('conflicts', 'changed elsewhere');
  one.tell('a', 'unsaved');
  assert.equal(one.get().state, 'unsaved');
  one.tell('a', 'saved');
  assert.equal(one.get().state, 'changed elsewhere');
  one.tell('conflicts', 'gone');
  assert.equal(one.get().state, 'saved');
});

test('an observable tells the present value at once, a change once, and nothing after leaving', () => {
  const one = observable(1);
  const heard = [];
  const leave = one.subscribe((value) => heard.push(value));
  one.set(2);
  one.set(2);
  leave();
  one.set(3);
  assert.deepEqual(heard, [1, 2]);
});

test('a problem says whether the same request may succeed later', () => {
  const passing = [0, 408, 429, 500, 503].map((code) => new Problem(code).passing);
  const lasting = [401, 403, 404, 409, 412, 413, 422].map((code) => new Problem(code).passing);
  assert.ok(passing.every(Boolean) && !lasting.some(Boolean));
});
