/** Tabs of one browser: they take turns at a document, tell each other what they stored, and know who lives. Where the browser
 *  has no locks or channels, or these do not answer, all goes on without: If-Match guards every save. */
import { session } from './store.js';
import { within } from './within.js';

const NAME = 'dungeonmind';
const TURN = 10_000; // ms to wait for one's turn: the tab that has it may be frozen
const PATIENCE = 2000; // ms for what locks say at once

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
  if (!locks) return Promise.resolve(true);
  const asked = new Promise((resolve, reject) => {
    const lent = locks.request(`${NAME}/tab/${name}`, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock && new Promise((release) => held.set(name, () => release(undefined)));
    });
    Promise.resolve(lent).catch(reject);
  });
  return within(PATIENCE, asked, () => new Error('late')).catch(() => true);
}

/** @param {string} uid @param {string} id */
export function releaseTab(uid, id) {
  held.get(`${uid}/${id}`)?.();
  held.delete(`${uid}/${id}`);
}

/** The ids of the tabs that work for this user now. @param {string} uid @returns {Promise<string[]>} */
export async function livingTabs(uid) {
  const prefix = `${NAME}/tab/${uid}/`;
  const locks = lockManager();
  const found = locks ? await within(PATIENCE, locks.query(), () => new Error('late')).catch(() => null) : null;
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
