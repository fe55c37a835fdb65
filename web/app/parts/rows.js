import { button, h } from '../dom.js';
import { field, located } from './field.js';
import { keysOf } from './identity.js';
import { partsByKey } from './list.js';
import { asList, asText, isMap } from './values.js';

/** A list of maps, each a group of fields. A new one brings an id, by which the server merges such lists.
 *  @param {{label: string, noun: string, path?: string | ((state: any) => string), read(state: any): any, write(list: any[]): void,
 *    columns: {key: string, says?: (row: any) => any, label: string, kind?: any, width?: any, rows?: number, longest?: number, suggest?: string[]}[],
 *    quiet?: boolean, adds?: boolean, action?: {label: string, offered(row: any): boolean, press(row: any): void}}} options
 *    columns: says is read where a field has another name, too; quiet: the label is for screen readers, adds: with a button for another row,
 *    action: a further button of a row */
export function rows({ label, noun, path, read, write, columns, quiet = false, adds = true, action }) {
  const list = h('div.rows', {});
  /** @type {{key: string, value: any}[]} the rows as they are shown */
  let current = [];
  const shown = partsByKey(list, row);
  const values = () => current.map(({ value }) => value);
  const here = (/** @type {string} */ key) => current.findIndex((one) => one.key === key);

  /** @param {string} key */
  function row(key) {
    const fields = columns.map(({ key: name, says, ...column }, i) =>
      field({
        ...column,
        path: (one) => `${list.dataset.path}.${one?.id}.${name}`,
        read: says ?? ((one) => (isMap(one) ? one[name] : i === 0 ? one : null)),
        write: (value) => write(values().map((one, index) => (index === here(key) ? changed(one, columns[0].key, name, value) : one))),
      }),
    );
    const remove = button('×', () => take(key), { kind: 'quiet' });
    const press = action && button(action.label, () => action.press(current[here(key)]?.value), { kind: 'small' });
    const element = h(
      'div',
      { role: 'group' },
      h('div.grid', {}, ...fields.map((one) => one.element), press && h('div.row-tools', {}, press)),
      h('div.row-end', {}, remove),
    );
    const show = (/** @type {{value: any, index: number}} */ { value, index }) => {
      const name = asText(isMap(value) ? value[columns[0].key] : value);
      const called = `${noun} ${index + 1}${name ? `: ${name}` : ''}`;
      element.setAttribute('aria-label', called);
      located(element, `${list.dataset.path}.${value?.id}`, null);
      remove.setAttribute('aria-label', `Remove ${called}`);
      fields.forEach((part) => part.show(value));
      if (press && press.parentElement) press.parentElement.hidden = !action?.offered(value);
    };
    return { element, show, focus: () => fields[0].control.focus() };
  }

  /** @param {string} key */
  function take(key) {
    const index = here(key);
    write(values().filter((_, i) => i !== index));
    const next = current[Math.min(index, current.length - 1)];
    if (next) shown.part(next.key)?.focus();
    else adder.focus();
  }

  /** Another row, and the focus in it.
   *  @param {object} [filled]  what stands in it already */
  function add(filled = {}) {
    write([...values(), { id: crypto.randomUUID(), ...filled }]);
    shown.part(current[current.length - 1]?.key)?.focus();
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
    located(list, path, state);
    located(element, path, state);
    const next = asList(read(state));
    const keys = keysOf(current, next);
    current = next.map((value, index) => ({ key: keys[index], value }));
    shown.show(current.map(({ key, value }, index) => [key, { value, index }]));
    element.hidden = !adds && current.length === 0;
  };
  return { element, show, add };
}

/** @param {any} row  a map, or what another client put in its place @param {string} first  the field that shows such a thing
 *  @param {string} name @param {any} value  null takes the field out */
function changed(row, first, name, value) {
  const map = isMap(row) ? row : row == null ? {} : { [first]: row };
  const { [name]: _, ...rest } = map;
  return value == null ? rest : { ...map, [name]: value };
}
