/** Lists on the page: an element stays with what it shows, so that nothing moves under the caret.
 *
 *  lit-html's `repeat` does this, and `live` beside it, for lists of every kind: it is well kept, small (4 kB gzipped),
 *  needs no build step and no eval, and knows what a hand-written list forgets (the fewest moves, what is inserted in
 *  front of the focus). Nothing else of a framework is here. */

import { render } from '/vendor/lit-html/lit-html.js';
import { repeat } from '/vendor/lit-html/directives/repeat.js';

/** @template T @typedef {{element: HTMLElement, show(value: T): void}} Part */

/** One part for each key, made when the key is first there.
 *  @template T @template {Part<T>} P @param {HTMLElement} place @param {(key: string) => P} make
 *  @returns {{show(entries: [string, T][]): void, part(key: string): P | undefined}} */
export function partsByKey(place, make) {
  /** @type {Map<string, P>} */
  const parts = new Map();

  /** @param {string} key */
  function part(key) {
    const known = parts.get(key) ?? make(key);
    parts.set(key, known);
    return known;
  }

  return {
    part: (key) => parts.get(key),
    show(entries) {
      const keys = new Set(entries.map(([key]) => key));
      for (const key of parts.keys()) if (!keys.has(key)) parts.delete(key);
      const focused = /** @type {HTMLElement | null} */ (document.activeElement);
      render(
        repeat(
          entries,
          ([key]) => key,
          ([key, value]) => (part(key).show(value), part(key).element),
        ),
        place,
      );
      if (focused && focused !== document.activeElement && place.contains(focused)) focused.focus(); // its row has moved
    },
  };
}
