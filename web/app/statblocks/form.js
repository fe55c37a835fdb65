/** The statblock's form, in the order in which a statblock is read. */

import { h } from '../dom.js';
import { field, group, section } from '../parts/field.js';
import { pairs } from '../parts/pairs.js';
import { rows } from '../parts/rows.js';
import { at, bound, patchOf } from '../paths.js';

const SIZES = ['Tiny', 'Small', 'Medium', 'Large', 'Huge', 'Gargantuan'];
const KINDS = [
  'aberration',
  'beast',
  'celestial',
  'construct',
  'dragon',
  'elemental',
  'fey',
  'fiend',
  'giant',
  'humanoid',
  'monstrosity',
  'ooze',
  'plant',
  'undead',
];
const ABILITIES = { str: 'Strength', dex: 'Dexterity', con: 'Constitution', int: 'Intelligence', wis: 'Wisdom', cha: 'Charisma' };
const SKILLS = [
  'Acrobatics',
  'Animal Handling',
  'Arcana',
  'Athletics',
  'Deception',
  'History',
  'Insight',
  'Intimidation',
  'Investigation',
  'Medicine',
  'Nature',
  'Perception',
  'Performance',
  'Persuasion',
  'Religion',
  'Sleight of Hand',
  'Stealth',
  'Survival',
];
const ACTION = [
  { key: 'name', label: 'Called' },
  { key: 'attack_bonus', label: 'To hit', kind: 'number', width: 'narrow' },
  { key: 'damage', label: 'Damage', width: 'narrow' },
  { key: 'desc', label: 'What happens', kind: 'area', rows: 2, width: 'wide', longest: 100_000 },
];
const TRAIT = [{ ...ACTION[0], width: 'half' }, ACTION[3]];

/** @param {any} work */
export function statblockForm(work) {
  const root = 'statblock_draft_data';
  const of = (/** @type {string} */ path) => bound(work, `${root}.${path}`);
  const text = (/** @type {string} */ label, /** @type {string} */ path, more = {}) => field({ label, ...of(path), ...more });
  const number = (/** @type {string} */ label, /** @type {string} */ path) => text(label, path, { kind: 'number', width: 'narrow' });
  const map = (/** @type {string} */ path) => ({
    path: `${root}.${path}`,
    read: (/** @type {any} */ state) => at(state, `${root}.${path}`),
    write: (/** @type {any} */ patch) => work.update(patchOf(`${root}.${path}`, patch)),
  });
  const list = (/** @type {string} */ label, /** @type {string} */ noun, /** @type {string} */ path, columns = ACTION) =>
    rows({ label, noun, ...of(path), columns });
  /** @param {[string, string][]} all  label and path */
  const abreast = (all) => {
    const numbers = all.map(([label, path]) => number(label, path));
    return group(h('div.abreast.wide', {}, ...numbers.map((part) => part.element)), numbers);
  };
  const parts = [
    section('The creature', [
      text('Name', 'name', { width: 'wide' }),
      text('Size', 'size', { suggest: SIZES }),
      text('Type', 'type', { suggest: KINDS }),
      text('Subtype', 'subtype'),
      text('Alignment', 'alignment'),
      text('Description', 'description', { kind: 'area', rows: 3, width: 'wide', longest: 100_000 }),
    ]),
    section('Armor, hit points, speed', [
      number('Armor class', 'armorClass'),
      number('Hit points', 'hitPoints'),
      text('Hit dice', 'hitDice', { width: 'narrow' }),
      abreast(['Walk', 'Fly', 'Swim', 'Climb', 'Burrow'].map((name) => [`${name}, ft.`, `speed.${name.toLowerCase()}`])),
    ]),
    section('Abilities', [
      abreast(Object.entries(ABILITIES).map(([key, label]) => [label, `abilities.${key}`])),
      pairs({ label: 'Saving throws', noun: 'saving throw', names: Object.values(ABILITIES), ...map('savingThrows') }),
      pairs({ label: 'Skills', noun: 'skill', names: SKILLS, ...map('skills') }),
    ]),
    section('Senses and defenses', [
      text('Damage vulnerabilities', 'damageVulnerability', { longest: 2000 }),
      text('Damage resistances', 'damageResistance', { longest: 2000 }),
      text('Damage immunities', 'damageImmunity', { longest: 2000 }),
      text('Condition immunities', 'conditionImmunity', { longest: 2000 }),
      abreast(['Darkvision', 'Blindsight', 'Tremorsense', 'Truesight'].map((name) => [`${name}, ft.`, `senses.${name.toLowerCase()}`])),
      text('Languages', 'languages', { longest: 2000, width: 'wide' }),
      number('Passive Perception', 'senses.passive_perception'),
      text('Challenge rating', 'challengeRating', { width: 'narrow' }),
      number('XP', 'xp'),
    ]),
    section('What it does', [
      list('Traits', 'trait', 'specialAbilities', TRAIT),
      list('Actions', 'action', 'actions'),
      list('Bonus actions', 'bonus action', 'bonusActions', TRAIT),
      list('Reactions', 'reaction', 'reactions', TRAIT),
      list('Legendary actions', 'legendary action', 'legendaryActions.actions', TRAIT),
    ]),
  ];
  return group(h('div', {}, ...parts.map((part) => part.element)), parts);
}
