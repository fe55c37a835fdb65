import { button, h } from '../dom.js';
import { textControl } from './control.js';
import { located } from './field.js';
import { partsByKey } from './list.js';
import { asList, asText } from './values.js';

/** A list of lines, each removable, and a box for a new one. What stands in the box is kept, too.
 *  @param {{label: string, noun: string, path?: string | ((state: any) => string), read(state: any): any, write(list: any[]): void,
 *    draft: {read(state: any): any, write(value: any): void}, hint?: string, longest?: number}} options */
export function texts({ label, noun, path, read, write, draft, hint, longest = 2000 }) {
  const list = h('ul.lines', {});
  const box = h('input', { type: 'text', 'aria-label': `New ${noun}`, autocomplete: 'off', maxlength: longest, placeholder: hint });
  const showDraft = textControl(box, (text) => draft.write(text || null));
  /** @type {[string, any][]} */
  let lines = [];
  const shown = partsByKey(list, line);
  const values = () => lines.map(([, value]) => value);

  function add() {
    const text = box.value.trim();
    if (text && !values().includes(text)) write([...values(), text]);
    draft.write(null);
    box.value = '';
    showDraft('');
    box.focus();
  }

  /** @param {string} key */
  function remove(key) {
    const index = lines.findIndex(([one]) => one === key);
    write(values().filter((_, i) => i !== index));
    const next = lines[Math.min(index, lines.length - 1)];
    (next ? shown.part(next[0])?.remove : box)?.focus();
  }

  /** @param {string} key */
  function line(key) {
    const said = h('span', {});
    const away = button('×', () => remove(key), { kind: 'quiet' });
    const show = (/** @type {any} */ value) => {
      said.textContent = asText(value);
      away.setAttribute('aria-label', `Remove ${noun}: ${asText(value)}`);
    };
    return { element: h('li', {}, said, away), show, remove: away };
  }

  const form = h('form.adding', { onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), add()) }, box);
  form.append(h('button', { type: 'submit' }, `Add ${noun}`));
  const element = h('div.field.wide.texts', { role: 'group', 'aria-label': label }, h('p.label', {}, label), list, form);

  const show = (/** @type {any} */ state) => {
    located(element, path, state);
    showDraft(asText(draft.read(state)));
    lines = numbered(asList(read(state)));
    shown.show(lines);
  };
  return { element, show };
}

/** Each with a key: what it says, and which of those that say the same.
 *  @param {any[]} list @returns {[string, any][]} */
function numbered(list) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  return list.map((value) => {
    const text = JSON.stringify(value);
    counts.set(text, (counts.get(text) ?? 0) + 1);
    return [`${counts.get(text)} ${text}`, value];
  });
}
