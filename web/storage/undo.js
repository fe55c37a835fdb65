/** Undo and redo: a person's own edits, taken back one by one as new edits, so that what others did in between stays. */
import { isMap, leaves, patched, patchOf, same, valueOf } from './json.js';
import { observable, observed } from './observable.js';
/** @import {State} from './types' */

const MOST = 200; // edits
const PAUSE = 1000; // ms without a key that end a group
const LONGEST = 30; // characters typed in one go that are one edit

/** @typedef {{path: string[], before: any, after: any}} Leaf */
/** @typedef {{leaves: Leaf[], at: number}} Edit */

export function undo() {
  /** @type {Edit[]} */
  let done = [];
  /** @type {Edit[]} */
  let undone = [];
  const can = observable({ undo: false, redo: false });

  function tell() {
    const next = { undo: done.length > 0, redo: undone.length > 0 };
    if (!same(next, can.get())) can.set(next);
  }

  /** @param {Edit} edit @param {State} now @param {'before' | 'after'} to @returns {State} the patch that makes it so */
  function towards(edit, now, to) {
    const found = edit.leaves.map(({ path, before, after }) => {
      const [from, into] = to === 'before' ? [after, before] : [before, after];
      return /** @type {[string[], any]} */ ([path, respliced(valueOf(now, path), from, into) ?? null]);
    });
    return patchOf(found);
  }

  return {
    can: observed(can),
    /** @param {State} before @param {State} patch  of the edit */
    note(before, patch) {
      const found = changes(before, patch).filter(({ path: [name] }) => !/^draft_?id$/i.test(name));
      if (!found.length) return;
      const [last, now] = [done.at(-1), Date.now()];
      if (last && !undone.length && isSame(last, found, now)) {
        last.leaves[0].after = found[0].after;
        last.at = now;
      } else {
        done = [...done, { leaves: found, at: now }].slice(-MOST);
      }
      undone = [];
      tell();
    },
    /** @param {State} now @returns {State | null} */
    undo(now) {
      const edit = done.pop();
      if (!edit) return null;
      undone.push(edit);
      tell();
      return towards(edit, now, 'before');
    },
    /** @param {State} now @returns {State | null} */
    redo(now) {
      const edit = undone.pop();
      if (!edit) return null;
      done.push({ ...edit, at: 0 });
      tell();
      return towards(edit, now, 'after');
    },
  };
}

/** What a patch changes, leaf by leaf; of a map that it takes out, each leaf by itself, so that others may write in it meanwhile.
 *  @param {State} before @param {State} patch @param {string[]} [path] @returns {Leaf[]} */
function changes(before, patch, path = []) {
  return Object.entries(patch).flatMap(([name, value]) => {
    const [here, old] = [[...path, name], valueOf(before, [name])];
    if (isMap(value) && (old === undefined || isMap(old))) return changes(old ?? {}, value, here);
    if (value == null && isMap(old)) return leaves(old, here).map(([at, was]) => ({ path: at, before: was, after: undefined }));
    const after = isMap(value) ? patched({}, value) : (value ?? undefined);
    return same(old, after) ? [] : [{ path: here, before: old, after }];
  });
}

/** Whether an edit goes on with the last one: letters in one field, without a pause. @param {Edit} last @param {Leaf[]} found @param {number} now */
function isSame(last, found, now) {
  const [[one, ...more], [next, ...others]] = [last.leaves, found];
  if (more.length || others.length || now - last.at > PAUSE || !same(one.path, next.path)) return false;
  const lengths = [one.before, next.before, next.after].map(lengthOf);
  if (lengths.some((length) => length === undefined)) return false;
  const [first, before, after] = /** @type {number[]} */ (lengths);
  return Math.abs(after - before) <= 2 && Math.abs(after - first) <= LONGEST && rowsOf(one.before) === rowsOf(next.after);
}

/** Of a text, or of the texts in a list. @param {any} value @returns {number | undefined} */
const lengthOf = (value) => (typeof value === 'string' ? value.length : value === undefined ? 0 : Array.isArray(value) ? JSON.stringify(value).length : undefined);

/** How many: one that comes or goes is an edit of its own. @param {any} value */
const rowsOf = (value) => (Array.isArray(value) ? value.length : 0);

const WORDS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}\p{M}_]+|\s+|[^]/gu;

/** `now` with the step from one value to another in it, though others changed it meanwhile: where the changed part still stands,
 *  it is exchanged; where it does not, `now` stays. Of a value that is neither text nor list: all or nothing.
 *  @param {any} now @param {any} from @param {any} into @returns {any} */
export function respliced(now, from, into) {
  if (same(now, from)) return into;
  if (![now, from, into].some((one) => Array.isArray(one) || typeof one === 'string')) return now;
  const isText = [now, from, into].every((one) => typeof one === 'string' || one === undefined);
  if (!isText && ![now, from, into].every((one) => Array.isArray(one) || one === undefined)) return now;
  const [seen, was, will] = [now, from, into].map((one) => (isText ? (one?.match(WORDS) ?? []) : (one ?? []))); // a letter alone stands in many a word
  const [start, wasEnd, willEnd] = between(was, will);
  const place = found(seen, was.slice(start, wasEnd), start, was.slice(0, start));
  if (place < 0) return now;
  const put = will.slice(start, willEnd);
  // What was taken out came back, as others had written in it: as they made it, it stands.
  const isBackAt = (/** @type {any} */ one, /** @type {any} */ other) => same(one, other) || (!isText && goesOn(other, one));
  const isBack = was.length
    ? put.length > 0 && put.every((/** @type {any} */ one, /** @type {number} */ i) => isBackAt(one, seen[place + i]))
    : put.some((/** @type {any} */ one) => /\S/.test(one) && seen.some((/** @type {any} */ other) => isBackAt(one, other)));
  if (wasEnd === start && isBack) return now;
  if (isText && !was.length && seen.length) put.push(' ');
  const next = [...seen.slice(0, place), ...put, ...seen.slice(place + wasEnd - start)];
  return isText ? next.join('') : next;
}

/** Whether a row is another one that somebody wrote on: all its words, in their order. @param {any} row @param {any} before @returns {boolean} */
function goesOn(row, before) {
  if (isMap(row) && isMap(before)) return Object.entries(before).every(([name, value]) => same(row[name], value) || goesOn(row[name], value));
  if (typeof row !== 'string' || typeof before !== 'string') return false;
  const words = row.match(WORDS) ?? [];
  const wanted = (before.match(WORDS) ?? []).filter((word) => word.trim());
  let at = 0;
  for (const word of words) if (word === wanted[at]) at++;
  return wanted.length > 0 && at === wanted.length;
}

/** What is not common to both at their ends. @param {any[]} one @param {any[]} other */
function between(one, other) {
  let start = 0;
  while (start < one.length && start < other.length && same(one[start], other[start])) start++;
  let [end, otherEnd] = [one.length, other.length];
  while (end > start && otherEnd > start && same(one[end - 1], other[otherEnd - 1])) [end, otherEnd] = [end - 1, otherEnd - 1];
  return [start, end, otherEnd];
}

/** Where the part stands now, nearest to where it stood; of an empty one, behind what it stood behind. -1: nowhere.
 *  @param {any[]} seen @param {any[]} part @param {number} near @param {any[]} ahead */
function found(seen, part, near, ahead) {
  const wanted = part.length ? part : ahead.slice(-20);
  const shift = part.length ? 0 : wanted.length;
  const stands = (/** @type {number} */ place) => wanted.every((one, i) => same(one, seen[place + i]));
  for (let off = 0; off <= seen.length; off++) {
    for (const place of [near - shift - off, near - shift + off]) {
      if (place >= 0 && place + wanted.length <= seen.length && stands(place)) return place + shift;
    }
  }
  return part.length ? -1 : Math.min(near, seen.length);
}
