/** The statblock as a game master reads it at the table. */

import { h } from '../dom.js';
import { paragraphs } from '../parts/prose.js';

const SPEEDS = ['walk', 'fly', 'swim', 'climb', 'burrow'];
const SENSES = ['darkvision', 'blindsight', 'tremorsense', 'truesight'];

/** @param {any} state */
export function statblock(state) {
  const it = state.statblock_draft_data ?? {};
  return h(
    'article.sheet.statblock',
    {},
    h('header', {}, h('h3', {}, it.name || 'Unnamed creature'), h('p.nature', {}, nature(it))),
    facts([
      ['Armor Class', it.armorClass],
      ['Hit Points', [it.hitPoints, it.hitDice && `(${it.hitDice})`].filter((x) => x != null && x !== '').join(' ')],
      ['Speed', distances(it.speed, SPEEDS, 'walk')],
    ]),
    abilities(it.abilities ?? {}),
    facts([
      ['Saving Throws', bonuses(it.savingThrows, 3)],
      ['Skills', bonuses(it.skills)],
      ['Damage Vulnerabilities', it.damageVulnerability],
      ['Damage Resistances', it.damageResistance],
      ['Damage Immunities', it.damageImmunity],
      ['Condition Immunities', it.conditionImmunity],
      ['Senses', senses(it.senses ?? {})],
      ['Languages', it.languages],
      [
        'Challenge',
        it.challengeRating != null && it.challengeRating !== '' && `${it.challengeRating}${it.xp != null ? ` (${it.xp} XP)` : ''}`,
      ],
    ]),
    ...entries('', it.specialAbilities),
    ...entries('Actions', it.actions),
    ...entries('Bonus Actions', it.bonusActions),
    ...entries('Reactions', it.reactions),
    ...entries('Legendary Actions', it.legendaryActions?.actions),
    it.description && h('div.telling', {}, ...paragraphs(it.description)),
  );
}

/** @param {any} it */
function nature(it) {
  const kind = [it.size, it.type, it.subtype && `(${it.subtype})`].filter(Boolean).join(' ');
  return [kind, it.alignment].filter(Boolean).join(', ');
}

/** @param {[string, any][]} all */
function facts(all) {
  const known = all.filter(([, value]) => value != null && value !== '' && value !== false);
  return known.length > 0 && h('dl.lines-of', {}, ...known.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

/** @param {any} from @param {string[]} names @param {string} [silent]  the one that goes without saying */
function distances(from, names, silent) {
  return names
    .filter((name) => from?.[name] != null)
    .map((name) => `${name === silent ? '' : `${name} `}${from[name]} ft.`)
    .join(', ');
}

/** @param {any} from */
function senses(from) {
  const passive = from.passive_perception != null && `passive Perception ${from.passive_perception}`;
  return [distances(from, SENSES), passive].filter(Boolean).join(', ');
}

/** @param {any} from */
function abilities(from) {
  const known = ['str', 'dex', 'con', 'int', 'wis', 'cha'];
  if (known.every((name) => from[name] == null)) return null;
  return h(
    'dl.scores',
    {},
    ...known.map((name) =>
      h(
        'div',
        {},
        h('dt', {}, name.toUpperCase()),
        h('dd', {}, from[name] == null ? '–' : `${from[name]} (${signed(Math.floor((from[name] - 10) / 2))})`),
      ),
    ),
  );
}

/** @param {any} from @param {number} [letters] */
const bonuses = (from, letters) =>
  Object.entries(from ?? {})
    .map(([name, value]) => `${name.slice(0, letters)} ${signed(Number(value))}`)
    .join(', ');

/** @param {string} title @param {any[] | undefined} list */
function entries(title, list) {
  const known = (list ?? []).filter((one) => one.name || one.desc);
  if (!known.length) return [];
  return [title && h('h4', {}, title), ...known.map(entry)].filter(Boolean);
}

/** @param {any} one */
function entry(one) {
  const attack = [one.attack_bonus != null && `${signed(one.attack_bonus)} to hit`, one.damage].filter(Boolean).join(', ');
  return h('p.entry', {}, h('strong', {}, `${one.name || 'Unnamed'}. `), attack && h('em', {}, `${attack}. `), one.desc ?? '');
}

/** @param {number} value */
const signed = (value) => (value < 0 ? `−${-value}` : `+${value}`);
