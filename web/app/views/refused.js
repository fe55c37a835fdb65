/** Fields that the server refused: each waits alone, and here it is named. */

import { html, render } from '/vendor/lit-html/lit-html.js';
import { h } from '../dom.js';
import { goTo, labelOf } from '../parts/places.js';

/** @param {{work: any, form: HTMLElement}} bench */
export function refusedOf({ work, form }) {
  const list = h('ul', {});
  const element = h(
    'section.refused',
    { 'aria-label': 'Not saved as it is', hidden: true },
    h('h2', {}, 'Not saved as it is'),
    h('p', {}, 'This waits in this browser until you change it. Everything else is saved.'),
    list,
  );
  work.refused.subscribe((/** @type {{path: string, message: string}[]} */ all) => {
    element.hidden = all.length === 0;
    render(
      all.map(
        ({ path, message }) => html`<li>
          <span><strong>${labelOf(form, path)}</strong> ${message}</span>
          <button type="button" class="small" @click=${() => goTo(form, path)}>Go to the field</button>
        </li>`,
      ),
      list,
    );
  });
  return element;
}
