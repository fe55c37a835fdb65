/** What is at hand in every tool: pinned, on the clipboard, opened lately. */

import { html, render } from '/vendor/lit-html/lit-html.js';
import { repeat } from '/vendor/lit-html/directives/repeat.js';
import { h } from '../dom.js';
import { asText } from '../parts/values.js';
import { toolByType } from '../tools.js';
import { objectActions } from './objects.js';

const LISTS = [
  ['pinned_objects', 'Pinned', 'Pin what you need at every session, such as “Sunblade”.'],
  ['clipboard', 'Clipboard', 'Copy “Sunblade” from the library here, and take it to another tool.'],
  ['recently_viewed', 'Opened lately', 'What you open from the library, “Sunblade” for one, is listed here.'],
];

/** @param {{storage: any, tell: any}} context */
export function shelf({ storage, tell }) {
  const actions = objectActions({ storage, tell });
  const columns = LISTS.map(([name, label, hint]) => column(name, label, hint));
  storage.session.subscribe(() => columns.forEach((one) => one.refresh()));
  return h('section.shelf', { 'aria-label': 'At hand in every tool' }, ...columns.map((one) => one.element));

  /** @param {string} name @param {string} label @param {string} hint */
  function column(name, label, hint) {
    const list = h('ul', {});
    const empty = h('p.hint', {}, hint);
    const element = h('section', { 'aria-label': label }, h('h2', {}, label), empty, list);
    let shown = '';

    /** Read again what the ids stand for, if they are others than before. */
    async function refresh() {
      const ids = (storage.session.get()?.[name] ?? []).join();
      if (ids === shown) return;
      shown = ids;
      empty.hidden = ids !== '';
      if (!ids) return show([]);
      try {
        const { objects } = await storage.session.list(name);
        if (shown === ids) show(objects);
      } catch {
        shown = ''; // the next change of the session tries again
      }
    }

    /** @param {any[]} objects */
    const show = (objects) => render(repeat(objects, ({ id }) => id, row), list);

    /** @param {any} object */
    function row(object) {
      const open = () => actions.open(object);
      const remove = () => storage.session.remove(name, object.id).catch(tell.fail);
      const called = asText(object.name);
      return html`<li>
        <button type="button" class="name" @click=${open}>${called}</button>
        <span class="kind">${toolByType(object.type)?.noun ?? asText(object.type)}</span>
        <button type="button" class="quiet" aria-label="Remove from ${label}: ${called}" @click=${remove}>×</button>
      </li>`;
    }
    return { element, refresh };
  }
}
