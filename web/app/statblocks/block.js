/** The statblock as a game master reads it at the table. */

import { h } from '../dom.js';
import { paragraphs } from '../parts/prose.js';
import { asList, asMap, asText, isMap } from '../parts/values.js';

const SPEEDS = ['walk', 'fly', 'swim', 'climb', 'burrow'];
const SENSES = ['darkvision', 'blindsight', 'tremorsense', 'truesight'];

/** @param {any} state */
export function statblock(state) {
  const it = asMap(state.statblock_draft_data);
  const text = (/** @type {string} */ name) => asText(it[name]);
  const bracketed = (/** @type {string} */ before, /** @type {string} */ within) => [before, within && `(${within})`].filter(Boolean).join(' ');
  return h(
    'article.sheet.statblock',
    {},
    h('header', {}, h('h3', {}, text('name') || 'Unnamed creature'), h('p.nature', {}, nature(text))),
    facts([
      ['Armor Class', text('armorClass')],
      ['Hit Points', bracketed(text('hitPoints'), text('hitDice'))],
      ['Speed', distances(it.speed, SPEEDS, 'walk')],
    ]),
    abilities(asMap(it.abilities)),
    facts([
      ['Saving Throws', bonuses(it.savingThrows, 3)],
      ['Skills', bonuses(it.skills)],
      ['Damage Vulnerabilities', text('damageVulnerability')],
      ['Damage Resistances', text('damageResistance')],
      ['Damage Immunities', text('damageImmunity')],
      ['Condition Immunities', text('conditionImmunity')],
      ['Senses', senses(it.senses)],
      ['Languages', text('languages')],
      ['Challenge', text('challengeRating') && bracketed(text('challengeRating'), text('xp') && `${text('xp')} XP`)],
    ]),
    ...entries('', it.specialAbilities),
    ...entries('Actions', it.actions),
    ...entries('Bonus Actions', it.bonusActions),
    ...entries('Reactions', it.reactions),
    ...entries('Legendary Actions', isMap(it.legendaryActions) ? it.legendaryActions.actions : it.legendaryActions),
    text('description') && h('div.telling', {}, ...paragraphs(text('description'))),
  );
}

/** @param {(name: string) => string} text */
function nature(text) {
  const kind = [text('size'), text('type'), text('subtype') && `(${text('subtype')})`].filter(Boolean).join(' ');
  return [kind, text('alignment')].filter(Boolean).join(', ');
}

/** @param {[string, string][]} all */
function facts(all) {
  const known = all.filter(([, value]) => value);
  return known.length > 0 && h('dl.lines-of', {}, ...known.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

/** In feet; what is no map, such as "30 ft., fly 60 ft.", says it itself.
 *  @param {any} from @param {string[]} names @param {string} [silent]  the one that goes without saying */
function distances(from, names, silent) {
  if (!isMap(from)) return asText(from);
  return names
    .map((name) => [name, asText(from[name])])
    .filter(([, value]) => value)
    .map(([name, value]) => `${name === silent ? '' : `${name} `}${value} ft.`)
    .join(', ');
}

/** @param {any} from */
function senses(from) {
  const passive = asText(asMap(from).passive_perception);
  return [distances(from, SENSES), passive && `passive Perception ${passive}`].filter(Boolean).join(', ');
}

/** @param {any} from */
function abilities(from) {
  const known = ['str', 'dex', 'con', 'int', 'wis', 'cha'].map((name) => ({ name, value: from[name], text: asText(from[name]) }));
  if (known.every(({ text }) => !text)) return null;
  const modifier = (/** @type {any} */ value) => (typeof value === 'number' ? ` (${signed(Math.floor((value - 10) / 2))})` : '');
  return h(
    'dl.scores',
    {},
    ...known.map(({ name, value, text }) =>
      h('div', {}, h('dt', {}, name.toUpperCase()), h('dd', {}, text ? `${text}${modifier(value)}` : '–')),
    ),
  );
}

/** @param {any} from @param {number} [letters] */
const bonuses = (from, letters) =>
  isMap(from)
    ? Object.entries(from)
        .filter(([, value]) => asText(value))
        .map(([name, value]) => `${name.slice(0, letters)} ${signed(value)}`)
        .join(', ')
    : asText(from);

/** @param {string} title @param {any} list */
function entries(title, list) {
  const known = asList(list).filter((one) => (isMap(one) ? asText(one.name) || asText(one.desc) : asText(one)));
  if (!known.length) return [];
  return [title && h('h4', {}, title), ...known.map(entry)].filter(Boolean);
}

/** @param {any} one */
function entry(one) {
  if (!isMap(one)) return h('p.entry', {}, asText(one));
  const hits = asText(one.attack_bonus) && `${signed(one.attack_bonus)} to hit`;
  const attack = [hits, asText(one.damage)].filter(Boolean).join(', ');
  return h('p.entry', {}, h('strong', {}, `${asText(one.name) || 'Unnamed'}. `), attack && h('em', {}, `${attack}. `), asText(one.desc));
}

/** @param {any} value */
const signed = (value) => (typeof value === 'number' ? (value < 0 ? `−${-value}` : `+${value}`) : asText(value));
