/** The library: finished work of all tools, one's own, everybody's, and the trash. */

import { html, nothing, render } from '/vendor/lit-html/lit-html.js';
import { repeat } from '/vendor/lit-html/directives/repeat.js';
import { button, h } from '../dom.js';
import { everyPage, matches } from '../parts/pages.js';
import { asText } from '../parts/values.js';
import { addressOf } from '../route.js';
import { TOOLS } from '../tools.js';
import { exampleRow, said } from './object-row.js';
import { objectActions } from './objects.js';
import { trash } from './trash.js';
import { whyNot } from '../parts/why-not.js';

const SHELVES = [
  ['', 'Yours'],
  ['public', 'Everybody’s'],
  ['trash', 'Trash'],
];
const AT_ONCE = 60; // rows that are drawn; all are searched

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
    oninput: () => (show(), readOn()),
  });
  const kind = h(
    'select',
    { 'aria-label': 'Kind', onchange: () => load() },
    h('option', { value: '' }, 'Every kind'),
    ...TOOLS.map((tool) => h('option', { value: tool.type }, tool.title)),
  );
  const says = h('p.hint', { role: 'status' }, 'Reading …');
  const list = h('ul.objects', {});
  const more = button('Show more', () => ((drawn += AT_ONCE), show(), readOn()), { hidden: true });
  const element = h('div', {}, h('div.finding', {}, search, kind), says, list, more);
  /** @type {any[]} */
  let objects = [];
  let next = ''; // the cursor of what was not read yet
  let drawn = AT_ONCE;
  let turn = 0; // of the reading: a kind that is chosen meanwhile begins another
  let reading = false;
  /** @type {Set<string>} ids on their way into the trash */
  const going = new Set();

  const found = () => objects.filter((one) => matches(one.name, search.value));
  const enough = () => everybodys && !search.value.trim() && objects.length >= drawn; // of one's own all is read at once

  async function load() {
    turn += 1;
    [objects, next, drawn, reading] = [[], '', AT_ONCE, false];
    await readOn(true);
  }

  /** @param {boolean} [first] */
  async function readOn(first = false) {
    if (reading || (!first && (!next || enough()))) return;
    const mine = turn;
    reading = true;
    try {
      await storage.tried;
      const wanted = { ...(kind.value && { type: kind.value }), ...(everybodys && { public: true }) };
      await everyPage(
        (cursor) => storage.objects.list({ ...cursor, ...wanted }),
        (answer) => {
          if (mine !== turn) return false;
          const known = new Set(objects.map(({ id }) => id));
          objects.push(...answer.objects.filter((/** @type {any} */ { id }) => !known.has(id)));
          next = answer.next ?? '';
          show();
          return !enough();
        },
        next,
      );
    } catch (error) {
      if (mine === turn) says.textContent = whyNot(error);
    } finally {
      if (mine === turn) reading = false;
    }
  }

  function show() {
    const all = found();
    more.hidden = all.length <= drawn && !(next && !search.value.trim() && everybodys);
    says.textContent = sentence(all.length);
    const example = !objects.length && !next && !everybodys;
    render(example ? exampleRow() : repeat(all.slice(0, drawn), ({ id }) => id, row), list);
  }

  /** @param {number} count  found */
  function sentence(count) {
    if (next && (search.value.trim() || !everybodys)) return `${count} so far, reading on …`;
    if (!objects.length && everybodys) return `Nobody has published anything${kind.value ? ' of this kind' : ''} yet.`;
    if (!objects.length) return 'Nothing here yet. “Promote to library” brings finished work here, from every tool. It would look like this:';
    if (!count) return `Nothing by that name among all ${objects.length}.`;
    return count === objects.length ? `${count}${next ? ' shown, and there is more' : ' in all'}` : `${count} of ${objects.length}`;
  }

  /** @param {any} object */
  function row(object) {
    const id = `object-${object.id}`;
    const away = () => remove(object);
    return html`<li class="object">
      ${said(object, id)}
      <div class="buttons">
        ${actions.buttons(object, id, !everybodys || object.user_id === storage.user.get()?.uid)}
        ${everybodys ? nothing : html`<button type="button" class="link" aria-describedby=${id} @click=${away}>Delete</button>`}
      </div>
    </li>`;
  }

  /** @param {any} object */
  async function remove(object) {
    if (going.has(object.id)) return;
    going.add(object.id);
    try {
      await storage.objects.remove(object.id);
    } catch (error) {
      return tell.fail(error);
    } finally {
      going.delete(object.id);
    }
    objects = objects.filter(({ id }) => id !== object.id);
    show();
    search.focus();
    tell.say(`“${asText(object.name)}” is in the trash.`, {
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
