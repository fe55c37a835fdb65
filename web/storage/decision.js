/** The server holds something else now: what a working copy does about it. Pure functions; docs/conflicts.md is the table of
 *  all cases, and the test reads it.
 *
 *  Words are merged at the server alone. Here it is only told apart who changed which field: where both changed the same
 *  one, what was typed stays on the page with what it was typed on as its base, and the next save is a merge. */
import { at, diff, isEmpty, isMap, leaves, patched, patchOf, same, valueOf } from './json.js';
/** @import {State} from './types' */

/** @typedef {{sending: boolean, whose: 'own' | 'other', draft: 'same' | 'another' | 'none' | 'expired' | 'project', changed: boolean,
 *    typed: 'nothing' | 'elsewhere' | 'there'}} Facts
 *    sending: a save is under way · whose: the newest save there · draft: what the session holds of this draft; expired: another session began,
 *    without it (of a project, always the same) · changed: the state there is not the base · typed: since the base, in fields that are as they were, or
 *    in one that others changed too */
/** @typedef {'wait' | 'acknowledge' | 'follow' | 'note' | 'begin' | 'merge' | 'adopt'} Action */

/** @param {Facts} facts @returns {Action} */
export function decide({ sending, whose, draft, changed, typed }) {
  if (sending) return 'wait';
  if (whose === 'own') return 'acknowledge';
  if (draft === 'project') return 'follow';
  if (!changed) return 'note';
  if (draft === 'expired') return 'begin';
  if (typed === 'nothing') return 'adopt';
  if (draft === 'none') return 'begin';
  if (draft === 'another') return 'merge';
  return typed === 'there' ? 'merge' : 'adopt';
}

/** The leaves that were typed and that others changed too, each with what it was typed on.
 *  @param {State} typed  a merge patch on `from` @param {State} from @param {State} theirs
 *  @param {State[]} [attempts]  saves that were not answered: where theirs is what one of them sent, it was stored, and is no
 *    change of others @returns {[string[], any][]} */
export function overlap(typed, from, theirs, attempts = []) {
  const both = leaves(typed).filter(([path, mine]) => {
    const [was, is] = [valueOf(from, path), valueOf(theirs, path)];
    const isOurs = attempts.some((sent) => same(valueOf(sent, path), is));
    return !same(was, is) && !same(mine ?? undefined, is) && !isOurs;
  });
  return both.map(([path]) => [path, valueOf(from, path) ?? null]);
}

/** @param {any} value @returns {State} */
const mapOf = (value) => (isMap(value) ? value : {});

/** What was sent, perhaps stored, and taken back since: it stands as it was before, whatever is stored there.
 *  @param {State} from @param {State} mine @param {State} theirs @param {State[]} attempts @returns {[string[], any][]} with what was sent */
function takenBack(from, mine, theirs, attempts) {
  const sent = attempts.flatMap((one) => leaves(diff(from, one)));
  return sent.filter(([path]) => same(valueOf(mine, path), valueOf(from, path)) && !same(valueOf(theirs, path), valueOf(from, path)));
}

/** Base and state after theirs has come, for who typed `from` -> `mine`.
 *  @param {State} from @param {State} mine @param {State} theirs @param {State[]} [attempts]  not answered
 *  @param {State} [older]  where `from` was sent and theirs is the answer: what it was typed on, and so is what stands in a field that it had emptied
 *  @returns {{base: State, mine: State, pending: State, both: string[][]}} both: the paths that both changed; without any, the
 *    base is what the server has */
export function received(from, mine, theirs, attempts = [], older) {
  const undone = older ? [] : takenBack(from, mine, theirs, attempts);
  const isStored = (/** @type {string[]} */ path) => attempts.some((sent) => same(valueOf(sent, path), valueOf(theirs, path)));
  const typed = diff(from, mine);
  const both = overlap(typed, from, theirs, attempts).map(([path, was]) => /** @type {[string[], any]} */ ([path, was || (valueOf(older ?? from, path) ?? was)]));
  both.push(...undone.filter(([path]) => !isStored(path)));
  const back = both.map(([path, on]) => /** @type {[string[], any]} */ ([path, isMap(on) ? diff(mapOf(valueOf(theirs, path)), on) : on]));
  const base = both.length ? patched(theirs, patchOf(back)) : theirs;
  const now = patched(patched(theirs, typed), patchOf(undone.map(([path]) => [path, valueOf(mine, path) ?? null])));
  return { base, mine: now, pending: diff(base, now), both: both.map(([path]) => path) };
}

/** The base after a change to what is known to be stored in its place, as by a restore: what is typed next is typed on that.
 *  @param {State} base @param {State} mine  already changed @param {State} stored @param {State} patch  what it was changed by @returns {State} */
export function agreed(base, mine, stored, patch) {
  const found = leaves(patch).map(([path]) => /** @type {[string[], any]} */ ([path, valueOf(stored, path)]));
  const equal = found.filter(([path, is]) => same(valueOf(mine, path), is) && !same(valueOf(base, path), is));
  return equal.length ? patched(base, patchOf(equal.map(([path, is]) => [path, is ?? null]))) : base;
}

/** The pending changes after another one, at the cost of that one.
 *  @param {State} base @param {State} mine  already changed @param {State} pending @param {State} patch @returns {State} */
export function pendingAfter(base, mine, pending, patch) {
  const next = new Map(Object.entries(pending));
  for (const [name, value] of Object.entries(patch)) {
    const left = leftOf(at(base, name), at(mine, name), at(pending, name), value);
    if (left === undefined) next.delete(name);
    else next.set(name, left);
  }
  return Object.fromEntries(next);
}

/** @param {any} was @param {any} is @param {any} before  what was pending of it @param {any} value  what it was changed by
 *  @returns {any} undefined: it is as it was */
function leftOf(was, is, before, value) {
  if (!isMap(was) || !isMap(is)) return same(was, is) ? undefined : (is ?? null);
  const isPart = isMap(value) && (before === undefined || isMap(before));
  const left = isPart ? pendingAfter(was, is, before ?? {}, value) : diff(was, is);
  return isEmpty(left) ? undefined : left;
}
