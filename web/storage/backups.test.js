/** Backups across pages: which of two under one key is the newer. */
import '../../tests/web/browser.mjs';
import assert from 'node:assert/strict';
import test from 'node:test';
import { backups } from './backups.js';

const change = (q) => ({ key: 'alice/ruleslawyer/draft.d.one/tab', tool: 'ruleslawyer', userId: 'alice', tab: 'tab', base: {}, patch: { search_context: { q } } });

test('what is typed after a reload is the newer, though the clock was set back meanwhile', async (context) => {
  context.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 10, 27, 12) });
  const before = backups();
  await before.put(change('before'));
  before.copyAll(); // the page goes away
  context.mock.timers.setTime(Date.UTC(2026, 10, 27, 11, 57));
  const reloaded = await import('./backups.js?reloaded');
  const after = reloaded.backups();
  await after.kept();
  await after.put(change('before and after'));

  const kept = (await after.kept()).map(({ value }) => value);
  kept.sort((one, other) => other.order - one.order);
  assert.equal(kept[0].state.search_context.q, 'before and after');
});
