/** The four tools, as the page shows them. A tool is one entry here; its fields are the server's schema. */

import { card, cardBack } from './cards/card.js';
import { sunblade } from './cards/example.js';
import { cardForm } from './cards/form.js';
import { grappledWizard } from './rules/example.js';
import { asList } from './parts/values.js';
import { rulesForm } from './rules/form.js';
import { slip } from './rules/slip.js';
import { lanternWisp } from './statblocks/example.js';
import { statblock } from './statblocks/block.js';
import { statblockForm } from './statblocks/form.js';
import { blockOf } from './stores/blocks.js';
import { upturnedKeel } from './stores/example.js';
import { storeForm } from './stores/form.js';
import { storePage } from './stores/page.js';

/** @typedef {{slug: string, tool: string, title: string, noun: string, many: string, type: string, form: (work: any, storage: any) => any,
 *    preview: (state: any) => HTMLElement, back?: (state: any) => HTMLElement, content: string[], nameOf: (state: any) => any,
 *    example: any, exampleName: string}} Tool  content: the fields of the state that hold what people made */

/** @type {Tool[]} */
export const TOOLS = [
  {
    slug: 'cards',
    tool: 'cardgenerator',
    title: 'Cards',
    noun: 'card',
    many: 'cards',
    type: 'item',
    form: cardForm,
    preview: card,
    back: cardBack,
    content: ['itemDetails', 'toolSpecificData'],
    nameOf: (state) => state.itemDetails?.name,
    example: sunblade,
    exampleName: 'Sunblade',
  },
  {
    slug: 'stores',
    tool: 'storegenerator',
    title: 'Stores',
    noun: 'store',
    many: 'stores',
    type: 'store',
    form: storeForm,
    preview: storePage,
    content: ['store_draft_data'],
    nameOf: (state) => blockOf(state, 'title')?.title,
    example: upturnedKeel,
    exampleName: 'The Upturned Keel',
  },
  {
    slug: 'statblocks',
    tool: 'statblockgenerator',
    title: 'Statblocks',
    noun: 'statblock',
    many: 'statblocks',
    type: 'statblock',
    form: statblockForm,
    preview: statblock,
    content: ['statblock_draft_data'],
    nameOf: (state) => state.statblock_draft_data?.name,
    example: lanternWisp,
    exampleName: 'Lantern Wisp',
  },
  {
    slug: 'rules',
    tool: 'ruleslawyer',
    title: 'Rules',
    noun: 'ruling',
    many: 'rulings',
    type: 'rule',
    form: rulesForm,
    preview: slip,
    content: ['active_query_history', 'favorite_rules', 'search_context'],
    nameOf: (state) => asList(state.active_query_history)[0]?.question,
    example: grappledWizard,
    exampleName: 'Casting while grappled',
  },
];

/** @param {string} slug */
export const toolBySlug = (slug) => TOOLS.find((one) => one.slug === slug);

/** The tool that opens objects of that type.
 *  @param {string} type */
export const toolByType = (type) => TOOLS.find((one) => one.type === type);
