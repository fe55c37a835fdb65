/** The rulings as a slip to lay beside the dice: favorites first, then what was asked. */

import { h } from '../dom.js';
import { asList, asMap, asText, isMap } from '../parts/values.js';

/** @param {any} state */
export function slip(state) {
  const about = asMap(state.search_context);
  const asked = asList(state.active_query_history)
    .map(rulingOf)
    .filter((one) => one.question || one.answer);
  const favorites = asList(state.favorite_rules).map(asText).filter(Boolean);
  const where = [asText(about.campaign), asText(about.edition)].filter(Boolean).join(', ');
  return h(
    'article.sheet.slip',
    {},
    h('header', {}, h('h3', {}, 'Rulings'), where && h('p.nature', {}, where)),
    favorites.length > 0 && h('ul.favorites', {}, ...favorites.map((rule) => h('li', {}, rule))),
    ...asked.map(ruling),
  );
}

/** @param {any} one */
function rulingOf(one) {
  if (!isMap(one)) return { question: asText(one), answer: '', source: '' };
  return { question: asText(one.question), answer: asText(one.answer), source: asText(one.source) || asText(one.sources) };
}

/** @param {{question: string, answer: string, source: string}} one */
const ruling = ({ question, answer, source }) =>
  h('section.ruling', {}, h('h4', {}, question || 'A question'), answer && h('p', {}, answer), source && h('p.source', {}, source));
