import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { difference, placeAfter, typedInto } from './words.js';

const texts = fc.array(fc.constantFrom('a ', 'keel ', 'salt, ', 'wind', '\n', '😀', 'é '), { maxLength: 12 }).map((words) => words.join(''));
const side = (pieces, but) => pieces.filter(({ kind }) => kind !== but).map(({ text }) => text).join('');

test('a difference is told by words', () => {
  assert.deepEqual(difference('the old blade hums', 'the bright blade hums'), [
    { kind: 'same', text: 'the ' },
    { kind: 'gone', text: 'old' },
    { kind: 'new', text: 'bright' },
    { kind: 'same', text: ' blade hums' },
  ]);
  assert.deepEqual(difference('', 'new'), [{ kind: 'new', text: 'new' }]);
  assert.deepEqual(difference('same', 'same'), [{ kind: 'same', text: 'same' }]);
});

test('both texts can be read off their difference', () => {
  fc.assert(
    fc.property(texts, texts, (from, to) => {
      const pieces = difference(from, to);
      assert.equal(side(pieces, 'new'), from);
      assert.equal(side(pieces, 'gone'), to);
    }),
  );
});

test('two long texts that have nothing in common take no time', () => {
  const long = (word) => Array.from({ length: 20_000 }, (_, i) => word + i).join(' ');
  const began = Date.now();
  difference(long('a'), long('b'));
  assert.ok(Date.now() - began < 1500);
});

test('the caret stays at its word, whatever is put in or taken out around it', () => {
  const [from, to] = ['one two three four', 'zero one two three and four five'];
  const pieces = difference(from, to);
  for (const word of ['one', 'two', 'three', 'four']) assert.equal(placeAfter(pieces, from.indexOf(word) + 2), to.indexOf(word) + 2);
  assert.equal(placeAfter(difference('ab', 'ab cd'), 2), 2); // what comes at the caret comes behind it
  assert.equal(placeAfter(difference('one two three', 'three'), 5), 0);
});

test('what is typed while the control does not show the others’ words yet loses none of them', () => {
  assert.equal(typedInto('the blade', 'the bright blade', 'the blade hums'), 'the bright blade hums');
  assert.equal(typedInto('the blade', 'the blade 光', 'see the blade'), 'see the blade 光');
  assert.equal(typedInto('', 'か', 'others'), 'othersか');
  fc.assert(
    fc.property(texts, texts, fc.nat(), (shown, current, at) => {
      const place = at % (shown.length + 1);
      if (/[\udc00-\udfff]/.test(shown[place] ?? '')) return;
      const now = typedInto(shown, `${shown.slice(0, place)}XX${shown.slice(place)}`, current);
      assert.equal(now.replace('XX', ''), current);
    }),
  );
});

test('deleting takes away what stood there, and not what others wrote between', () => {
  assert.equal(typedInto('one two three', 'one ', 'one two NEW three'), 'one NEW ');
});
