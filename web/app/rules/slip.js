/** The rulings as a slip to lay beside the dice: favorites first, then what was asked. */

import { h } from '../dom.js';

/** @param {any} state */
export function slip(state) {
  const about = state.search_context ?? {};
  const asked = (state.active_query_history ?? []).filter((/** @type {any} */ one) => one.question || one.answer);
  const favorites = state.favorite_rules ?? [];
  const where = [about.campaign, about.edition].filter((value) => typeof value === 'string' && value).join(', ');
  return h(
    'article.sheet.slip',
    {},
    h('header', {}, h('h3', {}, 'Rulings'), where && h('p.nature', {}, where)),
    favorites.length > 0 && h('ul.favorites', {}, ...favorites.map((/** @type {string} */ rule) => h('li', {}, rule))),
    ...asked.map(ruling),
  );
}

/** @param {any} one */
function ruling(one) {
  const source = one.source || (one.sources ?? []).join('; ');
  return h(
    'section.ruling',
    {},
    h('h4', {}, one.question || 'A question'),
    one.answer && h('p', {}, one.answer),
    source && h('p.source', {}, source),
  );
}
