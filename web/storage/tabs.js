/** Tabs of one browser: they take turns at a document, tell each other what they stored, and know who lives. */

const NAME = 'dungeonmind';

/** Whether this page is hidden or going away: what it sends then must not wait, and outlives it. */
export const page = { leaving: false };

/** @type {Map<string, () => void>} */
const held = new Map();

/** Runs when no other tab is at it. A page that goes away has no time for its turn; If-Match guards it.
 *  @template T @param {string} name @param {() => Promise<T>} run @returns {Promise<T>} */
export function inOrder(name, run) {
  if (!navigator.locks || page.leaving) return run();
  return /** @type {Promise<T>} */ (navigator.locks.request(`${NAME}/${name}`, run));
}

/** This tab's id, the same after a reload, and a lock under it that is held as long as the tab works for this user.
 *  @param {string} uid */
export async function holdTab(uid) {
  let id = sessionStorage.getItem(`${NAME}-tab`) ?? crypto.randomUUID();
  // The second of two tabs with one id is a duplicate; the first waits a moment, as a reload may be faster than the release.
  if (!(await hold(`${uid}/${id}`)) && !(await pause(200).then(() => hold(`${uid}/${id}`)))) {
    id = crypto.randomUUID();
    await hold(`${uid}/${id}`);
  }
  sessionStorage.setItem(`${NAME}-tab`, id);
  return id;
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {string} name @returns {Promise<boolean>} */
function hold(name) {
  if (!navigator.locks || held.has(name)) return Promise.resolve(true);
  return new Promise((resolve) => {
    void navigator.locks.request(`${NAME}/tab/${name}`, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock && new Promise((release) => held.set(name, () => release(undefined)));
    });
  });
}

/** @param {string} uid @param {string} id */
export function releaseTab(uid, id) {
  held.get(`${uid}/${id}`)?.();
  held.delete(`${uid}/${id}`);
}

/** The ids of the tabs that work for this user now. @param {string} uid @returns {Promise<string[]>} */
export async function livingTabs(uid) {
  const prefix = `${NAME}/tab/${uid}/`;
  const locks = (await navigator.locks?.query())?.held ?? [];
  return locks.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : []));
}

/** What the user's other tabs stored. @param {string} uid @param {(key: string, etag: string) => void} hear */
export function channel(uid, hear) {
  const open = new BroadcastChannel(`${NAME}/${uid}`);
  open.onmessage = ({ data }) => hear(data.key, data.etag);
  return {
    /** @param {string} key @param {string} etag */
    post: (key, etag) => open.postMessage({ key, etag }),
    close: () => open.close(),
  };
}
