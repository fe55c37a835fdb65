/** @import {Observable, Observed} from './types' */

/** A value that tells those who listen when it changes; a listener hears the present value at once.
 *  @template T @param {T} value
 *  @returns {Observable<T>} */
export function observable(value) {
  /** @type {Set<(value: T) => void>} */
  const listeners = new Set();
  return {
    get: () => value,
    set(next) {
      if (next === value) return;
      value = next;
      for (const listener of [...listeners]) heard(listener, value);
    },
    subscribe(listener) {
      listeners.add(listener);
      heard(listener, value);
      return () => void listeners.delete(listener);
    },
  };
}

/** A listener that fails must not stop a save: its error is reported as uncaught.
 *  @template T @param {(value: T) => void} listener @param {T} value */
function heard(listener, value) {
  try {
    listener(value);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** The same, to be read only. @template T @param {Observed<T>} one @returns {Observed<T>} */
export const observed = ({ get, subscribe }) => ({ get, subscribe });
