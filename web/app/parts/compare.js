/** Two states of one work, field by field, and the patch that brings one field over. Pure functions. */

import { isMap } from './values.js';

/** What is not what people made: ids, where somebody was, what the page notes for itself. */
const ASIDE = /^(draft_?id|session_?id|user_?id|current_?step|step_?completion|active_?\w+_?id|auto_?save_?enabled|recent_?\w+|metadata|preferences)$/i;

/** @typedef {{path: string[], now: any, kept: any}} Difference  undefined where there is nothing */

/** The fields in which they differ, in the order of the present state. Elements of a list that have ids are told apart by them.
 *  @param {any} now @param {any} kept @returns {{differences: Difference[], alike: number}}  alike: fields that are the same */
export function compared(now, kept) {
  /** @type {Difference[]} */
  const differences = [];
  let alike = 0;

  /** @param {any} one @param {any} other @param {string[]} path */
  function walk(one, other, path) {
    const parts = mapsOf(one, other) ?? byId(one, other);
    if (parts) {
      for (const name of namesOf(parts[0], parts[1])) if (path.length || !ASIDE.test(name)) walk(parts[0][name], parts[1][name], [...path, name]);
    } else if (isNothing(one) && isNothing(other)) return;
    else if (JSON.stringify(one) === JSON.stringify(other)) alike += 1;
    else differences.push({ path, now: one, kept: other });
  }
  walk(now, kept, []);
  return { differences, alike };
}

/** Both as maps, or null. What only one of them has is told field by field too, but for an element of a list.
 *  @param {any} one @param {any} other @returns {[any, any] | null} */
function mapsOf(one, other) {
  if (isMap(one) && isMap(other)) return [one, other];
  const only = one ?? other;
  return (one == null || other == null) && isMap(only) && !hasId(only) ? [one ?? {}, other ?? {}] : null;
}

/** @param {any} one @param {any} other */
const namesOf = (one, other) => [...new Set([...Object.keys(one), ...Object.keys(other)])];

/** Both lists as maps of their elements, or null. @param {any} one @param {any} other @returns {[any, any] | null} */
function byId(one, other) {
  if (!Array.isArray(one) || !Array.isArray(other) || !one.length || !other.length) return null;
  const [mine, theirs] = [one, other].map((list) => (list.every(hasId) ? Object.fromEntries(list.map((part) => [`${part.id}`, part])) : null));
  if (!mine || !theirs || Object.keys(mine).length < one.length || Object.keys(theirs).length < other.length) return null;
  return [mine, theirs];
}

/** @param {any} part */
const hasId = (part) => isMap(part) && ['string', 'number'].includes(typeof part.id) && part.id !== '';

/** @param {any} value */
const isNothing = (value) => value == null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);

/** The merge patch that gives that field this value; undefined takes it out.
 *  @param {any} now @param {string[]} path  as compared() tells it @param {any} value @returns {object} */
export function patchTo(now, [name, ...rest], value) {
  const inner = now?.[name];
  if (!rest.length) return { [name]: value ?? null };
  if (Array.isArray(inner)) return { [name]: listWith(inner, rest, value) };
  return { [name]: patchTo(inner, rest, value) };
}

/** @param {any[]} list @param {string[]} path @param {any} value */
function listWith(list, [id, ...rest], value) {
  const isIt = (/** @type {any} */ one) => `${one?.id}` === id;
  if (rest.length) return list.map((one) => (isIt(one) ? patched(one, patchTo(one, rest, value)) : one));
  if (value === undefined) return list.filter((one) => !isIt(one));
  return list.some(isIt) ? list.map((one) => (isIt(one) ? value : one)) : [...list, value];
}

/** RFC 7396. @param {any} target @param {any} patch @returns {any} */
function patched(target, patch) {
  if (!isMap(patch)) return patch;
  const base = isMap(target) ? target : {};
  const merged = Object.entries({ ...base, ...patch }).map(([name, value]) => [name, name in patch ? patched(base[name], value) : value]);
  return Object.fromEntries(merged.filter(([, value]) => value !== null));
}
