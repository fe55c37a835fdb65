import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asList, asMap, asText, numberOrText, tidiedNumber } from './values.js';

test('whatever JSON holds is a text that says what is in it', () => {
  assert.equal(asText(null), '');
  assert.equal(asText(0), '0');
  assert.equal(asText(false), 'false');
  assert.equal(asText(['a', { name: 'b' }, null, 3]), 'a; b; 3');
  assert.equal(asText({ name: { text: 'deep' } }), 'deep');
  assert.equal(asText({ walk: 30, fly: null, note: ['hover'] }), 'walk: 30, note: hover');
});

test('one thing where a list should be is a list of it, and nothing is a map but a map', () => {
  assert.deepEqual(asList('one'), ['one']);
  assert.deepEqual(asList({ a: 1 }), [{ a: 1 }]);
  assert.deepEqual(asList(null), []);
  assert.deepEqual(asMap(['a']), {});
  assert.deepEqual(asMap('text'), {});
});

test('what is written in a number field is a number, or stays the text it is', () => {
  for (const [text, value] of [['12', 12], ['-3', -3], ['0.5', 0.5], ['', null]]) assert.equal(numberOrText(text), value);
  for (const text of ['12-', '1/2', '1e400', '0x10', '12.', '007', ' 7', 'NaN', 'Infinity']) assert.equal(numberOrText(text), text);
});

test('it is tidied when the field is left', () => {
  for (const [text, value] of [[' 7 ', 7], ['+5', 5], ['−3', -3], ['12.', 12], ['007', 7], ['-0', 0], ['  ', null]]) assert.equal(tidiedNumber(text), value);
  for (const text of ['12-', '1/2', '15 (natural)']) assert.equal(tidiedNumber(text), text);
});
