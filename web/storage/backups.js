/** Backups of unsaved changes: in IndexedDB at each change, in localStorage when the page hides or IndexedDB fails.
 *
 *  A backup is what was changed (a merge patch) and what it was changed from (the base). The base is written only when
 *  it is another one, so that a key costs what it changes. */
import { parsed } from './choice.js';
import { diff, patched } from './json.js';
import { allKept, keep, local, trouble } from './store.js';
/** @import {Backup, Backups, State} from './types' */

const PREFIX = 'backup/'; // of keys in IndexedDB
const BASE = 'base/'; // and of what they are based on, in the same transaction
const COPY = 'dungeonmind-backup/'; // in localStorage, which Chromium writes to disk late, but at once for the next page

/** @typedef {Omit<Backup, 'state'> & {patch: State}} Change */

const SLOW = 300; // ms without an answer of the database, which may hang: then there is a copy meanwhile

let last = 0;
/** Of two backups under one key the later is the newer, whatever becomes of the clock meanwhile. */
const next = () => (last = Math.max(Date.now(), last + 1));

/** @returns {Backups} */
export function backups() {
  /** @type {Map<string, Change>} */
  const unsaved = new Map();
  /** @type {Map<string, State | undefined>} the bases that are written */
  const bases = new Map();
  /** @type {Set<string>} keys of the copies in localStorage */
  const copied = new Set();
  /** @type {Set<string>} keys to write */
  const waiting = new Set();
  /** @type {Map<string, Promise<boolean>>} those that are being written: whether the newest is kept */
  const writing = new Map();

  /** @type {Set<string>} those that the database has not answered for */
  const hanging = new Set();

  /** Of many changes in a moment only the newest is written. @param {string} key */
  function write(key) {
    waiting.add(key);
    const now = writing.get(key) ?? writeAll(key);
    writing.set(key, now);
    return now;
  }

  /** @param {string} key */
  async function writeAll(key) {
    let kept = true;
    while (waiting.delete(key)) kept = await writeOnce(key);
    writing.delete(key);
    return kept;
  }

  /** @param {string} key @returns {Promise<boolean>} whether it is kept */
  async function writeOnce(key) {
    const change = unsaved.get(key);
    if (!change) {
      bases.delete(key);
      const gone = await keep([[PREFIX + key, undefined], [BASE + key, undefined]]);
      if (!gone) local.set(COPY + key, JSON.stringify({ removed: true, order: next() }));
      return true;
    }
    const { base, ...rest } = change;
    const slow = setTimeout(() => (hanging.add(key), copyOf(key)), SLOW);
    const isKnown = bases.has(key) && bases.get(key) === base;
    const written = await keep([[PREFIX + key, rest], ...(isKnown ? [] : [/** @type {[string, any]} */ ([BASE + key, base ?? null])])]);
    clearTimeout(slow);
    hanging.delete(key);
    if (!written) return unsaved.get(key) === change && copy(key, change); // not one that was removed meanwhile
    bases.set(key, base);
    if (copied.delete(key) && unsaved.get(key) !== undefined) local.remove(COPY + key); // older than what is kept now, whatever the clock says
    return true;
  }

  /** @param {string} key */
  function copyOf(key) {
    const change = unsaved.get(key);
    if (change) copy(key, change);
  }

  /** @param {string} key @param {Change} change @returns {boolean} whether it is kept */
  function copy(key, change) {
    const kept = local.set(COPY + key, JSON.stringify(whole(change, change.base)));
    if (kept) copied.add(key);
    return kept;
  }

  return {
    put(change) {
      unsaved.set(change.key, { ...change, order: next() });
      if (hanging.has(change.key)) copyOf(change.key);
      return write(change.key);
    },
    remove(key) {
      const known = unsaved.delete(key);
      local.remove(COPY + key);
      return known || !writing.has(key) ? write(key) : Promise.resolve(true);
    },
    copyAll() {
      for (const [key, change] of unsaved) copy(key, change);
    },
    /** What is kept of earlier pages, as it is found. */
    async kept() {
      const [found, based] = [await allKept(PREFIX), new Map(await allKept(BASE))];
      // A base that the database did not tell is not one that is not there: such a backup waits.
      const told = trouble.get() ? found.filter(([key]) => based.has(BASE + key.slice(PREFIX.length))) : found;
      const records = told.map(([key, value]) => ({ key: key.slice(PREFIX.length), value: whole(value, based.get(BASE + key.slice(PREFIX.length))) }));
      const copies = local.keys(COPY).map((at) => {
        const text = local.get(at) ?? '';
        return { key: at.slice(COPY.length), value: parsed(text), text };
      });
      // What is written from now on is newer than all of it, though the clock was set back meanwhile.
      for (const { value } of [...records, ...copies]) last = Math.max(last, Number(/** @type {any} */ (value)?.order) || 0);
      const removed = new Map(copies.filter(({ value }) => /** @type {any} */ (value)?.removed).map(({ key, value }) => [key, /** @type {any} */ (value).order]));
      // Only what the database could tell is certain: one that is absent today may be back tomorrow, with what it kept.
      if (!trouble.get()) for (const key of removed.keys()) if (!based.has(BASE + key) && !found.some(([one]) => one === PREFIX + key)) local.remove(COPY + key);
      const isThere = (/** @type {any} */ { key, value }) => !(removed.has(key) && !((value?.order ?? 0) > removed.get(key)));
      return [...records, ...copies].filter(isThere);
    },
  };
}

/** With its state. An older page wrote it whole. @param {any} change @param {State | null} [base] */
function whole(change, base) {
  if (!change?.patch) return change;
  const { patch, attempts = [], ...rest } = change;
  const on = (/** @type {State} */ one) => patched(base ?? {}, one);
  return { ...rest, ...(base && { base, attempts: attempts.map(on) }), state: on(patch) };
}

/** A backup as it was found, to be kept again. @param {Backup} backup @returns {Change} */
export function changeOf({ state, base, attempts = [], ...rest }) {
  const on = (/** @type {State} */ one) => diff(base ?? {}, one);
  return { ...rest, base, patch: on(state), attempts: attempts.map(on) };
}
