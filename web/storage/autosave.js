/** Autosave: one save at a time, a pause after the last change, again until it is stored.
 *
 *  @param {() => Promise<void>} save  stores the newest state; rejects if it was not stored
 *  @param {object} [options]
 *  @param {number} [options.delay]  ms without a change; a person who never pauses is saved every five times that
 *  @param {(state: 'unsaved' | 'saving' | 'saved', error?: any) => void} [options.tell]
 *  @param {number} [options.longest]  ms between two tries at most, unless the server asks for more */
export function autosave(save, { delay = 2000, tell = () => {}, longest = 30_000 } = {}) {
  let changes = 0;
  let stored = 0;
  let failures = 0;
  let since = 0;
  let notBefore = 0;
  let mayHurry = false;
  let stopped = false;
  let urgent = false;
  /** @type {Promise<void> | null} */
  let flying = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {{upTo: number, resolve: () => void, reject: (error: any) => void}[]} */
  let waiting = [];

  /** One that is stopped says nothing. @type {typeof tell} */
  const say = (state, error) => {
    if (!stopped) tell(state, error);
  };

  const soon = (ms = 0) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(start, ms);
  };

  function start() {
    clearTimeout(timer);
    if (!flying && !stopped && stored < changes) flying = run();
  }

  async function run() {
    const upTo = changes;
    urgent = false;
    since = Date.now();
    say('saving');
    try {
      await save();
      landed(upTo);
    } catch (error) {
      failed(error);
    }
  }

  /** @param {number} upTo */
  function landed(upTo) {
    flying = null;
    failures = notBefore = 0;
    stored = Math.max(stored, upTo);
    settle();
    say(stored < changes ? 'unsaved' : 'saved');
    if (stored < changes) soon(urgent ? 0 : delay);
  }

  /** @param {any} error */
  function failed(error) {
    flying = null;
    say('unsaved', error);
    if (!mayPass(error) || stopped) {
      for (const waiter of waiting.splice(0)) waiter.reject(error);
      return;
    }
    const pause = backOff(failures++, longest, error);
    notBefore = Date.now() + pause;
    mayHurry = error.status === 0; // where nobody answered, whoever asks for it may try
    soon(pause);
  }

  function settle() {
    const done = waiting.filter(({ upTo }) => upTo <= stored);
    waiting = waiting.filter(({ upTo }) => upTo > stored);
    for (const { resolve } of done) resolve();
  }

  /** ms until it may be tried again. @param {number} ms */
  const patient = (ms) => Math.max(ms, Math.min(notBefore - Date.now(), 10 * longest));

  return {
    get isIdle() {
      return stored >= changes && !flying;
    },
    /** There is something new to store. */
    changed() {
      if (stored === changes) since = Date.now();
      changes++;
      if (!flying) say('unsaved');
      soon(patient(Math.max(0, Math.min(delay, since + 5 * delay - Date.now()))));
    },
    /** Stores at once what there is; resolves when it is stored, rejects when it was refused for good.
     *  @returns {Promise<void>} */
    flush() {
      if (stored >= changes) return Promise.resolve();
      urgent = true;
      if (notBefore > Date.now() && !mayHurry) soon(patient(0));
      else start();
      return new Promise((resolve, reject) => waiting.push({ upTo: changes, resolve, reject }));
    },
    /** There is nothing to store any more. */
    settled() {
      stored = changes;
      clearTimeout(timer);
      settle();
      say('saved');
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      if (!flying) for (const waiter of waiting.splice(0)) waiter.reject(new Error('It is closed: what is unsaved is kept as a backup.'));
    },
  };
}

/** ms until the next try: longer each time, and for each client another, so that who was refused together does not come back
 *  together; not before the answer allows it. @param {number} failures @param {number} longest @param {{retryAfter?: number}} [error] */
export const backOff = (failures, longest, { retryAfter = 0 } = {}) =>
  Math.max(Math.min(1000 * 2 ** failures, longest) * (0.75 + Math.random() / 2), retryAfter * 1000);

/** Whether the same save may succeed later: there was no answer, the sign-in is over, others kept saving.
 *  @param {any} error */
export const mayPass = (error) => error.passing || error.status === 401 || error.status === 412;
