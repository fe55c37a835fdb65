import assert from 'node:assert/strict';
import test from 'node:test';
import { observable } from './observable.js';
import { Problem } from './problem.js';
import { detailed, status, unsaved } from './status.js';

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
  one.phase('refused', new Problem(409, { detail: 'Not now.' })); // W18: with its reason
  assert.deepEqual([one.get().state, one.get().detail], ['refused', 'Not now.']);
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

// W12, W16, W17, W18
test('each reason why something is not stored has its own word', () => {
  const word = (code) => unsaved(new Problem(code, {}));
  assert.deepEqual([0, 401, 413].map(word), ['offline', 'signed out', 'storage full']);
  assert.deepEqual([403, 404, 409, 422].map(word), Array(4).fill('refused'));
  assert.deepEqual([408, 412, 429, 500, 503].map(word), Array(5).fill('unsaved')); // tried again by itself
  assert.equal(unsaved(), 'unsaved');
});

test('the reason is a sentence, and names the fields', () => {
  assert.equal(detailed(new Problem(422, { detail: 'Some fields are wrong.', errors: { 'state.name': ['Too long.'] } })), 'Some fields are wrong. state.name: Too long.');
  assert.match(detailed(new Problem(401, { detail: 'auth/user-disabled' })), /signed out: sign in to go on/); // W12
  assert.equal(detailed(undefined), undefined);
});

test('what is typed while the browser knows that it is offline is shown so at once', () => {
  navigator.onLine = false;
  assert.equal(unsaved(), 'offline');
  navigator.onLine = true;
});

test('the worst is told first, whoever tells it last; never better than the truth', () => {
  const worst = ['another user', 'signed out', 'storage full', 'refused', 'offline', 'unsaved', 'saving', 'no copy', 'changed elsewhere', 'saved'];
  for (const [i, one] of worst.entries()) {
    for (const other of worst.slice(i)) {
      for (const order of [[one, other], [other, one]]) {
        const shown = begun();
        order.forEach((state, who) => shown.tell(who, state));
        assert.equal(shown.get().state, one);
      }
    }
  }
});

test('the detail is of the word that is shown', () => {
  const one = begun();
  one.tell('a', 'unsaved', 'of a');
  one.tell('b', 'refused', 'of b');
  assert.deepEqual([one.get().state, one.get().detail], ['refused', 'of b']);
  one.tell('b', 'gone');
  assert.deepEqual([one.get().state, one.get().detail], ['unsaved', 'of a']);
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
