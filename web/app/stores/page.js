/** The store as the players may read it: a notice with its people and its prices. */

import { h } from '../dom.js';
import { paragraphs } from '../parts/prose.js';
import { asList, asMap, asText, isMap } from '../parts/values.js';
import { blockOf, blocksOf, SHELVES } from './blocks.js';

/** @param {any} state */
export function storePage(state) {
  const title = asMap(blockOf(state, 'title'));
  const owner = asMap(blockOf(state, 'owner'));
  const description = asText(title.description);
  return h(
    'article.sheet.store',
    {},
    h('header', {}, h('h3', {}, asText(title.title) || 'Unnamed store'), ...place(asMap(blockOf(state, 'store-properties')))),
    description && h('div.telling', {}, ...paragraphs(description)),
    person('Owner', owner, [owner.species, owner.class], owner.personality),
    ...blocksOf(state, 'employee').map(([, one]) => person('Staff', one, [one.role], one.personality)),
    ...blocksOf(state, 'customer').map(([, one]) => person('Customer', one, [], one.influence)),
    ...shelves(asMap(blockOf(state, 'inventory'))),
    ...['services', 'specialties', 'quest'].flatMap((type) => blocksOf(state, type).map(([, one]) => offer(one))),
  );
}

/** @param {any} about */
function place(about) {
  const text = (/** @type {string} */ name) => asText(about[`store-${name}`]);
  const street = ['street', 'district', 'location'].map(text).filter(Boolean).join(', ');
  return [
    text('type') && h('p.kind', {}, text('type')),
    street && h('p.address', {}, street),
    text('hours') && h('p.address', {}, text('hours')),
  ].filter(Boolean);
}

/** @param {string} as @param {any} one @param {any[]} facts @param {any} manner */
function person(as, one, facts, manner) {
  const name = asText(one.name);
  if (!name) return null;
  const known = facts.map(asText).filter(Boolean).join(', ');
  return section(name, `${as}${known ? `, ${known}` : ''}`, asText(one.description), asText(manner));
}

/** @param {any} one  with a price or a reward */
function offer(one) {
  const name = asText(one.name);
  return name ? section(name, asText(one.price) || asText(one.reward), asText(one.description)) : null;
}

/** @param {string} name @param {string} aside @param {...string} told */
const section = (name, aside, ...told) =>
  h(
    'section.person',
    {},
    h('h4', {}, name, aside && h('small', {}, ` ${aside}`)),
    ...told.filter(Boolean).map((text) => h('p', {}, text)),
  );

/** @param {any} inventory */
function shelves(inventory) {
  return SHELVES.flatMap(([key, label]) => {
    const wares = asList(inventory[key]).map(wareOf).filter(({ name }) => name);
    if (!wares.length) return [];
    return [h('h4.shelf-name', {}, label), h('ul.prices', {}, ...wares.map(price))];
  });
}

/** @param {any} ware */
const wareOf = (ware) => (isMap(ware) ? { name: asText(ware.name), cost: asText(ware.cost) } : { name: asText(ware), cost: '' });

/** @param {{name: string, cost: string}} ware */
const price = ({ name, cost }) =>
  h('li', {}, h('span', {}, name), h('span.dots', { 'aria-hidden': 'true' }), h('span.cost', {}, cost));
