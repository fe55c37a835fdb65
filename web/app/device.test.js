import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceLabel } from './device.js';

test('a device is called by its browser and its system, whatever else they say they are', () => {
  const chrome = 'Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36';
  assert.equal(deviceLabel(chrome), 'Chrome on Android');
  assert.equal(deviceLabel(`${chrome} Edg/156.0`), 'Edge on Android');
  assert.equal(deviceLabel('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'), 'Firefox on Linux');
  assert.equal(deviceLabel(''), 'A browser');
});
