/** Fields that the server refused: each waits alone, and is named here and marked where it is written. */

import { html, nothing, render } from '/vendor/lit-html/lit-html.js';
import { h } from '../dom.js';
import { patchTo } from '../parts/compare.js';
import { goTo, labelOf, placeOf } from '../parts/places.js';
import { isBroken, mended, plainly } from '../parts/refusals.js';
import { at } from '../paths.js';

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
  /** @type {Map<HTMLElement, {control: Element, says: HTMLElement}>} the fields that are marked, by their places */
  const marks = new Map();

  /** @param {{path: string, message: string}} one */
  const why = ({ path, message }) => plainly(message, at(work.state.get(), path));

  /** @param {{path: string, message: string}} one */
  function row(one) {
    const { path } = one;
    const out = () => {
      const state = work.state.get();
      work.update(patchTo(state, path.split('.'), mended(at(state, path))));
      goTo(form, path);
    };
    return html`<li>
      <span><strong>${labelOf(form, path)}</strong> ${why(one)}</span>
      <span class="buttons">
        ${isBroken(at(work.state.get(), path)) ? html`<button type="button" class="small" @click=${out}>Take it out</button>` : nothing}
        <button type="button" class="small" @click=${() => goTo(form, path)}>Go to the field</button>
      </span>
    </li>`;
  }

  /** At the fields themselves. */
  function mark() {
    /** @type {any[]} */
    const all = work.refused.get();
    if (!all.length && !marks.size) return;
    const now = new Map(all.flatMap((one) => {
      const place = placeOf(form, one.path);
      return place ? [[place, one]] : [];
    }));
    for (const [place, { control, says }] of marks) {
      if (now.has(place) && control.isConnected === place.isConnected) continue;
      marks.delete(place);
      says.remove();
      control.removeAttribute('aria-invalid');
      describe(control, (ids) => ids.filter((id) => id !== says.id));
    }
    for (const [place, one] of now) {
      const control = place.querySelector('input, textarea, select');
      if (!control) continue;
      const says = marks.get(place)?.says ?? h('p.hint.wrong', { id: `refused-${(made += 1)}` });
      if (!marks.has(place)) {
        control.after(says);
        describe(control, (ids) => [...ids, says.id]);
        marks.set(place, { control, says });
      }
      says.textContent = `Not saved: ${why(one)}`;
      control.setAttribute('aria-invalid', 'true');
    }
  }

  function show() {
    const all = work.refused.get();
    element.hidden = all.length === 0;
    render(all.map(row), list);
    mark();
  }
  work.refused.subscribe(show);
  return {
    element,
    mark: () => (work.refused.get().length ? show() : mark()),
    says: () => work.refused.get().map((/** @type {any} */ one) => `Not saved: ${labelOf(form, one.path)}. ${why(one)}`)[0] ?? '',
  };
}

let made = 0;

/** @param {Element} control @param {(ids: string[]) => string[]} change */
function describe(control, change) {
  const ids = change((control.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean));
  if (ids.length) control.setAttribute('aria-describedby', ids.join(' '));
  else control.removeAttribute('aria-describedby');
}
