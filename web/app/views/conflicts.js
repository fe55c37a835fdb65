/** What two places changed at once: both values, and the person decides. */

import { button, h } from '../dom.js';

/** @param {any} work */
export function conflictsOf(work) {
  const list = h('ul', {});
  const element = h(
    'section.conflicts',
    { 'aria-label': 'Changed elsewhere', role: 'region', hidden: true },
    h('h2', {}, 'Changed elsewhere'),
    h('p', {}, 'The same fields were changed in another tab or on another device. What is not chosen is kept as a save.'),
    list,
  );
  work.conflicts.subscribe((/** @type {any[]} */ all) => {
    element.hidden = all.length === 0;
    list.replaceChildren(...all.map((one) => item(one, (side) => work.choose(one.path, one[side]))));
  });
  return element;
}

/** @param {any} conflict @param {(side: 'mine' | 'theirs') => void} decide */
function item(conflict, decide) {
  const side = (/** @type {string} */ label, /** @type {'mine' | 'theirs'} */ which, /** @type {string} */ verb) =>
    h(
      'div.side',
      {},
      h('p.label', {}, label),
      h('p.value', {}, told(conflict[which])),
      button(verb, () => decide(which)),
    );
  const sides = h(
    'div.sides',
    { role: 'group', 'aria-label': wordsOf(conflict.path) },
    side('Here', 'mine', 'Keep mine'),
    side('Elsewhere', 'theirs', 'Take theirs'),
  );
  return h('li', {}, h('h3', {}, wordsOf(conflict.path)), sides);
}

/** "itemDetails.damageFormula" as people call it: Damage formula.
 *  @param {string} path */
function wordsOf(path) {
  const names = path.split('.').filter((name) => !/^[0-9a-f-]{20,}$/.test(name));
  const words = (names[names.length - 1] ?? path)
    .replace(/_/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @param {any} value @returns {string} */
function told(value) {
  if (value == null || value === '') return '(empty)';
  if (Array.isArray(value)) return value.map(told).join('; ');
  if (typeof value === 'object')
    return Object.values(value)
      .filter((one) => typeof one !== 'object')
      .join(', ');
  return String(value);
}
