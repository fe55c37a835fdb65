/** States that were set aside in this browser: before a save that emptied one, and backups that nobody could place. */
import { del, entries, get, set } from '../vendor/idb-keyval.js';
import { store } from './backups.js';
import { parsed } from './choice.js';
import { page } from './tabs.js';
/** @import {Snapshot} from './types' */

const PREFIX = 'snapshot/';
const MOST = 50; // for a user; the oldest go


/** @param {() => string | undefined} uid */
export function snapshots(uid) {
  const prefix = () => `${PREFIX}${uid()}/`;

  /** What pages that went away left in localStorage. */
  async function takeOver() {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(prefix()))) {
      const found = parsed(localStorage.getItem(key));
      if (found) await set(key, found, store);
      localStorage.removeItem(key);
    }
  }

  /** @returns {Promise<Snapshot[]>} newest first */
  async function all() {
    await takeOver();
    const mine = (await entries(store)).filter(([key]) => String(key).startsWith(prefix())).map(([, value]) => /** @type {Snapshot} */ (value));
    return mine.sort((one, other) => other.timestamp - one.timestamp);
  }

  /** There is no time for IndexedDB. @param {Snapshot} snapshot */
  function leave(snapshot) {
    const key = prefix() + snapshot.id;
    try {
      localStorage.setItem(key, JSON.stringify(snapshot));
    } catch {
      return set(key, snapshot, store); // it is full
    }
  }

  return {
    takeOver,
    /** Without their states. @param {string} [tool] */
    async list(tool) {
      return (await all()).filter((one) => !tool || one.tool === tool).map(({ state, raw, ...summary }) => summary);
    },
    /** Give its state to `work.replace()` to have it back. @param {string} id @returns {Promise<Snapshot | undefined>} */
    get: (id) => get(prefix() + id, store),
    /** @param {string} id */
    remove: (id) => del(prefix() + id, store),
    /** @param {Omit<Snapshot, 'id' | 'userId' | 'timestamp'>} kept */
    async keep(kept) {
      const snapshot = { ...kept, id: crypto.randomUUID(), userId: uid() ?? '', timestamp: Date.now() };
      if (page.leaving) return leave(snapshot);
      await set(prefix() + snapshot.id, snapshot, store);
      for (const { id } of (await all()).slice(MOST)) await del(prefix() + id, store);
    },
  };
}
