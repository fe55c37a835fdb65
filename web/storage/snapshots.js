/** States that were set aside in this browser: before a save that emptied one, before something was restored without a server,
 *  and backups that nobody could place. */
import { parsed } from './choice.js';
import { allKept, keep, kept, local } from './store.js';
import { page } from './tabs.js';
/** @import {Snapshot} from './types' */

const PREFIX = 'snapshot/';
const MOST = 50; // for a user; the oldest go

/** @param {() => string | undefined} uid */
export function snapshots(uid) {
  const prefix = () => `${PREFIX}${uid()}/`;
  let last = 0;

  /** What pages that went away left in localStorage. */
  async function takeOver() {
    for (const key of local.keys(prefix())) {
      const found = parsed(local.get(key));
      if (!found || (await keep([[key, found]]))) local.remove(key);
    }
  }

  /** @param {string} [tool] @returns {Promise<Snapshot[]>} newest first */
  async function whole(tool) {
    await takeOver();
    const mine = (await allKept(prefix())).map(([, value]) => /** @type {Snapshot} */ (value));
    return mine.filter((one) => !tool || one.tool === tool).sort((one, other) => other.timestamp - one.timestamp);
  }

  return {
    takeOver,
    whole,
    /** Without their states. @param {string} [tool] */
    list: async (tool) => (await whole(tool)).map(({ state, raw, ...summary }) => summary),
    /** @param {string} id @returns {Promise<Snapshot | undefined>} */
    get: (id) => kept(prefix() + id),
    /** @param {string} id */
    remove: (id) => keep([[prefix() + id, undefined]]),
    /** @param {Omit<Snapshot, 'id' | 'userId' | 'timestamp'>} given @param {string} [owner]  whose it is, whoever is here by now */
    async keep(given, owner = uid() ?? '') {
      last = Math.max(Date.now(), last + 1); // of two in one moment the later one is the newer
      const snapshot = { ...given, id: crypto.randomUUID(), userId: owner, timestamp: last };
      const key = `${PREFIX}${owner}/${snapshot.id}`;
      if (page.leaving && local.set(key, JSON.stringify(snapshot))) return; // there is no time for IndexedDB
      if (!(await keep([[key, snapshot]]))) local.set(key, JSON.stringify(snapshot));
      const all = (await allKept(`${PREFIX}${owner}/`)).sort(([, one], [, other]) => other.timestamp - one.timestamp);
      if (all.length > MOST) await keep(all.slice(MOST).map(([key]) => [key, undefined]));
    },
  };
}
