/** The store as the players may read it: a notice with its people and its prices. */

import { h } from '../dom.js';
import { paragraphs } from '../parts/prose.js';
import { blockOf, blocksOf, SHELVES } from './blocks.js';

/** @param {any} state */
export function storePage(state) {
  const title = blockOf(state, 'title') ?? {};
  const owner = blockOf(state, 'owner');
  return h(
    'article.sheet.store',
    {},
    h('header', {}, h('h3', {}, title.title || 'Unnamed store'), ...place(blockOf(state, 'store-properties') ?? {})),
    title.description && h('div.telling', {}, ...paragraphs(title.description)),
    owner?.name && person('Owner', owner, [owner.species, owner.class]),
    ...blocksOf(state, 'employee')
      .filter(([, one]) => one.name)
      .map(([, one]) => person('Staff', one, [one.role])),
    ...blocksOf(state, 'customer')
      .filter(([, one]) => one.name)
      .map(([, one]) => person('Customer', { ...one, personality: one.influence }, [])),
    ...shelves(blockOf(state, 'inventory') ?? {}),
    ...['services', 'specialties', 'quest'].flatMap((type) => offers(blocksOf(state, type))),
  );
}

/** @param {any} about */
function place(about) {
  const street = ['street', 'district', 'location']
    .map((name) => about[`store-${name}`])
    .filter(Boolean)
    .join(', ');
  return [
    about['store-type'] && h('p.kind', {}, about['store-type']),
    street && h('p.address', {}, street),
    about['store-hours'] && h('p.address', {}, about['store-hours']),
  ].filter(Boolean);
}

/** @param {string} as @param {any} one @param {(string | undefined)[]} facts */
function person(as, one, facts) {
  const known = facts.filter(Boolean).join(', ');
  return h(
    'section.person',
    {},
    h('h4', {}, one.name, h('small', {}, ` ${as}${known ? `, ${known}` : ''}`)),
    one.description && h('p', {}, one.description),
    one.personality && h('p', {}, one.personality),
  );
}

/** @param {[string, any][]} blocks  with a price or a reward */
function offers(blocks) {
  return blocks
    .filter(([, one]) => one.name)
    .map(([, one]) => {
      const worth = one.price ?? one.reward;
      return h(
        'section.person',
        {},
        h('h4', {}, one.name, worth && h('small', {}, ` ${worth}`)),
        one.description && h('p', {}, one.description),
      );
    });
}

/** @param {any} inventory */
function shelves(inventory) {
  return SHELVES.flatMap(([key, label]) => {
    const wares = (inventory[key] ?? []).filter((/** @type {any} */ ware) => ware.name);
    if (!wares.length) return [];
    return [h('h4.shelf-name', {}, label), h('ul.prices', {}, ...wares.map(price))];
  });
}

/** @param {any} ware */
const price = (ware) =>
  h('li', {}, h('span', {}, ware.name), h('span.dots', { 'aria-hidden': 'true' }), h('span.cost', {}, ware.cost ?? ''));
