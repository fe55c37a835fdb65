/** The card's form: one section for each step of the design document, all in sight, so that nobody has to look for a field. */

import { bound } from '../paths.js';
import { choice, field, group, section } from '../parts/field.js';
import { texts } from '../parts/texts.js';
import { h } from '../dom.js';
import { stepsOf } from './steps.js';

const TYPES = [
  'Weapon (longsword)',
  'Weapon (dagger)',
  'Armor (shield)',
  'Potion',
  'Ring',
  'Rod',
  'Scroll',
  'Staff',
  'Wand',
  'Wondrous item',
];
const RARITIES = ['Common', 'Uncommon', 'Rare', 'Very Rare', 'Legendary', 'Artifact'];
const DAMAGE = [
  'acid',
  'bludgeoning',
  'cold',
  'fire',
  'force',
  'lightning',
  'necrotic',
  'piercing',
  'poison',
  'psychic',
  'radiant',
  'slashing',
  'thunder',
];

/** @param {any} work */
export function cardForm(work) {
  const item = (/** @type {string} */ name) => bound(work, `itemDetails.${name}`);
  const look = (/** @type {string} */ name) => bound(work, `toolSpecificData.${name}`);
  const sections = {
    'text-generation': section('Text', [
      field({ label: 'Name', ...item('name'), width: 'wide' }),
      field({ label: 'Type', ...item('type'), suggest: TYPES }),
      field({ label: 'Rarity', ...item('rarity'), suggest: RARITIES }),
      field({ label: 'Value', ...item('value') }),
      field({ label: 'Weight', ...item('weight') }),
      field({ label: 'Damage formula', ...item('damageFormula') }),
      field({ label: 'Damage type', ...item('damageType'), suggest: DAMAGE }),
      field({ label: 'Description', ...item('description'), kind: 'area', rows: 6, width: 'wide', longest: 100_000 }),
      texts({ label: 'Properties', noun: 'property', ...item('properties'), draft: look('newProperty') }),
      field({ label: 'Quote', ...item('quote'), kind: 'area', rows: 2, width: 'wide', longest: 10_000 }),
    ]),
    'core-image': section('Image', [
      field({
        label: 'Image prompt',
        ...item('sdPrompt'),
        kind: 'area',
        rows: 3,
        width: 'wide',
        longest: 10_000,
        hint: 'What a painter would need to know: the thing, the light, the mood.',
      }),
      field({
        label: 'Monogram',
        ...look('monogram'),
        longest: 3,
        width: 'narrow',
        hint: 'Engraved while there is no picture. First letter of the name if left empty.',
      }),
    ]),
    'border-generation': section('Border', [
      choice({
        label: 'Frame',
        ...look('frame'),
        choices: [
          ['rule', 'Single rule'],
          ['double', 'Double rule'],
          ['corners', 'Corners'],
        ],
      }),
    ]),
    'final-assembly': section('Assembly', [
      choice({
        label: 'Text size',
        ...look('textSize'),
        choices: [
          ['regular', 'Regular'],
          ['small', 'Small, for long texts'],
        ],
      }),
      choice({
        label: 'Order',
        ...look('order'),
        choices: [
          ['picture', 'Picture first'],
          ['text', 'Text first'],
        ],
      }),
    ]),
    'card-back': section('Back', [
      choice({
        label: 'Pattern',
        ...look('back'),
        choices: [
          ['rosette', 'Rosette'],
          ['lattice', 'Lattice'],
          ['plain', 'Plain'],
        ],
      }),
      field({ label: 'Words on the back', ...look('backText'), width: 'wide', longest: 200 }),
    ]),
  };
  const steps = stepsOf(work, sections);
  const parts = Object.values(sections);
  return group(h('div', {}, steps.element, ...parts.map((part) => part.element)), [steps, ...parts]);
}
