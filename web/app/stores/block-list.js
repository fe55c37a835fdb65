import { button, h } from '../dom.js';
import { field, group } from '../parts/field.js';
import { partsByKey } from '../parts/list.js';
import { asText } from '../parts/values.js';
import { blocksOf, newKey, patchKey } from './blocks.js';

/** The blocks of a store of which there may be several: staff, customers, services, quests.
 *  @param {any} work
 *  @param {{type: string, label: string, noun: string, fields: {key: string, label: string, kind?: any, rows?: number, width?: any, longest?: number}[]}} options
 *    the first field names it */
export function blockList(work, { type, label, noun, fields }) {
  const list = h('div.rows', {});
  const adder = button(`Add ${noun}`, add);
  const element = h('div.field.wide.rowlist', { role: 'group', 'aria-label': label }, h('p.label', {}, label), list, adder);
  const shown = partsByKey(list, row);

  function add() {
    const key = newKey();
    work.update(patchKey(key, { type, [fields[0].key]: '' }));
    shown.part(key)?.focus();
  }

  /** @param {string} key */
  function row(key) {
    const parts = fields.map(({ key: name, ...options }) =>
      field({
        longest: 10_000,
        ...options,
        path: `store_draft_data.storeData.${key}.${name}`,
        read: (block) => block[name],
        write: (value) => work.update(patchKey(key, { [name]: value })),
      }),
    );
    const remove = button('×', () => (work.update(patchKey(key, null)), adder.focus()), { kind: 'quiet' });
    const box = h('div', { role: 'group', 'data-path': `store_draft_data.storeData.${key}` }, h('div.grid', {}, ...parts.map((part) => part.element)), h('div.row-end', {}, remove));
    const all = group(box, parts);
    const show = (/** @type {any} */ block) => {
      const name = asText(block[fields[0].key]);
      box.setAttribute('aria-label', name || `Unnamed ${noun}`);
      remove.setAttribute('aria-label', `Remove ${noun}: ${name || 'unnamed'}`);
      all.show(block);
    };
    return { element: box, show, focus: () => parts[0].control.focus() };
  }

  return { element, show: (/** @type {any} */ state) => shown.show(blocksOf(state, type)) };
}
