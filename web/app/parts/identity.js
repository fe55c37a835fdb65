import { isMap } from './values.js';

let made = 0;

/** A key for each element of a list that it keeps through every change of the list, so that a row stays the row it is
 *  while others come and go: by its id; without one by what it holds; and what was changed takes the key of the element
 *  that it resembles.
 *  @param {{key: string, value: any}[]} before @param {any[]} list @returns {string[]} */
export function keysOf(before, list) {
  /** @type {(string | undefined)[]} */
  const keys = list.map(() => undefined);
  const left = new Set(before);
  const give = (/** @type {number} */ index, /** @type {{key: string, value: any} | undefined} */ known) => {
    if (!known || !left.delete(known)) return;
    keys[index] = known.key;
  };
  const each = (/** @type {(value: any, index: number) => {key: string, value: any} | undefined} */ find) =>
    list.forEach((value, index) => keys[index] ?? give(index, find(value, index)));
  const known = [...left];
  each((value, index) => (known[index] && same(known[index].value, value) ? known[index] : undefined)); // most stay where they are
  each((value) => (idOf(value) ? [...left].find((one) => idOf(one.value) === idOf(value)) : undefined));
  each((value) => [...left].find((one) => same(one.value, value)));
  each((value) => likest(value, [...left].filter((one) => !idOf(one.value) || !idOf(value))));
  return keys.map((key) => key ?? `row-${(made += 1)}`);
}

/** The ids 1 and "1" are two. @param {any} value */
const idOf = (value) => (isMap(value) && value.id != null && value.id !== '' ? JSON.stringify(value.id) : '');

/** @param {any} one @param {any} other */
export const same = (one, other) => one === other || JSON.stringify(one) === JSON.stringify(other);

/** The one that has most fields in common; of equals the first.
 *  @param {any} value @param {{key: string, value: any}[]} others */
function likest(value, others) {
  const common = (/** @type {any} */ other) =>
    isMap(value) && isMap(other) ? Object.keys(value).filter((name) => same(value[name], other[name])).length : 0;
  return others.reduce((/** @type {typeof others[0] | undefined} */ best, one) => {
    return best && common(best.value) >= common(one.value) ? best : one;
  }, undefined);
}
