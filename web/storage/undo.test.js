/** Undo and redo: a person's own edits, grouped as typed, taken back as new edits, so that what others did meanwhile stays. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import fc from 'fast-check';
import { diff, patched, pruned, same } from './json.js';
import { respliced, undo } from './undo.js';

test.beforeEach(() => mock.timers.enable({ apis: ['Date'] }));
test.afterEach(() => mock.timers.reset());

/** A state with its edits; `others` writes without being noted. */
function scene(state = {}) {
  const kept = undo();
  const self = {
    state,
    can: () => kept.can.get(),
    edit(patch, ms = 2000) {
      mock.timers.tick(ms);
      kept.note(self.state, patch);
      self.state = patched(self.state, patch);
    },
    /** letter by letter */
    type(name, text, ms = 100) {
      for (const letter of text) self.edit({ [name]: `${self.state[name] ?? ''}${letter}` }, ms);
    },
    others: (patch) => (self.state = patched(self.state, patch)),
    undo: () => self.others(kept.undo(self.state) ?? {}),
    redo: () => self.others(kept.redo(self.state) ?? {}),
  };
  return self;
}

const words = fc.constantFrom('a', 'sun', 'sunblade', 'the sunblade of dawn', 'é🗡️');
const list = fc.array(fc.constantFrom('Heavy', 'Light', 'Finesse'), { maxLength: 4 });
const item = fc.record({ name: words, quote: words, properties: list, level: fc.integer({ min: 0, max: 3 }) }, { requiredKeys: [] });
const states = fc.record({ itemDetails: item, step: words, rows: fc.array(fc.record({ id: fc.constantFrom('r1', 'r2', 'r3'), desc: words }), { maxLength: 3 }) }, { requiredKeys: [] }).map(pruned);
const pauses = fc.constantFrom(50, 500, 3000);
const emptied = fc.constantFrom({ itemDetails: null }, { step: null }, { itemDetails: { name: null, properties: null } }, { rows: null });
const edits = fc.array(fc.tuple(fc.oneof({ weight: 3, arbitrary: states }, emptied), pauses), { maxLength: 20 });

test('any sequence of edits, undone one by one, gives the first state; redone, the last one', () => {
  fc.assert(fc.property(states, edits, (first, all) => {
    const one = scene(first);
    for (const [patch, ms] of all) one.edit(patch, ms);
    const last = one.state;
    let count = 0;
    for (; one.can().undo; count++) one.undo();
    assert.ok(same(one.state, first), JSON.stringify(one.state));
    for (; count; count--) one.redo();
    assert.ok(same(one.state, last), JSON.stringify(one.state));
    assert.equal(one.can().redo, false);
  }));
});

test('replaced whole, as by "Start from this example" or by a restore, the former state is one step back', () => {
  fc.assert(fc.property(states, states, (first, next) => {
    const one = scene(first);
    one.edit(diff(first, next));
    if (one.can().undo) one.undo();
    assert.ok(same(one.state, first));
  }));
});

test('what others did in other fields survives each undo and redo', () => {
  fc.assert(fc.property(edits, fc.array(words, { minLength: 1, maxLength: 5 }), (all, theirs) => {
    const one = scene();
    for (const [patch, ms] of all) one.edit(patch, ms);
    for (const text of theirs) {
      one.others({ theirs: text, beside: { [text]: text } });
      one.undo();
      assert.deepEqual([one.state.theirs, one.state.beside[text]], [text, text]);
      one.redo();
      assert.deepEqual([one.state.theirs, one.state.beside[text]], [text, text]);
    }
  }));
});

test('what others did in another place of the same text or list survives, and mine is taken back', () => {
  const one = scene({ text: 'one two three four', rows: [{ id: 'a' }, { id: 'b' }] });
  one.edit({ text: 'ONE two three four' });
  one.others({ text: 'ONE two three five' });
  one.undo();
  assert.equal(one.state.text, 'one two three five');
  one.redo();
  assert.equal(one.state.text, 'ONE two three five');
  one.edit({ rows: [{ id: 'b' }] });
  one.others({ rows: [{ id: 'b' }, { id: 'c' }] });
  one.undo();
  assert.deepEqual(one.state.rows, [{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
});

test('a removed row that came back as another wrote on it is not put in a second time', () => {
  const own = { id: 'r1', text: 'one' };
  assert.deepEqual(respliced(['one, and more'], [], ['one']), ['one, and more']);
  assert.deepEqual(respliced(['zero', 'one more', 'two'], ['zero', 'two'], ['zero', 'one', 'two']), ['zero', 'one more', 'two']);
  assert.deepEqual(respliced([{ ...own, text: 'one more' }], [], [own]), [{ ...own, text: 'one more' }]);
  assert.deepEqual(respliced(['two'], [], ['one']), ['one', 'two']);
  assert.deepEqual(respliced(['zero', 'other', 'two'], ['zero', 'two'], ['zero', 'one', 'two']), ['zero', 'one', 'other', 'two']);
});

test('where the words that were typed do not stand any more, what others made of them stays', () => {
  assert.equal(respliced('something else', 'one two', 'one'), 'something else');
  assert.equal(respliced(5, 3, 2), 5);
  assert.deepEqual(respliced(['x'], 'a', ['b']), ['x']);
  assert.equal(respliced('abc, and more', 'abc', undefined), ', and more');
  assert.equal(respliced('abc, and more', '', 'abc'), 'abc, and more'); // taken out, and back as others had written in it
  assert.equal(respliced('before, abc and more', '', 'abc'), 'before, abc and more');
  assert.equal(respliced('one three', '', 'one two'), 'one three');
  assert.equal(respliced('theirs', '', 'mine'), 'mine theirs');
  assert.equal(respliced('13 of 22', '13 of 23', '13 of 21'), '13 of 22'); // the 3 of another word is none of it
  assert.equal(respliced('一三二', '一二', '一'), '一三'); // words without blanks between them
});

// W7
test('an emptied card comes back, also where another wrote in it meanwhile', () => {
  const card = { itemDetails: { name: 'Sunblade', description: 'A blade of pure sunlight.' } };
  const one = scene(card);
  one.edit({ itemDetails: null });
  one.undo();
  assert.deepEqual(one.state, card);
  one.redo();
  assert.deepEqual(one.state, {});
  one.others({ itemDetails: { quote: 'Theirs.' } });
  one.undo();
  assert.deepEqual(one.state, { itemDetails: { ...card.itemDetails, quote: 'Theirs.' } });
});

test('a word typed in one go is one step; a pause, another field or 30 letters begin the next', () => {
  const one = scene({ q: '' });
  one.type('q', 'sun');
  one.edit({ q: 'sunb' }, 1500);
  one.edit({ r: 'x' }, 100);
  one.undo();
  assert.deepEqual([one.state.q, one.state.r], ['sunb', undefined]);
  one.undo();
  assert.equal(one.state.q, 'sun');
  one.undo();
  assert.equal(one.state.q, '');
  assert.deepEqual(one.can(), { undo: false, redo: true });
  one.type('long', 'x'.repeat(75));
  let steps = 0;
  for (; one.can().undo; steps++) one.undo();
  assert.ok(steps >= 2 && steps <= 4, String(steps));
});

test('a new edit ends what could be redone; 200 steps are kept; a draft\'s id is no edit', () => {
  const one = scene();
  one.edit({ q: 'a' });
  one.undo();
  one.edit({ q: 'b' });
  assert.deepEqual(one.can(), { undo: true, redo: false });
  for (let i = 0; i < 250; i++) one.edit({ q: `text ${i}` });
  let steps = 0;
  for (; one.can().undo; steps++) one.undo();
  assert.equal(steps, 200);
  const draft = scene();
  draft.edit({ draft_id: 'd' });
  draft.edit({ draftId: 'd' });
  assert.equal(draft.can().undo, false);
});

test('any state to any other, of whatever kinds: one step back', () => {
  const any = fc.dictionary(fc.constantFrom('a', 'b'), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 2 }).map(pruned);
  fc.assert(fc.property(any, any, (first, next) => {
    const one = scene(first);
    one.edit(diff(first, next));
    if (one.can().undo) one.undo();
    assert.ok(same(one.state, first), `${JSON.stringify(next)} back to ${JSON.stringify(first)} gave ${JSON.stringify(one.state)}`);
  }));
});
