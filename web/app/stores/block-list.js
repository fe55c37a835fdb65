import { button, h } from '../dom.js';
import { field, group } from '../parts/field.js';
import { blocksOf, newKey, patchKey } from './blocks.js';

/** The blocks of a store of which there may be several: staff, customers, services, quests.
 *  @param {any} work
 *  @param {{type: string, label: string, noun: string, fields: {key: string, label: string, kind?: any, rows?: number, width?: any, longest?: number}[]}} options
 *    the first field names it */
export function blockList(work, { type, label, noun, fields }) {
  /** @type {Map<string, {element: HTMLElement, show(state: any): void}>} */
  const shown = new Map();
  const list = h('div.rows', {});
  const adder = button(`Add ${noun}`, add);
  const element = h('div.field.wide.rowlist', { role: 'group', 'aria-label': label }, h('p.label', {}, label), list, adder);

  function add() {
    work.update(patchKey(newKey(), { type, [fields[0].key]: '' }));
    list.lastElementChild?.querySelector('input')?.focus();
  }

  /** @param {string} key */
  function row(key) {
    const read = (/** @type {any} */ state, /** @type {string} */ name) => state.store_draft_data?.storeData?.[key]?.[name];
    const parts = fields.map(({ key: name, ...options }) =>
      field({
        longest: 10_000,
        ...options,
        read: (state) => read(state, name),
        write: (value) => work.update(patchKey(key, { [name]: value })),
      }),
    );
    const remove = button('×', () => (work.update(patchKey(key, null)), adder.focus()), { kind: 'quiet' });
    const box = h('div', { role: 'group' }, h('div.grid', {}, ...parts.map((part) => part.element)), h('div.row-end', {}, remove));
    const all = group(box, parts);
    const show = (/** @type {any} */ state) => {
      const name = read(state, fields[0].key);
      box.setAttribute('aria-label', name || `Unnamed ${noun}`);
      remove.setAttribute('aria-label', `Remove ${noun}: ${name || 'unnamed'}`);
      all.show(state);
    };
    return { element: box, show };
  }

  const show = (/** @type {any} */ state) => {
    const keys = blocksOf(state, type).map(([key]) => key);
    for (const [key, one] of shown) if (!keys.includes(key)) (one.element.remove(), shown.delete(key));
    for (const key of keys) {
      if (!shown.has(key)) {
        const made = row(key);
        shown.set(key, made);
        list.append(made.element);
      }
      shown.get(key)?.show(state);
    }
  };
  return { element, show };
}
