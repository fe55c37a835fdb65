import { button, h } from '../dom.js';
import { field } from './field.js';
import { partsByKey } from './list.js';
import { asMap } from './values.js';

/** A map of names to numbers, such as skills: one number field each, and a way to name another.
 *  @param {{label: string, noun: string, names: string[], path?: string, read(state: any): any,
 *    write(patch: Record<string, number | string | null>): void}} options  write takes a merge patch: null takes a name out */
export function pairs({ label, noun, names, path, read, write }) {
  const list = h('div.pairs', {});
  const adder = h('select', { 'aria-label': `Add ${noun}`, onchange: add });
  const element = h('div.field.wide', { role: 'group', 'aria-label': label, 'data-path': path }, h('p.label', {}, label), list, adder);
  const shown = partsByKey(list, pair);
  /** @type {any} */
  let last = {};
  let emptied = ''; // the name whose number was deleted: it is stored no more, and its field stays while the caret is in it

  function add() {
    const name = adder.value;
    write({ [name]: 0 });
    shown.part(name)?.control.select();
  }

  /** @param {string} name */
  function pair(name) {
    const one = field({
      label: name,
      kind: 'number',
      path: `${path}.${name}`,
      read: (map) => map[name],
      write: (value) => {
        emptied = value == null ? name : '';
        write({ [name]: value });
      },
    });
    one.control.addEventListener('blur', () => {
      if (emptied !== name) return;
      emptied = '';
      show(last);
    });
    const remove = button('×', () => (write({ [name]: null }), adder.focus()), { kind: 'quiet', 'aria-label': `Remove ${noun}: ${name}` });
    return { ...one, element: h('div.pair', {}, one.element, remove) };
  }

  const show = (/** @type {any} */ state) => {
    last = state;
    const map = asMap(read(state));
    const now = [...new Set([...Object.keys(map), emptied])].filter(Boolean).sort();
    shown.show(now.map((name) => [name, map]));
    const rest = names.filter((name) => !now.includes(name));
    const offered = [...adder.options].slice(1).map(({ value }) => value);
    if (!adder.childElementCount || offered.join('\n') !== rest.join('\n')) {
      adder.replaceChildren(h('option', { value: '', selected: true }, `Add ${noun} …`), ...rest.map((name) => h('option', {}, name)));
    }
    adder.hidden = rest.length === 0;
  };
  return { element, show };
}
