/** What a state holds, as people may read it. Other clients wrote it too, and a field that should be a text may be
 *  anything that JSON knows: whatever it is, it is shown, and nothing fails. */

const TOLD_BY = ['name', 'title', 'text', 'question', 'desc', 'description']; // the field of a map that says what it is

/** @param {any} value  any JSON @returns {string} */
export function asText(value) {
  if (value == null) return '';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map(asText).filter(Boolean).join('; ');
  const told = TOLD_BY.find((name) => value[name] != null && value[name] !== '');
  if (told) return asText(value[told]);
  return Object.entries(value)
    .map(([name, one]) => [name, asText(one)])
    .filter(([, text]) => text)
    .map(([name, text]) => `${name}: ${text}`)
    .join(', ');
}

/** The same, with a line for each part, to lay beside another.
 *  @param {any} value  any JSON @returns {string} */
export function asLines(value) {
  if (Array.isArray(value)) return value.map((one) => (isMap(one) ? fieldsOf(one).join(', ') : asText(one))).join('\n');
  return isMap(value) ? fieldsOf(value).join('\n') : asText(value);
}

/** @param {any} map */
const fieldsOf = (map) =>
  Object.entries(map)
    .filter(([name, one]) => name !== 'id' && asText(one))
    .map(([name, one]) => `${wordsOf(name)}: ${asText(one)}`);

/** "damageFormula" and "attack_bonus" as people say it.
 *  @param {string} name */
export function wordsOf(name) {
  const words = name
    .replace(/[_-]/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A list as it is; one thing where a list should be is a list of one.
 *  @param {any} value  any JSON @returns {any[]} */
export function asList(value) {
  if (Array.isArray(value)) return value;
  return value == null || value === '' ? [] : [value];
}

/** @param {any} value  any JSON @returns {Record<string, any>} */
export const asMap = (value) => (isMap(value) ? value : {});

/** @param {any} value */
export const isMap = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A number where the text is one as JSON writes it; anything else stays the text it is, `12-` and `1/2` too.
 *  @param {string} text @returns {number | string | null}  null for an empty one */
export function numberOrText(text) {
  if (text === '') return null;
  return String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** What somebody meant who has left the field: ` 7`, `+7`, `07` and `7.` are 7.
 *  @param {string} text @returns {number | string | null} */
export function tidiedNumber(text) {
  const plain = text.trim().replace(/^[−–]/, '-').replace(/^\+/, '');
  const number = Number(plain);
  return /^-?(\d+\.?\d*|\.\d+)$/.test(plain) && Number.isFinite(number) ? (number === 0 ? 0 : number) : numberOrText(text.trim());
}

/** The id of the draft that a state is of, whichever way the tool spells it.
 *  @param {any} state @returns {string} */
export const draftIdOf = (state) => asText(Object.entries(asMap(state)).find(([name, value]) => /^draft_?id$/i.test(name) && value)?.[1]);
