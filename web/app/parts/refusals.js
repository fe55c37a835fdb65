/** Why the server refuses something, as a game master may read it. */

import { labelOf } from './places.js';
import { isMap } from './values.js';

const BROKEN = /\p{Surrogate}/gu; // half of a pair: whole ones are no surrogates here

/** @param {string} message  the server's @param {any} [value]  what is refused @returns {string} */
export function plainly(message, value) {
  const most = /longer than maximum length ([\d,]+)/i.exec(message)?.[1].replace(/,/g, '');
  const all = most && Number(most).toLocaleString('en');
  if (all && typeof value === 'string') return `${[...value].length.toLocaleString('en')} letters; at most ${all} can be saved.`;
  if (all) return `It is too long: at most ${all} can be saved.`;
  if (/not valid Unicode/i.test(message)) return 'It holds a broken character (half an emoji).';
  if (/not a valid (integer|number)/i.test(message)) return 'It is no number yet.';
  return message;
}

/** A sentence with the fields' paths in it, with their labels instead.
 *  @param {string} message  "itemDetails.quote: Longer than ..." @param {HTMLElement | null} form */
export function plainlyAll(message, form) {
  const parts = message.split(/(?:^|\s)((?:[\w$-]+\.)+[\w$-]+): /);
  if (parts.length < 3) return plainly(message);
  const told = [parts[0].replace(/^Some fields are wrong: see errors\.?$/i, '')];
  for (let i = 1; i < parts.length; i += 2) told.push(`${form ? labelOf(form, parts[i]) : 'A field'}: ${small(plainly(parts[i + 1]))}`);
  return told.filter(Boolean).join(' ');
}

/** @param {string} text */
const small = (text) => text.charAt(0).toLowerCase() + text.slice(1);

/** Whether there is half an emoji anywhere in it. @param {any} value @returns {boolean} */
export const isBroken = (value) => JSON.stringify(value) !== JSON.stringify(mended(value));

/** Without any half of an emoji. @param {any} value  any JSON @returns {any} */
export function mended(value) {
  if (typeof value === 'string') return value.replace(BROKEN, '');
  if (Array.isArray(value)) return value.map(mended);
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mended(one)])) : value;
}
