/** What became of a text, word by word: for the eye, and for the caret that stands in it. */

/** @typedef {{kind: 'same' | 'gone' | 'new', text: string}} Piece */

const MOST_STEPS = 600; // words that differ: beyond that the middle is told as replaced as a whole

/** @param {string} from @param {string} to @returns {Piece[]}  in the order of reading, what is gone before what is new */
export function difference(from, to) {
  if (from === to) return from ? [{ kind: 'same', text: from }] : [];
  const [one, other] = [tokens(from), tokens(to)];
  let head = 0;
  while (head < one.length && one[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < Math.min(one.length, other.length) - head && one[one.length - 1 - tail] === other[other.length - 1 - tail]) tail += 1;
  const end = tail ? -tail : undefined;
  const middle = shortestEdit(one.slice(head, end), other.slice(head, end));
  const same = (/** @type {string[]} */ words) => words.map((text) => /** @type {Piece} */ ({ kind: 'same', text }));
  return joined([...same(one.slice(0, head)), ...middle, ...same(tail ? one.slice(-tail) : [])]);
}

/** Where a place in the text is after the change: before what was put in there, behind what was put in before it.
 *  @param {Piece[]} pieces @param {number} place @returns {number} */
export function placeAfter(pieces, place) {
  let [before, after] = [0, 0];
  for (const { kind, text } of pieces) {
    if (kind !== 'new' && before + text.length >= place) return kind === 'same' ? after + place - before : after;
    if (kind !== 'new') before += text.length;
    if (kind !== 'gone') after += text.length;
  }
  return after;
}

/** What was typed into a text that somebody else has changed meanwhile, put where it was typed. A control that is
 *  composing does not show the others' words yet; this is what it would hold if it had.
 *  @param {string} shown  what the control showed before the key @param {string} typed  what it shows since
 *  @param {string} current  what the state holds @returns {string} */
export function typedInto(shown, typed, current) {
  if (shown === current) return typed;
  const { start, end, put } = onePlace(shown, typed);
  const pieces = difference(shown, current);
  const within = pieces.length ? newWithin(pieces, start, end) : current;
  return current.slice(0, placeAfter(pieces, start)) + put + within + current.slice(Math.max(placeAfter(pieces, end), placeAfter(pieces, start)));
}

/** The others' words between two places of the text. @param {Piece[]} pieces @param {number} start @param {number} end */
function newWithin(pieces, start, end) {
  let before = 0;
  let found = '';
  for (const { kind, text } of pieces) {
    if (kind === 'new' && before > start && before < end) found += text;
    if (kind !== 'new') before += text.length;
  }
  return found;
}

/** The one place where two texts differ. @param {string} from @param {string} to */
function onePlace(from, to) {
  const most = Math.min(from.length, to.length);
  let start = 0;
  while (start < most && from[start] === to[start]) start += 1;
  if (/[\ud800-\udbff]/.test(from[start - 1] ?? '')) start -= 1; // half an emoji is no place
  let tail = 0;
  while (tail < most - start && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail += 1;
  if (/[\udc00-\udfff]/.test(from[from.length - tail] ?? '')) tail -= 1;
  return { start, end: from.length - tail, put: to.slice(start, to.length - tail) };
}

/** Words and numbers such as 1,200.50, and what stands between them. @param {string} text */
const tokens = (text) => text.match(/\p{N}+(?:[.,]\p{N}+)+|[\p{L}\p{N}\p{M}_'’]+|\s+|[^]/gu) ?? [];

/** Myers' shortest edit: "An O(ND) Difference Algorithm and Its Variations", 1986.
 *  @param {string[]} from @param {string[]} to @returns {Piece[]} */
function shortestEdit(from, to) {
  const whole = [...from.map((text) => ({ kind: 'gone', text })), ...to.map((text) => ({ kind: 'new', text }))];
  if (!from.length || !to.length) return /** @type {Piece[]} */ (whole);
  const [n, m] = [from.length, to.length];
  /** @type {Map<number, number>[]} */
  const trail = [];
  let furthest = new Map([[1, 0]]);
  for (let d = 0; d <= Math.min(n + m, MOST_STEPS); d += 1) {
    trail.push(new Map(furthest));
    for (let k = -d; k <= d; k += 2) {
      let x = down(furthest, k, d) ? (furthest.get(k + 1) ?? 0) : (furthest.get(k - 1) ?? 0) + 1;
      while (x < n && x - k < m && from[x] === to[x - k]) x += 1;
      furthest.set(k, x);
      if (x >= n && x - k >= m) return traced(trail, from, to);
    }
  }
  return /** @type {Piece[]} */ (whole);
}

/** @param {Map<number, number>} furthest @param {number} k @param {number} d */
const down = (furthest, k, d) => k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));

/** @param {Map<number, number>[]} trail @param {string[]} from @param {string[]} to @returns {Piece[]} */
function traced(trail, from, to) {
  /** @type {Piece[]} */
  const pieces = [];
  let [x, y] = [from.length, to.length];
  for (let d = trail.length - 1; d >= 0; d -= 1) {
    const k = x - y;
    const before = down(trail[d], k, d) ? k + 1 : k - 1;
    const start = d === 0 ? 0 : (trail[d].get(before) ?? 0);
    const until = d === 0 ? 0 : start - before;
    while (x > start && y > until) pieces.unshift({ kind: 'same', text: from[((y -= 1), (x -= 1))] });
    if (d === 0) break;
    if (x === start) pieces.unshift({ kind: 'new', text: to[(y -= 1)] });
    else pieces.unshift({ kind: 'gone', text: from[(x -= 1)] });
  }
  return pieces;
}

/** Neighbours of one kind as one piece, and between two words that stayed what is gone before what is new.
 *  @param {Piece[]} pieces @returns {Piece[]} */
function joined(pieces) {
  /** @type {Piece[]} */
  const found = [];
  let [gone, put, same] = ['', '', ''];
  const close = () => {
    if (gone) found.push({ kind: 'gone', text: gone });
    if (put) found.push({ kind: 'new', text: put });
    [gone, put] = ['', ''];
  };
  for (const { kind, text } of pieces) {
    if (kind !== 'same' && same) {
      found.push({ kind: 'same', text: same });
      same = '';
    }
    if (kind === 'gone') gone += text;
    else if (kind === 'new') put += text;
    else {
      close();
      same += text;
    }
  }
  close();
  if (same) found.push({ kind: 'same', text: same });
  return found;
}
