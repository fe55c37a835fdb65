/** The fields that the server refused: they wait alone, each with its reason, until they are changed; the others are sent. */
import { at, isMap, patched, patchOf, same, valueOf } from './json.js';
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
     *  @returns {boolean} whether any is one that was changed here */
    hold(pending, mine, refused) {
      const before = waiting.size;
      for (const [named, message] of refused) {
        const steps = leafAt(pending, named.split('.'));
        if (steps && !/^draft_?id$/i.test(steps[0]) && !waiting.has(steps.join('.'))) waiting.set(steps.join('.'), { steps, message, value: valueOf(mine, steps) });
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

/** The leaf of a patch that a path names or leads into, as into a list; null where the patch has none.
 *  @param {any} patch @param {string[]} path @returns {string[] | null} */
function leafAt(patch, [name, ...rest]) {
  const inner = at(patch, name);
  if (inner === undefined || (isMap(inner) && !rest.length)) return null;
  if (!isMap(inner)) return [name];
  const deeper = leafAt(inner, rest);
  return deeper && [name, ...deeper];
}
