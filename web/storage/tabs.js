/** Tabs of one browser: they take turns at a document, tell each other what they stored, and know who lives. Where the browser
 *  has no locks or channels, or these do not answer, all goes on without: If-Match guards every save, and a tab says that it lives. */
import { local, session } from './store.js';
import { within } from './within.js';

const NAME = 'dungeonmind';
const TURN = 10_000; // ms to wait for one's turn: the tab that has it may be frozen
const PATIENCE = 2000; // ms for what locks say at once
const ALIVE = `${NAME}-alive/`; // in localStorage, where there are no locks: when a tab said last that it lives
const BEAT = 10_000; // ms between two times
const FRESH = 90_000; // ms: the timers of a tab in the background run once a minute

/** Whether this page is hidden or going away: what it sends then must not wait, and outlives it. */
export const page = { leaving: false };

/** @type {Map<string, () => void>} */
const held = new Map();

/** Runs when no other tab is at it. A page that goes away has no time for its turn.
 *  @template T @param {string} name @param {() => Promise<T>} run @returns {Promise<T>} */
export function inOrder(name, run) {
  const locks = lockManager();
  if (!locks || page.leaving) return run();
  return new Promise((resolve, reject) => {
    let begun = false;
    const begin = () => {
      if (begun) return undefined; // it was too late for its turn
      begun = true;
      clearTimeout(late);
      const running = run();
      running.then(resolve, reject);
      return running.catch(() => {});
    };
    const late = setTimeout(begin, TURN);
    Promise.resolve(locks.request(`${NAME}/${name}`, begin)).catch(begin);
  });
}

/** @returns {LockManager | undefined} */
const lockManager = () => globalThis.navigator?.locks;

/** This tab's id, before it is known whether another has the same. */
export function tabId() {
  const id = session.get(`${NAME}-tab`) || crypto.randomUUID();
  session.set(`${NAME}-tab`, id);
  return id;
}

/** This tab's id, the same after a reload, and a lock under it that is held as long as the tab works for this user.
 *  @param {string} uid */
export async function holdTab(uid) {
  let id = tabId();
  // The second of two tabs with one id is a duplicate; the first waits a moment, as a reload may be faster than the release.
  if (!(await hold(`${uid}/${id}`)) && !(await pause(200).then(() => hold(`${uid}/${id}`)))) {
    id = crypto.randomUUID();
    await hold(`${uid}/${id}`);
  }
  session.set(`${NAME}-tab`, id);
  return id;
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {string} name @returns {Promise<boolean>} */
function hold(name) {
  const locks = lockManager();
  if (!locks) return Promise.resolve(beat(name));
  const asked = new Promise((resolve, reject) => {
    const lent = locks.request(`${NAME}/tab/${name}`, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock && new Promise((release) => held.set(name, () => release(undefined)));
    });
    Promise.resolve(lent).catch(reject);
  });
  return within(PATIENCE, asked, () => new Error('late')).catch(() => true);
}

let silent = false; // localStorage is full: nobody can say that they live

/** Says from now on that it lives. @param {string} name */
function beat(name) {
  const say = () => {
    local.set(ALIVE + name, String(Date.now()));
    silent = local.get(ALIVE + name) === null;
  };
  const go = () => local.remove(ALIVE + name);
  const timer = setInterval(say, BEAT);
  addEventListener('pagehide', go);
  held.set(name, () => (clearInterval(timer), removeEventListener('pagehide', go), go()));
  say();
  return true;
}

/** @param {string} uid @param {string} id */
export function releaseTab(uid, id) {
  held.get(`${uid}/${id}`)?.();
  held.delete(`${uid}/${id}`);
}

/** @param {string} key */
const isFresh = (key) => isRecent(Number(local.get(key)));

/** @param {number} at */
const isRecent = (at) => Math.abs(Date.now() - at) < FRESH;

/** The ids of the tabs that work for this user now; where none can say so, those that typed a moment ago. @param {string} uid @param {{value?: any}[]} [kept]  the backups @returns {Promise<string[]>} */
export async function livingTabs(uid, kept = []) {
  const prefix = `${NAME}/tab/${uid}/`;
  const locks = lockManager();
  if (!locks) {
    const typing = silent ? kept.filter(({ value }) => value?.userId === uid && isRecent(value.timestamp)).map(({ value }) => value.tab) : [];
    return [...local.keys(`${ALIVE}${uid}/`).filter(isFresh).map((key) => key.slice(`${ALIVE}${uid}/`.length)), ...typing];
  }
  const found = await within(PATIENCE, locks.query(), () => new Error('late')).catch(() => null);
  return (found?.held ?? []).flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : []));
}

/** What the user's other tabs stored. @param {string} uid @param {(key: string, etag: string) => void} hear */
export function channel(uid, hear) {
  /** @type {BroadcastChannel | null} */
  let open = null;
  try {
    open = new BroadcastChannel(`${NAME}/${uid}`);
    open.onmessage = ({ data }) => hear(data.key, data.etag);
  } catch {
    // Without it, a tab hears of the others when it gets the focus, or at its next save.
  }
  return {
    /** @param {string} key @param {string} etag */
    post(key, etag) {
      try {
        open?.postMessage({ key, etag });
      } catch {
        // closed
      }
    },
    close: () => open?.close(),
  };
}
