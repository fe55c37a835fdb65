import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { TOOLS, draftField, fromDraft, fromDraftPath, hasWork, persistable, sound, titleOf } from './tools.js';

const { schemas } = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url))).components;
const STATES = { cardgenerator: 'CardSessionData', storegenerator: 'StoreDraft', ruleslawyer: 'RulesDraft', statblockgenerator: 'StatblockDraft' };
const SERVERS = ['lastSaved', 'last_saved', 'last_modified', 'created_at', 'conflicts']; // the server's, or its times
const POINTER = 'current_project_id'; // of the session

/** The fields of a schema, each with a value of its kind. */
function example(name) {
  const value = (field) => {
    if (!field.type) return { x: true }; // a schema of its own
    const type = [field.type].flat()[0];
    return { string: 'x', boolean: true, array: ['x'], object: { x: true } }[type];
  };
  return Object.fromEntries(Object.entries(schemas[name].properties).map(([field, of]) => [field, value(of)]));
}

for (const tool of TOOLS) {
  test(`every field of the server's ${STATES[tool]} outlives the page, and no other`, () => {
    const { [POINTER]: _, ...fields } = example(STATES[tool]);
    for (const clock of SERVERS) delete fields[clock];
    assert.deepEqual(persistable(tool, { ...fields, activeTab: 'preview', isOpen: true }), fields);
    assert.deepEqual(sound(tool, { ...fields, activeTab: 'preview' }), fields);
  });
}

test("a card's draft is read in the project's spelling, field by field", () => {
  const { [POINTER]: _, ...draft } = example('CardDraft');
  for (const clock of SERVERS) delete draft[clock];
  const state = fromDraft('cardgenerator', { ...draft, [POINTER]: 'p1', last_saved: 'now' });
  const named = Object.fromEntries(Object.entries(draft).map(([name, value]) => [fromDraftPath('cardgenerator', name), value]));
  assert.deepEqual(state, named);
  assert.deepEqual(Object.keys(named).filter((name) => !(name in example('CardSessionData'))), []);
  assert.equal(fromDraftPath('cardgenerator', 'draft_item_data.sd_prompt'), 'itemDetails.sd_prompt');
  assert.equal(fromDraftPath('storegenerator', 'store_draft_data.storeData'), 'store_draft_data.storeData');
});

test('an untouched form has no work in it, whatever step it shows', () => {
  const untouched = { draftId: 'x', currentStep: 'core-image', stepCompletion: { 'core-image': true }, itemDetails: { name: ' ', properties: [] } };
  assert.ok(!hasWork(untouched) && !hasWork({ draft_id: 'x', active_object_id: 'y', auto_save_enabled: true }));
  assert.ok(hasWork({ itemDetails: { properties: ['Heavy'] } }) && hasWork({ search_context: { level: 0 } }));
});

test('what the work is called, in each tool', () => {
  assert.equal(titleOf('cardgenerator', { itemDetails: { name: ' Sunblade ' } }), 'Sunblade');
  assert.equal(titleOf('statblockgenerator', { statblock_draft_data: { name: 'Ogre' } }), 'Ogre');
  assert.equal(titleOf('storegenerator', { store_draft_data: { storeData: { 'block-0': { type: 'title', title: 'Roots' } } } }), 'Roots');
  assert.equal(titleOf('ruleslawyer', {}), 'Untitled ruling');
});

test('drafts are told apart by the field that the server compares', () => {
  for (const tool of TOOLS) assert.ok(draftField(tool) in example(STATES[tool]));
});

test('a title ends with a whole letter', () => {
  assert.equal(titleOf('cardgenerator', { itemDetails: { name: `${'x'.repeat(199)}🗡️` } }), 'x'.repeat(199));
});
