import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import fc from 'fast-check';
import { autosave } from './autosave.js';

/** A page with a counter for a state, a server that answers when told, and time that passes when told. */
function scene({ delay = 2000 } = {}) {
  const now = { typed: 0, sent: [], stored: 0, inFlight: 0, told: 'saved', error: undefined };
  const answers = [];
  const save = () => {
    now.inFlight++;
    assert.equal(now.inFlight, 1, 'two requests in flight');
    const state = now.typed;
    now.sent.push(state);
    return new Promise((resolve, reject) => {
      answers.push((error) => {
        now.inFlight--;
        if (error) return reject(error);
        now.stored = state;
        resolve();
      });
    });
  };
  const tell = (told, error) => Object.assign(now, { told, error });
  const queue = autosave(save, { delay, tell });
  const type = () => (now.typed++, queue.changed());
  const answer = async (error) => {
    answers.shift()?.(error);
    for (let i = 0; i < 5; i++) await Promise.resolve();
  };
  return { now, queue, type, answer };
}

test.beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
test.afterEach(() => mock.timers.reset());

const lost = Object.assign(new Error('no answer'), { passing: true, status: 0 });
const refused = Object.assign(new Error('too large'), { passing: false });
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(['type']) },
    { weight: 3, arbitrary: fc.tuple(fc.constant('wait'), fc.integer({ min: 1, max: 4000 })) },
    { weight: 2, arbitrary: fc.constant(['stored']) },
    fc.constant(['lost']),
    fc.constant(['refused']),
    fc.constant(['flush']),
  ),
  { maxLength: 60 },
);

test('never two in flight, never an older state after a newer, and the last is stored or told to be unsaved', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const { now, queue, type, answer } = scene();
      const act = {
        type,
        wait: (ms) => mock.timers.tick(ms),
        stored: () => answer(),
        lost: () => answer(lost),
        refused: () => answer(refused),
        flush: () => void queue.flush().catch(() => {}),
      };
      for (const [name, ms] of all) {
        await act[name](ms);
        if (now.told === 'saved') assert.equal(now.stored, now.typed, 'told to be saved, and is not');
      }
      assert.deepEqual(now.sent, [...now.sent].sort((one, other) => one - other));
      const refusedLast = now.error === refused && now.inFlight === 0;
      for (let i = 0; i < 4; i++) {
        mock.timers.tick(60_000);
        await answer();
      }
      assert.ok(now.stored === now.typed ? now.told === 'saved' : now.told === 'unsaved' && refusedLast);
      queue.stop();
    }),
    { numRuns: 500 },
  );
});

test('saves once, two seconds after the last change', async () => {
  const { now, type, answer } = scene();
  for (let i = 0; i < 5; i++) type(mock.timers.tick(1000));
  mock.timers.tick(1999);
  assert.deepEqual(now.sent, []);
  mock.timers.tick(1);
  assert.deepEqual(now.sent, [5]);
  await answer();
  mock.timers.tick(60_000);
  assert.deepEqual(now.sent, [5]);
});

test('a person who never pauses is saved all the same', () => {
  const { now, type } = scene();
  for (let i = 0; i < 12; i++) type(mock.timers.tick(1000));
  assert.equal(now.sent.length, 1);
});

test('what is typed while a request is in flight is sent after its answer', async () => {
  const { now, queue, type, answer } = scene();
  type();
  mock.timers.tick(2000);
  type();
  const stored = queue.flush();
  assert.deepEqual(now.sent, [1]);
  await answer();
  mock.timers.tick(0);
  assert.deepEqual(now.sent, [1, 2]);
  await answer();
  await stored;
  assert.equal(now.told, 'saved');
});

/** ms until the next request, in steps of 25, at most two minutes. */
function pauseOf(now) {
  const before = now.sent.length;
  for (let ms = 0; ms <= 120_000; ms += 25) {
    if (now.sent.length > before) return ms;
    mock.timers.tick(25);
  }
  return Infinity;
}

// W18
test('tries again later and later while there is no answer, each client at its own moment, at once when asked', async () => {
  const { now, queue, type, answer } = scene();
  type();
  mock.timers.tick(2000);
  const pauses = [];
  for (const pause of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
    await answer(lost);
    pauses.push(pauseOf(now));
    assert.ok(pauses.at(-1) >= 0.7 * pause && pauses.at(-1) <= 1.3 * pause, `${pauses.at(-1)} is not about ${pause}`);
  }
  assert.ok(pauses.some((ms) => ms % 1000 > 50 && ms % 1000 < 950), `no jitter: ${pauses}`);
  await answer(lost);
  const stored = queue.flush();
  await answer();
  await stored;
});

// W18
test('not before the server allows it: Retry-After holds for changes and for flush too', async () => {
  const { now, queue, type, answer } = scene();
  const busy = Object.assign(new Error('busy'), { passing: true, status: 503, retryAfter: 60 });
  type();
  mock.timers.tick(2000);
  await answer(busy);
  type();
  void queue.flush();
  mock.timers.tick(59_000);
  assert.equal(now.sent.length, 1);
  mock.timers.tick(2000);
  assert.equal(now.sent.length, 2);
});

// W12
test('a sign-in that is over, and a save that met another, are tried again; what is refused for good is not', async () => {
  for (const [status, again] of [[401, true], [412, true], [403, false], [404, false], [409, false], [413, false], [422, false]]) {
    const { now, queue, type, answer } = scene();
    type();
    mock.timers.tick(2000);
    await answer(Object.assign(new Error(String(status)), { passing: false, status }));
    assert.equal(pauseOf(now) < Infinity, again, String(status));
    queue.stop();
  }
});

test('what was given up is settled: nobody waits, and nothing is sent', async () => {
  const { now, queue, type } = scene();
  type();
  queue.settled();
  await queue.flush();
  mock.timers.tick(60_000);
  assert.deepEqual([now.sent, now.told, queue.isIdle], [[], 'saved', true]);
});

test('flush rejects what is refused for good, and does not ask again by itself', async () => {
  const { now, queue, type, answer } = scene();
  type();
  const stored = queue.flush();
  await answer(refused);
  await assert.rejects(stored, refused);
  mock.timers.tick(600_000);
  assert.equal(now.sent.length, 1);
  assert.equal(now.told, 'unsaved');
  type();
  mock.timers.tick(2000);
  assert.equal(now.sent.length, 2);
});

test('stopped while a save is in the air, it tells nothing any more, and nobody waits for ever', async () => {
  const { now, queue, type, answer } = scene();
  type();
  const stored = queue.flush();
  queue.stop();
  now.told = 'gone';
  await answer(lost);
  await assert.rejects(stored, lost);
  type();
  assert.equal(now.told, 'gone');
});

test('stopped, it sends nothing any more', () => {
  const { now, queue, type } = scene();
  type();
  queue.stop();
  mock.timers.tick(600_000);
  assert.deepEqual(now.sent, []);
});
