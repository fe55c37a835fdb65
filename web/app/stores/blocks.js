/** A store is a map of blocks, "block-0" and on, in the order of their numbers. */

import { asMap } from '../parts/values.js';

const HOMES = /** @type {Record<string, string>} */ ({
  title: 'block-0',
  'store-properties': 'block-2',
  owner: 'block-4',
  inventory: 'block-14',
});
export const SHELVES = /** @type {[string, string][]} */ ([
  ['core_inventory', 'Always in stock'],
  ['weapons', 'Weapons'],
  ['armor', 'Armor'],
  ['potions', 'Potions'],
  ['scrolls', 'Scrolls'],
  ['magical_items', 'Magical items'],
  ['mundane_items', 'Everyday things'],
  ['miscellaneous_items', 'Everything else'],
]);

/** The blocks of that type, by key.
 *  @param {any} state @param {string} type @returns {[string, any][]} */
export function blocksOf(state, type) {
  return Object.entries(asMap(state.store_draft_data?.storeData))
    .filter(([, block]) => block?.type === type) // what has a type is a map
    .sort(([one], [other]) => place(one) - place(other));
}

/** The one block of that type, such as the title.
 *  @param {any} state @param {string} type @returns {any} */
export const blockOf = (state, type) => blocksOf(state, type)[0]?.[1];

/** The merge patch that changes fields of the one block of that type, which it makes if need be.
 *  @param {any} state @param {string} type @param {object} fields */
export function patchBlock(state, type, fields) {
  const key = blocksOf(state, type)[0]?.[0] ?? (taken(state, HOMES[type]) ? newKey() : HOMES[type]);
  return patchKey(key, { type, ...fields });
}

/** @param {string} key @param {object | null} block  null takes it out */
export const patchKey = (key, block) => ({ store_draft_data: { storeData: { [key]: block } } });

/** A key behind all others that no other tab takes. */
export const newKey = () => `block-${Date.now()}`;

/** @param {string} key */
const place = (key) => Number(key.split('-')[1]) || 0;

/** @param {any} state @param {string} key */
const taken = (state, key) => state.store_draft_data?.storeData?.[key] != null;
