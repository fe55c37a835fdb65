/** The server holds something else now: docs/conflicts.md, row by row, and the laws of who keeps what. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import fc from 'fast-check';
import { decide, overlap, pendingAfter, received } from './decision.js';
import { at, diff, isMap, leaves, patched, pruned, same } from './json.js';

const FACTS = { sending: [true, false], whose: ['own', 'other'], draft: ['same', 'another', 'none', 'project'], changed: [true, false], typed: ['nothing', 'elsewhere', 'there'] };
const HEADER = `| ${Object.keys(FACTS).join(' | ')} | action |\n`;

/** The rows of the table of all cases: what each fact may be, and the action. */
function documented() {
  const table = readFileSync(new URL('../../docs/conflicts.md', import.meta.url), 'utf8').split(HEADER)[1].split('\n\n')[0];
  const rows = table.split('\n').slice(1).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
  const spelled = { yes: true, no: false };
  return rows.map((cells) => ({
    allowed: Object.values(FACTS).map((values, i) => (cells[i] === 'any' ? values : cells[i].split(', ').map((word) => spelled[word] ?? word))),
    action: cells.at(-1),
  }));
}
const combinations = Object.values(FACTS).reduce((all, values) => all.flatMap((one) => values.map((value) => [...one, value])), [[]]);

test('every combination of facts has one row of docs/conflicts.md, and is decided as it says', () => {
  const rows = documented();
  assert.deepEqual([rows.length, combinations.length], [9, 96]);
  for (const values of combinations) {
    const fitting = rows.filter(({ allowed }) => allowed.every((some, i) => some.includes(values[i]))).map(({ action }) => action);
    const facts = Object.fromEntries(Object.keys(FACTS).map((name, i) => [name, values[i]]));
    assert.deepEqual(fitting, [decide(facts)], JSON.stringify(facts));
  }
});

test('every action that is decided is explained', () => {
  const text = readFileSync(new URL('../../docs/conflicts.md', import.meta.url), 'utf8');
  for (const { action } of documented()) assert.match(text, new RegExp(`^\\| ${action} \\| \\S`, 'm'));
});

// ---- who keeps what

const words = fc.constantFrom('', 'a', 'sun', 'sunblade', 'the sunblade of dawn');
const list = fc.array(words, { maxLength: 3 });
const inner = fc.record({ name: words, quote: words, properties: list, deep: fc.record({ x: words, y: fc.integer({ min: 0, max: 2 }) }, { requiredKeys: [] }) }, { requiredKeys: [] });
const states = fc.record({ itemDetails: inner, step: words, more: inner }, { requiredKeys: [] }).map(pruned);
const any = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 3 });
const anyState = any.map(pruned);
const valueOf = (state, [name, ...rest]) => {
  const found = isMap(state) ? at(state, name) : undefined;
  return rest.length ? valueOf(found, rest) : found;
};

for (const [kind, state] of [['of a tool', states], ['of any shape', anyState]]) {
  test(`with nothing typed theirs is what is on the page (states ${kind})`, () => {
    fc.assert(fc.property(state, state, (from, theirs) => {
      const now = received(from, structuredClone(from), theirs);
      assert.ok(same(now.mine, theirs) && same(now.base, theirs) && !now.both.length);
      assert.deepEqual(now.pending, {});
    }));
  });

  test(`with nothing changed elsewhere mine stays, with all of it to be sent (states ${kind})`, () => {
    fc.assert(fc.property(state, state, (from, mine) => {
      const now = received(from, mine, structuredClone(from));
      assert.ok(same(now.mine, mine) && same(now.base, from) && !now.both.length);
      assert.ok(same(patched(now.base, now.pending), mine));
    }));
  });

  test(`each leaf that was typed is on the page (states ${kind})`, () => {
    fc.assert(fc.property(state, state, state, (from, mine, theirs) => {
      const now = received(from, mine, theirs);
      for (const [path, value] of leaves(diff(from, mine))) assert.ok(same(valueOf(now.mine, path), value ?? undefined), String(path));
      assert.ok(same(now.pending, diff(now.base, now.mine)));
    }));
  });

  // W26
  test(`a leaf that both changed keeps in the base what it was typed on, and the base is said to be not what the server has (states ${kind})`, () => {
    fc.assert(fc.property(state, state, state, (from, mine, theirs) => {
      const now = received(from, mine, theirs);
      const typed = leaves(diff(from, mine));
      const both = typed.filter(([path]) => !same(valueOf(from, path), valueOf(theirs, path)) && !same(valueOf(mine, path), valueOf(theirs, path)));
      assert.deepEqual(now.both, both.map(([path]) => path));
      for (const [path] of both) assert.ok(same(valueOf(now.base, path), valueOf(from, path)), `${path}: ${JSON.stringify(now.base)}`);
    }));
  });

  test(`what others changed and nobody typed in is theirs, on the page and in the base (states ${kind})`, () => {
    fc.assert(fc.property(state, state, state, (from, mine, theirs) => {
      const now = received(from, mine, theirs);
      const typed = leaves(diff(from, mine)).map(([path]) => path);
      const apart = (one, other) => one.slice(0, other.length).join() !== other.slice(0, one.length).join();
      for (const [path, value] of leaves(theirs)) {
        if (!typed.every((one) => apart(path, one))) continue;
        assert.ok(same(valueOf(now.mine, path), value) && same(valueOf(now.base, path), value), String(path));
      }
    }));
  });
}

test('two who made the same of a field are not in each other\'s way', () => {
  assert.deepEqual(overlap({ q: 'same' }, { q: 'old' }, { q: 'same' }), []);
  assert.deepEqual(received({ q: 'old' }, { q: 'same' }, { q: 'same' }), { base: { q: 'same' }, mine: { q: 'same' }, pending: {}, both: [] });
});

test('what was emptied, kept by the server as others had edited it, and put back meanwhile was typed on what it was before', () => {
  const [before, emptied, back] = [{ q: 'one two three' }, {}, { q: 'one two three four' }];
  const now = received(emptied, back, { q: 'one three' }, [], before);
  assert.deepEqual([now.base, now.mine, now.both], [before, back, [['q']]]); // merged on nothing, it would stand there twice
});

test('what an unanswered save sent and the server has is nobody else\'s: it is what was typed on', () => {
  fc.assert(fc.property(states, states, states, states, (from, sent, mine, others) => {
    const theirs = patched(patched(from, diff(from, sent)), { others: diff({}, others) });
    const now = received(from, mine, theirs, [sent]);
    assert.deepEqual(now.both, []); // no conflict with oneself, and no word twice
    for (const [path, value] of leaves(diff(from, mine))) assert.ok(same(valueOf(now.mine, path), value ?? undefined));
    assert.ok(same(now.base, theirs));
  }));
});

test('what was sent, perhaps stored, and taken back stands as it was before, typed on what was sent', () => {
  const back = (theirs, attempts = [{ q: 'sent' }]) => received({ q: 'was' }, { q: 'was' }, { q: theirs }, attempts);
  assert.deepEqual(back('sent'), { base: { q: 'sent' }, mine: { q: 'was' }, pending: { q: 'was' }, both: [] });
  assert.deepEqual(back('others sent'), { base: { q: 'sent' }, mine: { q: 'was' }, pending: { q: 'was' }, both: [['q']] });
  assert.deepEqual(back('was').pending, {});
  assert.deepEqual(back('others', []), { base: { q: 'others' }, mine: { q: 'others' }, pending: {}, both: [] });
});

test('what is pending after any sequence of patches is what a comparison of everything would find', () => {
  for (const [state, patch] of [[states, fc.oneof(states, fc.constant({ itemDetails: null }), fc.constant({ itemDetails: { name: null } }))], [anyState, any]]) {
    fc.assert(fc.property(state, fc.array(patch, { maxLength: 12 }), (base, patches) => {
      let [mine, pending] = [base, {}];
      for (const one of patches) {
        mine = patched(mine, one);
        pending = pendingAfter(base, mine, pending, one);
        assert.ok(same(pending, diff(base, mine)), `${JSON.stringify(pending)} is not ${JSON.stringify(diff(base, mine))}`);
      }
    }), { numRuns: 300 });
  }
});

test('a key costs what it changes: the parts of a large state that it does not name are not looked at', () => {
  const looked = [];
  const large = new Proxy({ x: 'x' }, { ownKeys: () => looked.push('large') && ['x'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 'x' }), get: () => 'x' });
  const base = { large, q: 'a' };
  const mine = { large, q: 'ab' };
  assert.deepEqual(pendingAfter(base, mine, {}, { q: 'ab' }), { q: 'ab' });
  assert.deepEqual(looked, []);
});
