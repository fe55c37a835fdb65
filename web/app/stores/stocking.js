import { button, h } from '../dom.js';
import { asMap } from '../parts/values.js';
import { SHELVES } from './blocks.js';

/** What brings wares onto the shelves: a new one, or an item from the clipboard, whatever tool it was made in.
 *  @param {Record<string, {add(filled?: object): void}>} shelves  by key @param {any} storage */
export function stocking(shelves, storage) {
  const shelf = h('select', { 'aria-label': 'Shelf' }, ...SHELVES.map(([value, label]) => h('option', { value }, label)));
  const offered = h('div.offered', { role: 'group', 'aria-label': 'From the clipboard' });
  const element = h(
    'div.field.wide.stocking',
    {},
    h(
      'div.adding',
      {},
      shelf,
      button('Add ware', () => shelves[shelf.value].add()),
    ),
    offered,
  );
  let seen = '';

  storage.session.subscribe(async (/** @type {any} */ session) => {
    const ids = (session?.clipboard ?? []).join();
    if (ids === seen) return;
    seen = ids;
    const { objects } = ids ? await storage.session.list('clipboard').catch(() => ({ objects: [] })) : { objects: [] };
    const items = objects.filter((/** @type {any} */ one) => one.type === 'item');
    offered.replaceChildren(...items.map((/** @type {any} */ one) => button(`Add ${one.name}`, () => take(one), { kind: 'small' })));
  });

  /** @param {any} object */
  async function take({ id, name }) {
    const whole = await storage.objects.get(id).catch(() => ({}));
    const { type, value } = asMap(Object.values(asMap(whole.systemData))[0]);
    shelves[shelf.value].add({ name, ...(type && { type }), ...(value && { cost: value }) });
  }
  return { element, show: () => {} };
}
