import { button, h } from '../dom.js';

/** A list of lines, each removable, and a box for a new one. What stands in the box is kept, too.
 *  @param {{label: string, noun: string, read(state: any): any[] | undefined, write(list: any[]): void,
 *    draft: {read(state: any): any, write(value: any): void}, hint?: string, longest?: number}} options */
export function texts({ label, noun, read, write, draft, hint, longest = 2000 }) {
  const list = h('ul.lines', {});
  const box = h('input', { type: 'text', 'aria-label': `New ${noun}`, autocomplete: 'off', maxlength: longest, placeholder: hint });
  /** @type {any[]} */
  let lines = [];

  function add() {
    const text = box.value.trim();
    if (text && !lines.includes(text)) write([...lines, text]);
    box.value = '';
    draft.write(null);
    box.focus();
  }

  /** @param {number} index */
  function remove(index) {
    write(lines.filter((_, i) => i !== index));
    const next = list.querySelectorAll('button')[Math.min(index, lines.length - 1)];
    (next ?? box).focus();
  }

  const form = h('form.adding', { onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), add()) }, box);
  form.append(h('button', { type: 'submit' }, `Add ${noun}`));
  box.addEventListener('input', () => draft.write(box.value || null));
  const element = h('div.field.wide.texts', { role: 'group', 'aria-label': label }, h('p.label', {}, label), list, form);

  const show = (/** @type {any} */ state) => {
    const pending = draft.read(state) ?? '';
    if (box.value !== pending) box.value = pending;
    const now = read(state) ?? [];
    if (list.childElementCount === now.length && now.every((line, i) => line === lines[i])) return;
    lines = now;
    list.replaceChildren(...lines.map((line, i) => item(noun, asText(line), () => remove(i))));
  };
  return { element, show };
}

/** @param {string} noun @param {string} text @param {() => void} remove */
function item(noun, text, remove) {
  return h('li', {}, h('span', {}, text), button('×', remove, { kind: 'quiet', 'aria-label': `Remove ${noun}: ${text}` }));
}

/** @param {any} line  a text, or what another client made of one */
export const asText = (line) => (typeof line === 'object' && line ? (line.name ?? line.text ?? JSON.stringify(line)) : String(line));
