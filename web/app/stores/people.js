import { button, h } from '../dom.js';
import { field, group } from '../parts/field.js';
import { blocksOf, newKey, patchKey } from './blocks.js';

const SAYS = /** @type {Record<string, [string, string]>} */ ({ employee: ['role', 'Role'], customer: ['influence', 'Why they matter'] });

/** The people of a store who are not its owner: a block each.
 *  @param {any} work @param {'employee' | 'customer'} type @param {string} label @param {string} noun */
export function people(work, type, label, noun) {
  /** @type {Map<string, {element: HTMLElement, show(state: any): void}>} */
  const shown = new Map();
  const list = h('div.rows', {});
  const adder = button(`Add ${noun}`, add);
  const element = h('div.field.wide.rowlist', { role: 'group', 'aria-label': label }, h('p.label', {}, label), list, adder);

  function add() {
    work.update(patchKey(newKey(), { type, name: '' }));
    list.lastElementChild?.querySelector('input')?.focus();
  }

  /** @param {string} key */
  function person(key) {
    const of = (/** @type {string} */ name) => ({
      read: (/** @type {any} */ state) => state.store_draft_data?.storeData?.[key]?.[name],
      write: (/** @type {any} */ value) => work.update(patchKey(key, { [name]: value })),
    });
    const [says, means] = SAYS[type];
    const parts = [
      field({ label: `${label === 'Staff' ? 'Helper' : 'Customer'}`, ...of('name') }),
      field({ label: means, ...of(says), longest: 10_000 }),
      field({ label: 'About them', ...of('description'), kind: 'area', rows: 2, width: 'wide', longest: 100_000 }),
    ];
    const remove = button('×', () => (work.update(patchKey(key, null)), adder.focus()), { kind: 'quiet' });
    const row = h('div', { role: 'group' }, h('div.grid', {}, ...parts.map((part) => part.element)), h('div.row-end', {}, remove));
    const one = group(row, parts);
    const show = (/** @type {any} */ state) => {
      const name = of('name').read(state);
      row.setAttribute('aria-label', name || `Unnamed ${noun}`);
      remove.setAttribute('aria-label', `Remove ${noun}: ${name || 'unnamed'}`);
      one.show(state);
    };
    return { element: row, show };
  }

  const show = (/** @type {any} */ state) => {
    const keys = blocksOf(state, type).map(([key]) => key);
    for (const [key, one] of shown) if (!keys.includes(key)) (one.element.remove(), shown.delete(key));
    for (const key of keys) {
      if (!shown.has(key)) (shown.set(key, person(key)), list.append(/** @type {any} */ (shown.get(key)).element));
      shown.get(key)?.show(state);
    }
  };
  return { element, show };
}
