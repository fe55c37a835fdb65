/** The one word that says where the work is: the worst that any working copy has to tell. */
import { observable } from './observable.js';
/** @import {Status, StatusName} from './types' */

/** @type {StatusName[]} */
const ORDER = ['storage full', 'offline', 'unsaved', 'saving', 'changed elsewhere', 'saved'];

export function status() {
  const shown = observable(/** @type {Status} */ ({ state: 'loading' }));
  /** @type {Map<unknown, {state: StatusName, detail?: string}>} */
  const told = new Map();
  /** @type {StatusName | null} before anything can be saved */
  let phase = 'loading';

  function show() {
    const all = [...told.values()];
    const state = phase ?? ORDER.find((name) => all.some((one) => one.state === name)) ?? 'saved';
    const detail = all.find((one) => one.state === state && one.detail)?.detail;
    const before = shown.get();
    if (before.state === state && before.detail === detail && state !== 'saved') return;
    shown.set({ state, ...(detail && { detail }), at: Date.now() });
  }

  return {
    get: shown.get,
    subscribe: shown.subscribe,
    /** @param {StatusName | null} next */
    phase(next) {
      phase = next;
      show();
    },
    /** @param {unknown} who @param {StatusName | 'gone'} state @param {any} [error] */
    tell(who, state, error) {
      if (state === 'gone') told.delete(who);
      else told.set(who, { state: error || state === 'unsaved' ? unsaved(error) : state, detail: detailed(error) });
      show();
    },
  };
}

/** @param {any} error @returns {StatusName} */
function unsaved(error) {
  if (error?.status === 413 || error?.name === 'QuotaExceededError') return 'storage full';
  return error?.status === 0 || !navigator.onLine ? 'offline' : 'unsaved';
}

/** @param {any} error the problem in a sentence, with the fields it names @returns {string | undefined} */
function detailed(error) {
  if (!error) return undefined;
  const fields = Object.entries(error.errors ?? {}).map(([path, says]) => `${path}: ${[says].flat().join(' ')}`);
  return [error.message, ...fields].join(' ');
}
