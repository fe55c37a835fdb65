/** Autosave: one save at a time, a pause after the last change, again until it is stored.
 *
 *  @param {() => Promise<void>} save  stores the newest state; rejects if it was not stored
 *  @param {object} [options]
 *  @param {number} [options.delay]  ms without a change; a person who never pauses is saved every five times that
 *  @param {(error: any) => boolean} [options.passing]  whether the same save may succeed later
 *  @param {(state: 'unsaved' | 'saving' | 'saved', error?: any) => void} [options.tell]
 *  @param {number} [options.longest]  ms between two tries at most */
export function autosave(save, { delay = 2000, passing = () => true, tell = () => {}, longest = 30_000 } = {}) {
  let changes = 0;
  let stored = 0;
  let failures = 0;
  let since = 0;
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
    failures = 0;
    stored = upTo;
    settle((waiter) => waiter.resolve());
    say(stored < changes ? 'unsaved' : 'saved');
    if (stored < changes) soon(urgent ? 0 : delay);
  }

  /** @param {any} error */
  function failed(error) {
    flying = null;
    say('unsaved', error);
    if (passing(error) && !stopped) return soon(Math.min(1000 * 2 ** failures++, longest));
    for (const waiter of waiting.splice(0)) waiter.reject(error);
  }

  /** @param {(waiter: {upTo: number, resolve: () => void}) => void} tellIt */
  function settle(tellIt) {
    const [done, rest] = [waiting.filter(({ upTo }) => upTo <= stored), waiting.filter(({ upTo }) => upTo > stored)];
    waiting = rest;
    done.forEach(tellIt);
  }

  return {
    /** There is something new to store. */
    changed() {
      if (stored === changes) since = Date.now();
      changes++;
      if (!flying) say('unsaved');
      soon(Math.max(0, Math.min(delay, since + 5 * delay - Date.now())));
    },
    /** Stores at once what there is; resolves when it is stored, rejects when it was refused for good.
     *  @returns {Promise<void>} */
    flush() {
      if (stored === changes) return Promise.resolve();
      urgent = true;
      start();
      return new Promise((resolve, reject) => waiting.push({ upTo: changes, resolve, reject }));
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      if (!flying) for (const waiter of waiting.splice(0)) waiter.reject(new Error('It is closed: what is unsaved is kept as a backup.'));
    },
  };
}
