import { button, h } from '../dom.js';
import { field } from './field.js';

/** A list of maps, each a group of fields. A new one brings an id, by which the server merges such lists.
 *  @param {{label: string, noun: string, read(state: any): any[] | undefined, write(list: any[]): void,
 *    columns: {key: string, label: string, kind?: any, width?: any, rows?: number, longest?: number, suggest?: string[]}[],
 *    actions?: (row: any, index: number) => HTMLElement[]}} options  actions: further buttons of a row, at most one */
export function rows({ label, noun, read, write, columns, actions = () => [] }) {
  const list = h('ol.rows', {});
  /** @type {any[]} */
  let current = [];
  /** @type {{element: HTMLElement, show(row: any): void}[]} */
  const parts = [];

  /** @param {number} index */
  function row(index) {
    const change = (/** @type {string} */ key) => (/** @type {any} */ value) => {
      write(current.map((one, i) => (i === index ? changed(one, key, value) : one)));
    };
    const fields = columns.map(({ key, ...column }) =>
      field({ ...column, read: (one) => one?.[key], write: change(key) }));
    const remove = button('×', () => take(index), { kind: 'quiet' });
    const tools = h('div.row-tools', {});
    const element = h('li', { role: 'group' }, h('div.grid', {}, ...fields.map((one) => one.element)), h('div.row-end', {}, tools, remove));
    const show = (/** @type {any} */ one) => {
      const called = `${noun} ${index + 1}${one?.[columns[0].key] ? `: ${one[columns[0].key]}` : ''}`;
      element.setAttribute('aria-label', called);
      remove.setAttribute('aria-label', `Remove ${called}`);
      fields.forEach((part) => part.show(one));
      const offered = actions(one, index);
      if (offered.map((tool) => tool.textContent).join() !== tools.textContent) tools.replaceChildren(...offered);
    };
    return { element, show };
  }

  /** @param {number} index */
  function take(index) {
    write(current.filter((_, i) => i !== index));
    const next = /** @type {HTMLElement | null} */ (list.children[Math.min(index, current.length - 1)]?.querySelector('input, textarea'));
    (next ?? adder).focus();
  }

  function add() {
    write([...current, { id: crypto.randomUUID() }]);
    /** @type {HTMLElement | null} */ (list.lastElementChild?.querySelector('input, textarea') ?? null)?.focus();
  }

  const adder = button(`Add ${noun}`, add);
  const element = h('div.field.wide.rowlist', { role: 'group', 'aria-label': label }, h('p.label', {}, label), list, adder);
  const show = (/** @type {any} */ state) => {
    current = read(state) ?? [];
    parts.splice(current.length).forEach((part) => part.element.remove());
    while (parts.length < current.length) {
      parts.push(row(parts.length));
      list.append(parts[parts.length - 1].element);
    }
    parts.forEach((part, index) => part.show(current[index]));
  };
  return { element, show };
}

/** @param {any} row @param {string} key @param {any} value  null takes the field out */
function changed(row, key, value) {
  const { [key]: _, ...rest } = row;
  return value == null ? rest : { ...row, [key]: value };
}
