/** Backups of unsaved states: IndexedDB at each change, localStorage when the page hides. */
import { createStore, del, entries, set } from '../vendor/idb-keyval.js';
import { parsed } from './choice.js';
/** @import {Backup, Backups} from './types' */

export const store = createStore('dungeonmind-storage', 'kept');
const PREFIX = 'backup/'; // of keys in IndexedDB
const COPY = 'dungeonmind-backup/'; // and in localStorage, which Chromium writes to disk late, but at once for the next page

/** @param {(error: any) => void} failed  told when a backup could not be kept
 *  @returns {Backups} */
export function backups(failed) {
  /** @type {Map<string, Backup>} */
  const unsaved = new Map();
  /** @type {Set<string>} keys to write, of which those in `busy` are being written */
  const waiting = new Set();
  const busy = new Set();

  /** Of many changes in a moment only the newest is written. @param {string} key */
  async function write(key) {
    waiting.add(key);
    if (busy.has(key)) return;
    busy.add(key);
    try {
      while (waiting.delete(key)) {
        const record = unsaved.get(key);
        await (record ? set(PREFIX + key, record, store) : del(PREFIX + key, store));
      }
    } catch (error) {
      failed(error);
    } finally {
      busy.delete(key);
    }
  }

  return {
    put(record) {
      unsaved.set(record.key, record);
      return write(record.key);
    },
    remove(key) {
      const known = unsaved.delete(key);
      localStorage.removeItem(COPY + key);
      if (known || !busy.has(key)) void write(key);
    },
    copyAll() {
      for (const [key, record] of unsaved) {
        try {
          localStorage.setItem(COPY + key, JSON.stringify(record));
        } catch (error) {
          failed(error); // it is full: IndexedDB has the same
        }
      }
    },
    /** What is kept of earlier pages, as it is found. */
    async kept() {
      const all = await entries(store).catch((error) => void failed(error));
      const found = (all ?? []).map(([key, value]) => ({ key: String(key), value })).filter(({ key }) => key.startsWith(PREFIX));
      const copies = Object.keys(localStorage).filter((key) => key.startsWith(COPY));
      return [
        ...found.map(({ key, value }) => ({ key: key.slice(PREFIX.length), value })),
        ...copies.map((key) => {
          const text = localStorage.getItem(key) ?? '';
          return { key: key.slice(COPY.length), value: parsed(text), text };
        }),
      ];
    },
  };
}
