/** The one word that says where the work is: the worst that anybody has to tell. It is never better than the truth. */
import { observable, observed } from './observable.js';
/** @import {Status, StatusName} from './types' */

/** @type {StatusName[]} from the worst; what has nothing to do with saving comes last */
const ORDER = ['another user', 'signed out', 'storage full', 'refused', 'offline', 'unsaved', 'saving', 'restoring', 'no copy', 'changed elsewhere', 'saved'];

/** @typedef {{state: StatusName, detail?: string}} Told */

export function status() {
  const shown = observable(/** @type {Status} */ ({ state: 'loading' }));
  /** @type {Map<unknown, Told>} */
  const told = new Map();
  /** @type {Told | null} before anything can be saved */
  let phase = { state: 'loading' };

  let frozen = false;

  function show() {
    if (frozen) return;
    const all = [...told.values()];
    const state = phase?.state ?? ORDER.find((name) => all.some((one) => one.state === name)) ?? 'saved';
    const detail = phase?.detail ?? all.find((one) => one.state === state && one.detail)?.detail;
    const before = shown.get();
    if (before.state === state && before.detail === detail && state !== 'saved') return;
    shown.set({ state, ...(detail && { detail }), at: Date.now() });
  }

  return {
    ...observed(shown),
    freeze: () => void (frozen = true),
    /** @param {StatusName | null} next @param {any} [error]  why it takes longer */
    phase(next, error) {
      phase = next && { state: next, detail: detailed(error) };
      show();
    },
    /** @param {unknown} who @param {StatusName | 'gone'} state @param {string} [detail] */
    tell(who, state, detail) {
      if (state === 'gone') told.delete(who);
      else told.set(who, { state, detail });
      show();
    },
  };
}

/** The word for what is not stored. @param {any} [error] @returns {StatusName} */
export function unsaved(error) {
  if (error?.status === 0 || (!error && !isOnline())) return 'offline';
  if (error?.status === 401) return 'signed out';
  if (error?.status === 413) return 'storage full';
  return error && !error.passing && error.status !== 412 ? 'refused' : 'unsaved';
}

const isOnline = () => globalThis.navigator?.onLine !== false;

/** The problem in a sentence, with the fields it names. @param {any} error @returns {string | undefined} */
export function detailed(error) {
  if (!error) return undefined;
  if (error.status === 401) return 'You are signed out: sign in to go on. What you typed is kept on this page and in this browser.';
  const fields = Object.entries(error.errors ?? {}).map(([path, says]) => `${path}: ${[says].flat().join(' ')}`);
  return [error.message, ...fields].join(' ');
}
