/** Where a person types in each tool: texts and lists of rows, as the forms of web/app have them. */

/** @type {Record<string, {texts: string[], rows: string, row: (word: string) => any, textOf?: string}>} */
export const FORMS = {
  cardgenerator: {
    texts: ['itemDetails.description', 'itemDetails.description', 'itemDetails.quote', 'itemDetails.name'],
    rows: 'itemDetails.properties',
    row: (word) => word,
  },
  storegenerator: {
    texts: ['store_draft_data.storeData.block-0.title', 'store_draft_data.storeData.block-0.description', 'store_draft_data.storeData.block-1.description'],
    rows: 'store_draft_data.storeData.block-2.core_inventory',
    row: (word) => ({ name: word, cost: '5 gp' }),
    textOf: 'name',
  },
  ruleslawyer: {
    texts: ['search_context.question', 'search_context.campaign'],
    rows: 'favorite_rules',
    row: (word) => word,
  },
  statblockgenerator: {
    texts: ['statblock_draft_data.description', 'statblock_draft_data.languages', 'statblock_draft_data.name'],
    rows: 'statblock_draft_data.actions',
    row: (word) => ({ name: word, desc: 'Melee' }),
    textOf: 'name',
  },
};
export const TOOLS = Object.keys(FORMS);

/** @param {any} state @param {string} path */
export const valueAt = (state, path) => path.split('.').reduce((value, name) => value?.[name], state);

/** The merge patch that sets a place. @param {string} path @param {any} value */
export const patchOf = (path, value) => path.split('.').reduceRight((inner, name) => ({ [name]: inner }), value);
