/** The card as it will lie on the table. */

import { h } from '../dom.js';
import { paragraphs } from '../parts/prose.js';
import { asList, asMap, asText } from '../parts/values.js';
import { rosette } from './rosette.js';

const RARITIES = ['common', 'uncommon', 'rare', 'very rare', 'legendary', 'artifact'];

/** @param {any} state */
export function card(state) {
  const item = asMap(state.itemDetails);
  const look = asMap(state.toolSpecificData);
  const name = asText(item.name);
  const properties = asList(item.properties).map(asText).filter(Boolean);
  const [description, quote] = [asText(item.description), asText(item.quote)];
  const picture = h('div.engraving', {}, rosette(name, monogramOf(look, name)));
  const words = [
    description && h('div.telling', {}, ...paragraphs(description)),
    properties.length > 0 && h('ul.properties', {}, ...properties.map((line) => h('li', {}, line))),
    quote && h('blockquote', {}, quote),
  ];
  const body = look.order === 'text' ? [facts(item), ...words, picture] : [picture, facts(item), ...words];
  return h(
    'article.card',
    { ...frameOf(item, look), 'data-text': asText(look.textSize) || 'regular' },
    h('header', {}, h('h3', {}, name || 'Unnamed'), kind(item)),
    ...body,
  );
}

/** @param {any} item @returns {number}  its place among the rarities, or -1 */
const rarityOf = (item) => RARITIES.indexOf(asText(item.rarity).trim().toLowerCase());

/** @param {any} item @param {any} look */
const frameOf = (item, look) => ({
  'data-rarity': RARITIES[rarityOf(item)]?.replace(' ', '-') ?? 'none',
  'data-frame': asText(look.frame) || 'rule',
});

/** @param {any} look @param {string} name */
const monogramOf = (look, name) => asText(look.monogram) || Array.from(name.trim())[0] || '?';

/** @param {any} item */
function kind(item) {
  const [type, rarity] = [asText(item.type), asText(item.rarity)];
  if (!type && !rarity) return null;
  const place = rarityOf(item);
  const pips = place < 0 ? null : h('span.pips', { 'aria-hidden': 'true' }, '◆'.repeat(place + 1));
  return h('p.kind', {}, h('span', {}, type), rarity && h('span.rarity', {}, pips, rarity));
}

/** @param {any} item */
function facts(item) {
  const damage = [asText(item.damageFormula), asText(item.damageType)].filter(Boolean).join(' ');
  const known = Object.entries({ Damage: damage, Weight: asText(item.weight), Value: asText(item.value) }).filter(([, value]) => value);
  return known.length > 0 && h('dl.facts', {}, ...known.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

/** The card's other side.
 *  @param {any} state */
export function cardBack(state) {
  const item = asMap(state.itemDetails);
  const look = asMap(state.toolSpecificData);
  const name = asText(item.name);
  const pattern = asText(look.back) || 'rosette';
  const motto = asText(look.backText);
  return h(
    'article.card.back',
    { ...frameOf(item, look), 'data-back': pattern },
    h('div.pattern', {}, pattern === 'rosette' && rosette(name, monogramOf(look, name))),
    motto && h('p.motto', {}, motto),
  );
}
