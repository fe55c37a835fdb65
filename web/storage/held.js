/** The fields that the server refused: they wait alone, each with its reason, until they are changed; the others are sent. */
import { isMap, leaves, patched, patchOf, same, stepsTo, valueOf } from './json.js';
/** @import {Refused, State} from './types' */

export function held() {
  /** @type {Map<string, {steps: string[], message: string, value: any}>} by path */
  const waiting = new Map();

  return {
    get size() {
      return waiting.size;
    },
    /** @returns {Refused[]} */
    list: () => [...waiting].map(([path, { message }]) => ({ path, message })),
    /** @param {State} pending @param {State} mine @param {[string, string][]} refused  path and reason; a draft's id waits for nobody
     *  and of a map that is refused as a whole each change in it does
     *  @returns {boolean} whether any is one that was changed here */
    hold(pending, mine, refused) {
      const before = waiting.size;
      for (const [named, message] of refused) {
        const at = stepsTo(pending, named);
        const found = at && valueOf(pending, at);
        const fields = !at ? [] : isMap(found) ? leaves(found, at).map(([steps]) => steps) : [at];
        for (const steps of fields) {
          const path = steps.join('.');
          if (!/^draft_?id$/i.test(path) && !waiting.has(path)) waiting.set(path, { steps, message, value: valueOf(mine, steps) });
        }
      }
      return waiting.size > before;
    },
    /** Those that were changed wait no longer. @param {State} mine */
    release(mine) {
      for (const [path, { steps, value }] of waiting) if (!same(valueOf(mine, steps), value)) waiting.delete(path);
    },
    clear: () => waiting.clear(),
    /** The state with what is stored in their places. @param {State} mine @param {State} base @returns {State} */
    without(mine, base) {
      if (!waiting.size) return mine;
      const back = [...waiting.values()].map(({ steps }) => /** @type {[string[], any]} */ ([steps, valueOf(base, steps) ?? null]));
      return patched(mine, patchOf(back));
    },
  };
}
