/** What this browser keeps beside the server: IndexedDB. It may be absent, full, broken or silent, and nothing here waits
 *  for it or fails with it: what it does not take is in memory, as long as the page lives, and `trouble` says so. */
import { createStore, delMany, get, promisifyRequest, setMany } from '../vendor/idb-keyval.js';
import { observable, observed } from './observable.js';
import { within } from './within.js';

const PATIENCE = 3000; // ms for an answer
const PAUSE = 30_000; // ms until one that gave none is asked again

export const store = createStore('dungeonmind-storage', 'kept');

const found = observable(/** @type {Error | null} */ (null));
/** The error of the last write, or null where it is kept. */
export const trouble = observed(found);

/** @type {Map<string, any>} what IndexedDB did not take; undefined: what it did not let go */
const instead = new Map();
let silentUntil = 0;

/** @template T @param {() => Promise<T>} run @returns {Promise<T>} */
async function asked(run) {
  if (Date.now() < silentUntil && silentUntil - Date.now() <= PAUSE) throw new Error('This browser\'s database does not answer.');
  return within(PATIENCE, run(), () => {
    silentUntil = Date.now() + PAUSE;
    return new Error('This browser\'s database does not answer.');
  });
}

/** @param {[string, any][]} pairs  undefined takes out @returns {Promise<boolean>} whether the browser has it now */
export async function keep(pairs) {
  if (!pairs.length) return true;
  const [put, gone] = [pairs.filter(([, value]) => value !== undefined), pairs.filter(([, value]) => value === undefined).map(([key]) => key)];
  try {
    if (put.length) await asked(() => setMany(put, store));
    if (gone.length) await asked(() => delMany(gone, store));
    for (const [key] of pairs) instead.delete(key);
    if (instead.size) void keep([...instead]); // it takes something again: perhaps the rest, too
    else found.set(null);
    return true;
  } catch (error) {
    for (const [key, value] of pairs) instead.set(key, value);
    found.set(/** @type {Error} */ (error));
    return false;
  }
}

/** @param {string} key @returns {Promise<any>} */
export async function kept(key) {
  if (instead.has(key)) return instead.get(key);
  return asked(() => get(key, store)).catch(() => undefined);
}

/** All whose keys begin so. @param {string} prefix @returns {Promise<[string, any][]>} */
export async function allKept(prefix) {
  /** @type {[any, any][]} */
  const stored = await asked(() => entriesOf(prefix)).catch((error) => (found.set(error), []));
  const left = [...instead].filter(([key]) => key.startsWith(prefix));
  return [...new Map([...stored, ...left])].filter(([, value]) => value !== undefined);
}

/** Not all of the store: some of it is large. @param {string} prefix @returns {Promise<[any, any][]>} */
const entriesOf = (prefix) =>
  store('readonly', async (kept) => {
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const [keys, values] = await Promise.all([promisifyRequest(kept.getAllKeys(range)), promisifyRequest(kept.getAll(range))]);
    return keys.map((key, i) => [key, values[i]]);
  });

/** localStorage and sessionStorage, which may be absent, full or forbidden. @param {() => Storage} area */
const safely = (area) => ({
  /** @param {string} key @returns {string | null} */
  get(key) {
    try {
      return area().getItem(key);
    } catch {
      return null;
    }
  },
  /** @param {string} key @param {string} text @returns {boolean} whether it is kept */
  set(key, text) {
    try {
      area().setItem(key, text);
      return true;
    } catch {
      return false;
    }
  },
  /** @param {string} key */
  remove(key) {
    try {
      area().removeItem(key);
    } catch {
      // then it is not there either
    }
  },
  /** @param {string} prefix */
  keys(prefix) {
    try {
      return Object.keys(area()).filter((key) => key.startsWith(prefix));
    } catch {
      return [];
    }
  },
});
export const local = safely(() => localStorage);
export const session = safely(() => sessionStorage);

/** So that the browser does not throw it out when its disk is full. Asked once; some ask the person. */
export const persist = () => within(PATIENCE, Promise.resolve(navigator.storage?.persist?.()), () => new Error('late')).catch(() => {});
