import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ago } from './ago.js';

const before = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();

test('a time is told in its largest whole unit', () => {
  assert.equal(ago(before(5)), 'just now');
  assert.equal(ago(before(-30)), 'just now'); // a clock that is ahead
  assert.equal(ago(before(61)), '1 minute ago');
  assert.equal(ago(before(3 * 3600)), '3 hours ago');
  assert.equal(ago(before(86_400)), 'yesterday');
});

test('no time is no words', () => {
  assert.equal(ago(undefined), '');
  assert.equal(ago('soon'), '');
});
