import { button, h } from '../dom.js';
import { field } from './field.js';

/** A list of maps, each a group of fields. A new one brings an id, by which the server merges such lists.
 *  @param {{label: string, noun: string, read(state: any): any[] | undefined, write(list: any[]): void,
 *    columns: {key: string, says?: (row: any) => any, label: string, kind?: any, width?: any, rows?: number, longest?: number, suggest?: string[]}[],
 *    quiet?: boolean, adds?: boolean, actions?: (row: any, index: number) => HTMLElement[]}} options  columns: says is read where a field has another name, too;
 *    quiet: the label is for screen readers, adds: with a button for another row, actions: further buttons of a row */
export function rows({ label, noun, read, write, columns, quiet = false, adds = true, actions = () => [] }) {
  const list = h('div.rows', {});
  /** @type {any[]} */
  let current = [];
  /** @type {{element: HTMLElement, show(row: any): void}[]} */
  const parts = [];

  /** @param {number} index */
  function row(index) {
    const change = (/** @type {string} */ key) => (/** @type {any} */ value) => {
      write(current.map((one, i) => (i === index ? changed(one, key, value) : one)));
    };
    const fields = columns.map(({ key, says, ...column }) => field({ ...column, read: says ?? ((one) => one?.[key]), write: change(key) }));
    const remove = button('×', () => take(index), { kind: 'quiet' });
    const tools = h('div.row-tools', {});
    const element = h(
      'div',
      { role: 'group' },
      h('div.grid', {}, ...fields.map((one) => one.element), tools),
      h('div.row-end', {}, remove),
    );
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

  /** Another row, and the focus in it.
   *  @param {object} [filled]  what stands in it already */
  function add(filled = {}) {
    write([...current, { id: crypto.randomUUID(), ...filled }]);
    /** @type {HTMLElement | null} */ (list.lastElementChild?.querySelector('input, textarea'))?.focus();
  }

  const adder = button(`Add ${noun}`, () => add());
  const element = h(
    'div.field.wide.rowlist',
    { role: 'group', 'aria-label': label },
    !quiet && h('p.label', {}, label),
    list,
    adds && adder,
  );
  const show = (/** @type {any} */ state) => {
    current = read(state) ?? [];
    parts.splice(current.length).forEach((part) => part.element.remove());
    while (parts.length < current.length) {
      parts.push(row(parts.length));
      list.append(parts[parts.length - 1].element);
    }
    parts.forEach((part, index) => part.show(current[index]));
    element.hidden = !adds && current.length === 0;
  };
  return { element, show, add };
}

/** @param {any} row @param {string} key @param {any} value  null takes the field out */
function changed(row, key, value) {
  const { [key]: _, ...rest } = row;
  return value == null ? rest : { ...row, [key]: value };
}
