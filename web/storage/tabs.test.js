import { fire } from '../../tests/web/browser.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { holdTab, livingTabs, releaseTab } from './tabs.js';

test('where there are no locks, a tab says that it lives until it goes, or has said nothing for a while', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval', 'Date'], now: 1e12 });
  Object.defineProperty(navigator, 'locks', { configurable: true, writable: true, value: undefined });
  const id = await holdTab('alice');
  assert.deepEqual([await livingTabs('alice'), await livingTabs('bob')], [[id], []]);
  context.mock.timers.tick(300_000);
  assert.deepEqual(await livingTabs('alice'), [id]);
  fire('pagehide');
  assert.deepEqual(await livingTabs('alice'), []);
  context.mock.timers.tick(10_000); // back out of the browser's cache
  assert.deepEqual(await livingTabs('alice'), [id]);
  for (const [name, ago] of [['killed', 91_000], ['slow', 89_000]]) localStorage.setItem(`dungeonmind-alive/alice/${name}`, String(Date.now() - ago));
  assert.deepEqual((await livingTabs('alice')).sort(), [id, 'slow'].sort());
  localStorage.removeItem('dungeonmind-alive/alice/slow');
  releaseTab('alice', id);
  assert.deepEqual(await livingTabs('alice'), []);
});

test('where there are no locks and localStorage is full, who typed a moment ago may live', async () => {
  Object.defineProperty(navigator, 'locks', { configurable: true, writable: true, value: undefined });
  const backup = (tab, ago, userId = 'alice') => ({ value: { tab, userId, timestamp: Date.now() - ago } });
  const kept = [backup('typing', 5_000), backup('gone', 100_000), backup('of bob', 0, 'bob'), {}];
  assert.deepEqual(await livingTabs('alice', kept), []);
  const { kept: inside } = localStorage;
  inside.set = () => { throw new Error('full'); };
  const id = await holdTab('alice');
  assert.deepEqual(await livingTabs('alice', kept), ['typing']);
  delete inside.set;
  releaseTab('alice', id);
});
