/** The tools: the fields of their states that are kept, by kind, and the two spellings of a card.
 *
 *  A project's spelling is the one used here. Only a card's draft in the session has another: the same words in
 *  snake_case, but `draft_item_data` for `itemDetails`. */
import { contents, isMap, pruned } from './json.js';
/** @import {State, Tool} from './types' */

export const AGAIN = '-again'; // of a project's id: the same each time, so that a repetition finds what the first one made

const COMMON = {
  text: 'draft_id current_step active_object_id',
  map: 'step_completion tool_specific_data session_data',
  flag: 'auto_save_enabled',
  list: '',
};
/** @type {Record<Tool, Record<string, string>>} */
const FIELDS = {
  cardgenerator: {
    text: 'draftId sessionId userId currentStep activeItemId activeObjectId',
    map: 'stepCompletion itemDetails selectedAssets generatedContent metadata generationLocks preferences toolSpecificData sessionData',
    flag: 'autoSaveEnabled',
    list: 'recentItems generatedImages',
  },
  storegenerator: { text: 'active_store_id', map: 'store_draft_data', list: 'recent_stores' },
  ruleslawyer: { map: 'search_context', list: 'active_query_history favorite_rules' },
  statblockgenerator: {
    text: 'active_statblock_id session_id user_id',
    map: 'statblock_draft_data selected_assets generated_content',
    flag: 'generation_lock',
    list: 'recent_statblocks',
  },
};
/** What says nothing about whether there is work in a state. */
const ASIDE = /^(draft_?id|session_?id|user_?id|current_?step|step_?completion|auto_?save_?enabled|metadata|preferences|active_?\w+_?id)$/i;
/** @type {Record<string, string[]>} */
const LISTS = { generatedContent: ['images', 'renderedCards', 'analyses'], selectedAssets: ['generatedCardImages'], itemDetails: ['properties'] };

const KINDS = /** @type {Record<string, (value: any) => boolean>} */ ({
  text: (value) => typeof value === 'string',
  map: isMap,
  flag: (value) => typeof value === 'boolean',
  list: Array.isArray,
});

/** The tool that opens an object, by the object's type. @type {Record<string, Tool>} */
export const OPENS = { item: 'cardgenerator', store: 'storegenerator', rule: 'ruleslawyer', statblock: 'statblockgenerator' };

export const TOOLS = /** @type {Tool[]} */ (Object.keys(FIELDS));

/** @type {Map<Tool, Map<string, string>>} */
const cache = new Map();

/** @param {Tool} tool @returns {Map<string, string>} the kind of each field */
function kinds(tool) {
  const known = cache.get(tool);
  if (known) return known;
  const all = tool === 'cardgenerator' ? [FIELDS[tool]] : [COMMON, FIELDS[tool]];
  const pairs = all.flatMap((part) => Object.entries(part).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind])));
  const found = new Map(/** @type {[string, string][]} */ (pairs));
  cache.set(tool, found);
  return found;
}

/** Whether a field of a state is the tool's own, and not what the page keeps beside them. @param {Tool} tool @param {string} name */
export const isField = (tool, name) => kinds(tool).has(name);

/** What of a state outlives the page: the tool's own fields, without what the page keeps beside them.
 *  @param {Tool} tool @param {State} state @returns {State} */
export function persistable(tool, state) {
  const known = kinds(tool);
  return pruned(Object.fromEntries(Object.entries(state).filter(([name]) => known.has(name))));
}

/** The same of a state that nobody vouches for: a field of another kind stays out.
 *  @param {Tool} tool @param {State} state @returns {State} */
export function sound(tool, state) {
  const known = kinds(tool);
  const fits = (/** @type {[string, any]} */ [name, value]) => KINDS[known.get(name) ?? '']?.(value);
  const listed = (/** @type {[string, any]} */ [name, value]) => [name, isMap(value) ? withLists(value, LISTS[name]) : value];
  return pruned(Object.fromEntries(Object.entries(state).filter(fits).map(listed)));
}

/** @param {State} map @param {string[]} [names]  of the fields that must be lists */
const withLists = (map, names = []) => Object.fromEntries(Object.entries(map).filter(([name, value]) => !names.includes(name) || Array.isArray(value)));

/** What of it a person would miss. @param {State} state */
export const workOf = (state) => contents(Object.entries(state).filter(([name]) => !ASIDE.test(name)).map(([, value]) => value));

/** @param {State} state */
export const hasWork = (state) => workOf(state).length > 0;

/** @param {Tool} tool the name of the field that tells one draft from another */
export const draftField = (tool) => (tool === 'cardgenerator' ? 'draftId' : 'draft_id');

/** A tool's map in the session as a state. @param {Tool} tool @param {State} [draft] @returns {State} */
export function fromDraft(tool, draft = {}) {
  return persistable(tool, Object.fromEntries(Object.entries(draft).map(([name, value]) => [fromDraftPath(tool, name), value])));
}

/** A field path of that map as one of the state. @param {Tool} tool @param {string} path */
export function fromDraftPath(tool, path) {
  if (tool !== 'cardgenerator') return path;
  return path.replace(/^[^.]+/, (name) => (name === 'draft_item_data' ? 'itemDetails' : name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase())));
}

/** A state as a tool's map in the session. @param {Tool} tool @param {State} state @returns {State} */
export function toDraft(tool, state) {
  if (tool !== 'cardgenerator') return state;
  const name = (/** @type {string} */ one) => (one === 'itemDetails' ? 'draft_item_data' : one.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  return Object.fromEntries(Object.entries(state).map(([one, value]) => [name(one), value]));
}

/** Whether a merge patch changes anything but the id of the draft, which alone is nobody's work. @param {State} patch */
export const hasEdits = (patch) => Object.keys(patch).some((name) => !/^draft_?id$/i.test(name));

/** What the work itself is called. @param {Tool} tool @param {State} state @returns {string} */
export function titleOf(tool, state) {
  const thing = state.itemDetails ?? state.statblock_draft_data ?? {};
  const block = Object.values(state.store_draft_data?.storeData ?? {}).find((one) => one?.type === 'title');
  const title = String(thing.name ?? block?.title ?? '').trim().slice(0, 200).replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, ''); // half an emoji is no text
  return title || `Untitled ${{ cardgenerator: 'card', storegenerator: 'store', ruleslawyer: 'ruling', statblockgenerator: 'statblock' }[tool]}`;
}
