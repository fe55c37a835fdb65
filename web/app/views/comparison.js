/** One thing that is kept beside today's state: what differs, word by word, and what can be done with it. */

import { html, nothing, render } from '/vendor/lit-html/lit-html.js';
import { repeat } from '/vendor/lit-html/directives/repeat.js';
import { moment } from '../parts/ago.js';
import { compared, patchTo } from '../parts/compare.js';
import { marked } from '../parts/marked.js';
import { labelOf } from '../parts/places.js';
import { draftIdOf } from '../parts/values.js';
import { byHand } from '../parts/by-hand.js';
import { go } from '../route.js';
import { whyNot } from '../parts/why-not.js';

/** @param {{storage: any, tell: any, tool: import('../tools.js').Tool, work: any, form: HTMLElement, place: HTMLElement,
 *    removed: (entry: any) => void, documentOf: (entry: any) => string | null,
 *    changed: () => void}} context  changed: there is more in the list
 *    documentOf: the name of the document that it is of; null where that is the open one */
export function comparison({ storage, tell, tool, work, form, place, removed, documentOf, changed }) {
  /** @type {any} */
  let entry = null;
  /** @type {any} undefined while it is read */
  let state;
  let [why, failed, busy] = ['', '', false];

  function draw() {
    if (entry) render(content(), place);
  }

  /** The name of the document that it is of, unless that is the one that is open. */
  function other() {
    const home = work.home.get();
    const wasThis = home.kind === 'project' && !entry.projectId && state && home.id.endsWith(`.${draftIdOf(state)}`);
    return wasThis ? null : documentOf(entry);
  }

  function content() {
    const of = other();
    const head = html`<h2>${why}</h2><p class="hint">${moment(entry.at)}${of ? `. Of ${of}` : ''}</p>`;
    if (failed) return html`${head}<p class="alert" role="alert">${failed}</p>`;
    if (state === undefined) return html`${head}<p class="hint">Reading …</p>`;
    const unreadable = 'unreadable' in state;
    const verb = !of ? 'Restore it whole' : entry.projectId ? `Restore it in ${of}` : `Restore it as a new ${tool.noun}`;
    return html`${head}
      <div class="buttons">
        ${unreadable ? nothing : html`<button type="button" class="primary" aria-disabled=${busy} @click=${restore}>${verb}</button>`}
        ${entry.place === 'browser' || entry.place === 'session' ? html`<button type="button" aria-disabled=${busy} @click=${remove}>Remove for good</button>` : nothing}
      </div>
      ${unreadable ? raw(state.unreadable) : fields(of)}`;
  }

  /** What could not be read as work of the tool, to copy from by hand. @param {any} text */
  const raw = (text) =>
    html`<p class="hint">This could not be read as work of the tool. What you need of it can be copied from here.</p>
      <pre tabindex="0">${typeof text === 'string' ? text : JSON.stringify(text, null, 2)}</pre>`;

  /** @param {string | null} of  the other document that it is of */
  function fields(of) {
    const { differences, alike } = compared(work.state.get(), state);
    if (!differences.length) return html`<p>It is the same as what is there today.</p>`;
    const rest = alike ? `${alike === 1 ? 'One other field is' : `${alike} other fields are`} the same.` : '';
    const where = of ? `“Today” is the ${tool.noun} that is open now. ` : '';
    return html`<p class="hint">${where}Restoring, copying and emptying keep what is there today first, and can be undone. ${rest}</p>
      <ul class="differences">${repeat(differences, ({ path }) => path.join('\n'), difference)}</ul>`;
  }

  /** @param {import('../parts/compare.js').Difference} one */
  function difference({ path, now, kept }) {
    const label = labelOf(form, path.join('.'));
    const [today, then] = marked(now, kept);
    return html`<li>
      <h3>${label}</h3>
      <div class="sides" role="group" aria-label=${label}>
        <div class="side"><p class="label">Today</p>${today}</div>
        <div class="side"><p class="label">Kept</p>${then}
          <button type="button" class="small" aria-disabled=${busy} @click=${() => copy(path, kept, label)}>${kept === undefined ? 'Empty this field' : 'Copy this field'}</button>
        </div>
      </div>
    </li>`;
  }

  /** What is in the field is kept first. @param {string[]} path @param {any} value @param {string} label */
  const copy = (path, value, label) =>
    once(async () => {
      const index = differencesNow().findIndex((one) => one.path.join('\n') === path.join('\n'));
      const did = value === undefined ? 'emptied' : 'copied';
      if (differencesNow()[index]?.now != null) await storage.kept.keep?.(tool.tool, `As it was before “${label}” was ${did}`);
      work.update(patchTo(work.state.get(), path, value));
      tell.say(`“${label}” is ${did}.`, { once: 'copied', action: ['Undo', () => work.undo()] });
      changed();
      draw();
      const buttons = [...place.querySelectorAll('.differences button')];
      /** @type {any} */ (buttons[Math.min(index, buttons.length - 1)] ?? place).focus();
    });

  const differencesNow = () => compared(work.state.get(), state ?? {}).differences;

  /** @param {() => Promise<unknown>} work */
  async function once(work) {
    if (busy) return;
    busy = true;
    draw();
    try {
      await work();
    } catch (error) {
      tell.fail(error);
    } finally {
      busy = false;
      draw();
    }
  }

  const restore = () =>
    once(async () => {
      if (other()) await byHand(() => (entry.projectId ? work.open(entry.projectId) : work.startNew()));
      await storage.kept.restore(entry);
      go(tool.slug, work.home.get().id);
      const toKept = () => go('kept', tool.slug);
      const actions = [['Undo', () => work.undo()], ['Show what is kept', toKept]];
      tell.say('Restored. What was there before is kept.', { actions });
    });

  const remove = () =>
    once(async () => {
      const gone = entry;
      await storage.kept.remove(gone);
      removed(gone);
      tell.say('Removed.');
    });

  const stop = work.state.subscribe(() => {
    if (place.isConnected) draw();
    else if (entry) stop();
  });

  return {
    /** @param {any} next @param {string} reason  in words */
    async show(next, reason) {
      [entry, why, failed, state] = [next, reason, '', undefined];
      draw();
      const found = await storage.kept.get(next).catch((/** @type {any} */ error) => ((failed = whyNot(error)), null));
      if (entry !== next) return;
      state = found ?? undefined;
      draw();
    },
  };
}
