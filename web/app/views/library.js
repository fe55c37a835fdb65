/** The library: finished work of all tools, one's own, everybody's, and the trash. */

import { rosette } from '../cards/rosette.js';
import { button, h } from '../dom.js';
import { addressOf } from '../route.js';
import { ago } from '../parts/ago.js';
import { TOOLS, toolByType } from '../tools.js';
import { objectActions } from './objects.js';
import { trash } from './trash.js';

const SHELVES = [
  ['', 'Yours'],
  ['public', 'Everybody’s'],
  ['trash', 'Trash'],
];

/** @param {{storage: any, tell: any}} context @param {string} [which]  '', public or trash */
export function library(context, which = '') {
  const tabs = SHELVES.map(([id, label]) =>
    h('li', {}, h('a', { href: addressOf('library', id), ...(id === which && { 'aria-current': 'page' }) }, label)),
  );
  const content = which === 'trash' ? trash(context) : shelf(context, which === 'public');
  return h(
    'div.library',
    {},
    h('header', {}, h('h1', {}, 'Library'), h('nav', { 'aria-label': 'Shelves of the library' }, h('ul.tabs', {}, ...tabs))),
    content,
  );
}

/** @param {{storage: any, tell: any}} context @param {boolean} everybodys */
function shelf({ storage, tell }, everybodys) {
  const actions = objectActions({ storage, tell });
  const search = h('input', {
    type: 'search',
    'aria-label': 'Find in the library',
    placeholder: 'Find by name',
    autocomplete: 'off',
    oninput: show,
  });
  const kind = h(
    'select',
    { 'aria-label': 'Kind', onchange: () => load() },
    h('option', { value: '' }, 'Every kind'),
    ...TOOLS.map((tool) => h('option', { value: tool.type }, tool.title)),
  );
  const says = h('p.hint', { role: 'status' }, 'Reading …');
  const list = h('ul.objects', {});
  const more = button('Show more', () => load(next), { hidden: true });
  const element = h('div', {}, h('div.finding', {}, search, kind), says, list, more);
  /** @type {any[]} */
  let objects = [];
  let next = '';

  async function load(cursor = '') {
    try {
      await storage.ready;
      const answer = await storage.objects.list({
        ...(cursor && { cursor }),
        ...(kind.value && { type: kind.value }),
        ...(everybodys && { public: true }),
      });
      objects = cursor ? [...objects, ...answer.objects] : answer.objects;
      next = answer.next ?? '';
      show();
    } catch (error) {
      says.textContent = /** @type {any} */ (error).detail ?? String(error);
    }
  }

  function show() {
    const wanted = search.value.trim().toLocaleLowerCase();
    const found = objects.filter((one) => one.name.toLocaleLowerCase().includes(wanted));
    more.hidden = !next;
    if (!objects.length) {
      says.textContent = everybodys
        ? 'Nobody has published anything of this kind yet.'
        : 'Nothing here yet. “Promote to library” brings finished work here, from every tool. It would look like this:';
      list.replaceChildren(...(everybodys ? [] : [exampleRow()]));
      return;
    }
    says.textContent = found.length
      ? `${found.length} shown${next ? ', and there is more' : ''}`
      : 'Nothing by that name among what is shown.';
    list.replaceChildren(...found.map(row));
  }

  /** @param {any} object */
  function row(object) {
    const id = `object-${object.id}`;
    const remove = !everybodys && button('Delete', () => away(object), { kind: 'link', 'aria-describedby': id });
    return h('li.object', {}, ...said(object, id), h('div.buttons', {}, ...actions.buttons(object, id), remove));
  }

  /** @param {any} object */
  async function away(object) {
    try {
      await storage.objects.remove(object.id);
    } catch (error) {
      return tell.fail(error);
    }
    objects = objects.filter((one) => one !== object);
    show();
    tell.say(`“${object.name}” is in the trash.`, {
      action: ['Undo', () => storage.objects.undelete(object.id).then(() => load(), tell.fail)],
    });
  }

  let pinned = '';
  storage.session.subscribe(() => {
    const now = (storage.session.get()?.pinned_objects ?? []).join();
    if (now !== pinned && element.isConnected) show();
    pinned = now;
  });
  load();
  return element;
}

/** What a row says of its object.
 *  @param {any} object @param {string} id  for the heading */
function said(object, id) {
  const kind = toolByType(object.type)?.noun ?? object.type;
  return [
    h(
      'div.called',
      {},
      rosette(object.name, Array.from(object.name.trim())[0] ?? '', 1 / 4),
      h('h2', { id }, object.name),
      h('p.kind', {}, `${kind}${object.updated_at ? `, ${ago(object.updated_at)}` : ''}`),
    ),
    object.description && h('p.about', {}, object.description),
  ];
}

const exampleRow = () =>
  h(
    'li.object.example-row',
    {},
    h('p.example-says', {}, h('strong', {}, 'An example')),
    ...said({ type: 'item', name: 'Sunblade', description: TOOLS[0].example.itemDetails.description }, 'object-example'),
    h('div.buttons', {}, h('a.button', { href: addressOf('cards') }, 'Make a card')),
  );
