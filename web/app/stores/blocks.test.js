import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockOf, blocksOf, patchBlock } from './blocks.js';

const store = (blocks) => ({ store_draft_data: { storeData: blocks } });

test('blocks are in the order of their numbers, not of their letters', () => {
  const state = store({
    'block-10': { type: 'quest', name: 'last' },
    'block-9': { type: 'quest', name: 'first' },
    'block-1': { type: 'image' },
  });
  assert.deepEqual(
    blocksOf(state, 'quest').map(([, block]) => block.name),
    ['first', 'last'],
  );
});

test('the block of a type is changed where it is, and made where it is missing', () => {
  assert.deepEqual(
    patchBlock(store({ 'block-7': { type: 'title' } }), 'title', { title: 'Keel' }),
    store({ 'block-7': { type: 'title', title: 'Keel' } }),
  );
  assert.deepEqual(patchBlock({}, 'title', { title: 'Keel' }), store({ 'block-0': { type: 'title', title: 'Keel' } }));
});

test('a new block takes no place of another', () => {
  const [key] = Object.keys(patchBlock(store({ 'block-0': { type: 'image' } }), 'title', {}).store_draft_data.storeData);
  assert.notEqual(key, 'block-0');
});

test('a block that was taken out is no block', () => {
  assert.equal(blockOf(store({ 'block-0': null }), 'title'), undefined);
});
