import { button, h } from '../dom.js';
import { field } from './field.js';

/** A map of names to numbers, such as skills: one number field each, and a way to name another.
 *  @param {{label: string, noun: string, names: string[], read(state: any): Record<string, number> | undefined,
 *    write(patch: Record<string, number | null>): void}} options  write takes a merge patch: null takes a name out */
export function pairs({ label, noun, names, read, write }) {
  const list = h('div.pairs', {});
  const adder = h('select', { 'aria-label': `Add ${noun}`, onchange: add });
  const element = h('div.field.wide', { role: 'group', 'aria-label': label }, h('p.label', {}, label), list, adder);
  /** @type {Map<string, {element: HTMLElement, show(state: any): void, control: HTMLElement}>} */
  const parts = new Map();

  function add() {
    const name = adder.value;
    write({ [name]: 0 });
    parts.get(name)?.control.focus();
  }

  /** @param {string} name */
  function pair(name) {
    const one = field({
      label: name,
      kind: 'number',
      read: (state) => read(state)?.[name],
      write: (value) => write({ [name]: value ?? 0 }),
    });
    const remove = button('×', () => (write({ [name]: null }), adder.focus()), { kind: 'quiet', 'aria-label': `Remove ${noun}: ${name}` });
    return { ...one, element: h('div.pair', {}, one.element, remove) };
  }

  const show = (/** @type {any} */ state) => {
    const now = Object.keys(read(state) ?? {}).sort();
    if (now.join('\n') !== [...parts.keys()].join('\n') || !adder.childElementCount) {
      const kept = new Map(parts);
      parts.clear();
      for (const name of now) parts.set(name, kept.get(name) ?? pair(name));
      list.replaceChildren(...[...parts.values()].map((part) => part.element));
      const rest = names.filter((name) => !parts.has(name));
      adder.replaceChildren(h('option', { value: '', selected: true }, `Add ${noun} …`), ...rest.map((name) => h('option', {}, name)));
      adder.hidden = rest.length === 0;
    }
    for (const part of parts.values()) part.show(state);
  };
  return { element, show };
}
