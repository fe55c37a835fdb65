/** Where in a form a path of the state is written, and what that place is called there. */

import { wordsOf } from './values.js';

/** Fields and lists of fields carry their path: `data-path`. The one whose path is the longest beginning of this.
 *  @param {HTMLElement} form @param {string} path @returns {HTMLElement | undefined} */
export function placeOf(form, path) {
  const all = /** @type {HTMLElement[]} */ ([...form.querySelectorAll('[data-path]')]);
  const within = all.filter(({ dataset: { path: own = '' } }) => path === own || path.startsWith(`${own}.`));
  return within.sort((one, other) => (other.dataset.path?.length ?? 0) - (one.dataset.path?.length ?? 0))[0];
}

/** "Damage formula", "Action 1: Bite, damage".
 *  @param {HTMLElement} form @param {string} path */
export function labelOf(form, path) {
  const place = placeOf(form, path);
  const names = path.split('.');
  if (!place) return wordsOf(names.filter((name) => !/^[0-9a-f-]{20,}$/.test(name)).pop() ?? path);
  const row = place.closest('.rows > *, .lines > *')?.getAttribute('aria-label');
  const own = place.getAttribute('aria-label') ?? place.querySelector('label')?.textContent ?? '';
  if (!row || row === own) return capital(own);
  return capital(`${row}, ${own.toLowerCase()}`);
}

/** Put the caret there. @param {HTMLElement} form @param {string} path */
export function goTo(form, path) {
  const place = placeOf(form, path);
  place?.scrollIntoView({ block: 'center' });
  /** @type {HTMLElement | null | undefined} */ (place?.querySelector('input, textarea, select, button'))?.focus({ preventScroll: true });
  return Boolean(place);
}

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
