/** The card as it will lie on the table. */

import { h } from '../dom.js';
import { paragraphs } from '../parts/prose.js';
import { asText } from '../parts/texts.js';
import { rosette } from './rosette.js';

const RARITIES = ['common', 'uncommon', 'rare', 'very rare', 'legendary', 'artifact'];

/** @param {any} state */
export function card(state) {
  const item = state.itemDetails ?? {};
  const look = state.toolSpecificData ?? {};
  const rarity = RARITIES.indexOf(
    String(item.rarity ?? '')
      .trim()
      .toLowerCase(),
  );
  const monogram = look.monogram || Array.from(String(item.name ?? '').trim())[0] || '?';
  const picture = h('div.engraving', {}, rosette(item.name ?? '', monogram));
  const words = [
    item.description && h('div.telling', {}, ...paragraphs(item.description)),
    item.properties?.length > 0 && h('ul.properties', {}, ...item.properties.map((/** @type {any} */ line) => h('li', {}, asText(line)))),
    item.quote && h('blockquote', {}, item.quote),
  ];
  const body = look.order === 'text' ? [facts(item), ...words, picture] : [picture, facts(item), ...words];
  return h(
    'article.card',
    {
      'data-rarity': RARITIES[rarity]?.replace(' ', '-') ?? 'none',
      'data-frame': look.frame ?? 'rule',
      'data-text': look.textSize ?? 'regular',
    },
    h('header', {}, h('h3', {}, item.name || 'Unnamed'), kind(item, rarity)),
    ...body,
  );
}

/** @param {any} item @param {number} rarity */
function kind(item, rarity) {
  if (!item.type && !item.rarity) return null;
  const pips = rarity < 0 ? null : h('span.pips', { 'aria-hidden': 'true' }, '◆'.repeat(rarity + 1));
  return h('p.kind', {}, h('span', {}, item.type ?? ''), item.rarity && h('span.rarity', {}, pips, item.rarity));
}

/** @param {any} item */
function facts(item) {
  const damage = [item.damageFormula, item.damageType].filter(Boolean).join(' ');
  const known = Object.entries({ Damage: damage, Weight: item.weight, Value: item.value }).filter(([, value]) => value);
  return known.length > 0 && h('dl.facts', {}, ...known.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

/** The card's other side.
 *  @param {any} state */
export function cardBack(state) {
  const look = state.toolSpecificData ?? {};
  const name = state.itemDetails?.name ?? '';
  const pattern = look.back ?? 'rosette';
  return h(
    'article.card.back',
    {
      'data-rarity': String(state.itemDetails?.rarity ?? 'none')
        .trim()
        .toLowerCase()
        .replace(' ', '-'),
      'data-frame': look.frame ?? 'rule',
      'data-back': pattern,
    },
    h('div.pattern', {}, pattern === 'rosette' && rosette(name, look.monogram || Array.from(name.trim())[0] || '?')),
    look.backText && h('p.motto', {}, look.backText),
  );
}
