/** States as JSON: compared, and led from one to another by merge patches (RFC 7396). Pure functions.
 *
 *  A pruned state holds neither null nor an empty map as a field's value, as the server stores it. */
/** @import {State} from './types' */


/** @param {unknown} value @returns {value is State} */
export const isMap = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** @param {State} map @param {string} name  `__proto__` is a name like any other */
export const at = (map, name) => (Object.hasOwn(map, name) ? map[name] : undefined);

/** Equal as JSON. @param {any} one @param {any} other @returns {boolean} */
export function same(one, other) {
  if (Object.is(one, other) || one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((value, i) => same(value, other[i]));
  }
  if (!isMap(one) || !isMap(other)) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((n) => Object.hasOwn(other, n) && same(one[n], other[n]));
}

/** The state without nulls and empty maps; lists stay as they are. @param {State} state @returns {State} */
export function pruned(state) {
  const kept = Object.entries(state).map(([name, value]) => [name, isMap(value) ? pruned(value) : value]);
  return Object.fromEntries(kept.filter(([, value]) => value != null && !isEmpty(value)));
}

/** @param {unknown} value */
export const isEmpty = (value) => isMap(value) && Object.keys(value).length === 0;

/** The merge patch that leads from one pruned state to another. @param {State} before @param {State} now @returns {State} */
export function diff(before, now) {
  /** @type {[string, any][]} */
  const found = [];
  for (const name of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const [old, value] = [at(before, name), at(now, name)];
    if (isMap(old) && isMap(value)) {
      const inner = diff(old, value);
      if (!isEmpty(inner)) found.push([name, inner]);
    } else if (!same(old, value)) {
      found.push([name, value ?? null]);
    }
  }
  return Object.fromEntries(found);
}

/** The state after a merge patch, pruned; what the patch does not name is the same value as before, not a copy.
 *  @param {State} state @param {State} patch @returns {State} */
export function patched(state, patch) {
  const next = new Map(Object.entries(state));
  for (const [name, value] of Object.entries(patch)) {
    const old = at(state, name);
    const now = isMap(value) ? patched(isMap(old) ? old : {}, value) : value;
    if (now == null || isEmpty(now)) next.delete(name);
    else next.set(name, now);
  }
  return Object.fromEntries(next);
}

/** The leaves of a merge patch, each with its path. @param {State} patch @param {string[]} [path] @returns {[string[], any][]} */
export const leaves = (patch, path = []) =>
  Object.entries(patch).flatMap(([name, value]) =>
    isMap(value) && !isEmpty(value) ? leaves(value, [...path, name]) : [/** @type {[string[], any]} */ ([[...path, name], value])],
  );

/** The merge patch of these leaves. @param {[string[], any][]} found @returns {State} */
export function patchOf(found) {
  /** @type {State} */
  const patch = Object.create(null);
  for (const [path, value] of found) {
    let inner = patch;
    for (const name of path.slice(0, -1)) inner = isMap(inner[name]) ? inner[name] : (inner[name] = Object.create(null));
    inner[/** @type {string} */ (path.at(-1))] = value;
  }
  return patch;
}

/** A field's value; a path does not lead into a list. @param {any} state @param {string[]} path @returns {any} */
export function valueOf(state, [name, ...rest]) {
  const found = isMap(state) ? at(state, name) : undefined;
  return rest.length ? valueOf(found, rest) : found;
}

/** The names that a dotted path leads through, as far as there are maps: a list or a text is one value, and a name may have dots in it.
 *  @param {any} state @param {string} path @returns {string[] | null} null where the state has nothing there */
export function stepsTo(state, path) {
  const names = path.split('.');
  for (let n = names.length; n > 0; n--) {
    const name = names.slice(0, n).join('.');
    const inner = at(state, name);
    if (inner === undefined) continue;
    if (n === names.length || !isMap(inner)) return [name];
    const deeper = stepsTo(inner, names.slice(n).join('.'));
    if (deeper) return [name, ...deeper];
  }
  return null;
}

/** What stands at a path; elements of lists are named by their ids. @param {any} state @param {string[]} path @returns {any} */
export function valueAt(state, [name, ...rest]) {
  const found = Array.isArray(state) ? state.find((one) => String(one?.id) === name) : isMap(state) ? at(state, name) : undefined;
  return rest.length ? valueAt(found, rest) : found;
}

/** A value as JSON has it, once and for all: what a caller does with it afterwards changes nothing here. Without a value,
 *  as for a function, it is null. @param {any} value @returns {any} */
export const copied = (value) => JSON.parse(JSON.stringify(value) ?? 'null');

/** @type {WeakMap<object, any>} */
const copies = new WeakMap();

/** A copy for whoever looks at a state: what they do with it changes nothing here. What did not change is the same copy as
 *  before. @param {any} value @returns {any} */
export function lent(value) {
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known) return known;
  const copy = Array.isArray(value) ? value.map(lent) : Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, lent(inner)]));
  copies.set(value, copy);
  return copy;
}

/** The texts, numbers and true flags in a value: what a person would miss. @param {any} value @returns {string[]} */
export function contents(value) {
  if (isMap(value) || Array.isArray(value)) return Object.values(value).flatMap(contents);
  const text = value == null || value === false ? '' : String(value).trim();
  return text ? [text] : [];
}
