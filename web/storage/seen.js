/** What the server acknowledged last, so that a page without a network shows the work and not an empty form: bounded, one
 *  user's, and gone when they sign out. */
import { allKept, keep, kept } from './store.js';
/** @import {Home, State, Tool} from './types' */

const PREFIX = 'seen/';
const MOST = 20; // documents; the oldest go
const LARGEST = 500_000; // characters of one
const SOON = 1000; // ms: of many changes of one document only the last is written

/** @typedef {{tool: Tool, home: Home, base: State, etag?: string, conflicts?: any[], begun?: string, at: number}} Seen */

/** @param {string} uid */
export function seen(uid) {
  const prefix = `${PREFIX}${uid}/`;
  /** @type {Map<string, {timer: ReturnType<typeof setTimeout>, later: () => Promise<void>}>} */
  const waiting = new Map();
  /** @type {Set<string>} those that were written from this page: they are counted */
  const counted = new Set();
  let closed = false;

  async function bounded() {
    const all = (await allKept(`${prefix}document/`)).sort(([, one], [, other]) => other.at - one.at);
    if (all.length > MOST) await keep(all.slice(MOST).map(([key]) => [key, undefined]));
  }

  /** @param {string} key @param {any} value */
  async function write(key, value) {
    if (closed || JSON.stringify(value).length > LARGEST) return;
    await keep([[key, value]]);
    if (closed) await keep([[key, undefined]]); // they signed out meanwhile
  }

  return {
    /** @param {string} key  of the copy @param {() => Omit<Seen, 'at'> | false} now  asked a moment later; false: it is another document's by then */
    document(key, now) {
      if (closed || waiting.has(key)) return;
      const later = async () => {
        waiting.delete(key);
        const value = now();
        if (!value) return;
        await write(`${prefix}document/${key}`, { ...value, at: Date.now() });
        if (!counted.has(key)) await bounded();
        counted.add(key);
      };
      waiting.set(key, { timer: setTimeout(() => void later(), SOON), later });
    },
    /** @param {string} key @returns {Promise<Seen | undefined>} */
    get: (key) => kept(`${prefix}document/${key}`),
    /** @param {string} name @param {any} value  what else a start needs: pointers, a list */
    note: (name, value) => write(`${prefix}${name}`, value),
    /** @param {string} name @returns {Promise<any>} */
    noted: (name) => kept(`${prefix}${name}`),
    /** The page may be gone before a moment later. */
    writeAll() {
      for (const { timer, later } of waiting.values()) {
        clearTimeout(timer);
        void later();
      }
    },
    close() {
      closed = true;
      for (const { timer } of waiting.values()) clearTimeout(timer);
    },
  };
}

/** Nothing stays of anybody but the user who is here. @param {string} [uid] */
export async function forgetOthers(uid) {
  const others = (await allKept(PREFIX)).filter(([key]) => !uid || !key.startsWith(`${PREFIX}${uid}/`));
  if (others.length) await keep(others.map(([key]) => [key, undefined]));
}
