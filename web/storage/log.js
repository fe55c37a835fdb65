/** The debug log: what happened, by names and ids, never a value. */
/** @import {Log} from './types' */
const MOST = 200; // lines

/** @returns {Log} */
export function log() {
  /** @type {string[]} */
  let lines = [];
  /** @type {Set<(lines: string[]) => void>} */
  const listeners = new Set();
  return {
    lines: () => lines,
    subscribe(listener) {
      listeners.add(listener);
      listener(lines);
      return () => void listeners.delete(listener);
    },
    add(line) {
      if (lines.at(-1)?.endsWith(`Z ${line}`)) return; // a word for each key stroke says no more than one
      lines = [...lines.slice(1 - MOST), `${new Date().toISOString()} ${line}`];
      for (const listener of listeners) listener(lines);
    },
  };
}
