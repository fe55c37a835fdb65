/** The open conflicts of a document: what two places wrote over the same words, until somebody chooses. Everybody who opens
 *  the document sees them, on every device. Whatever is chosen, the other text stays in a save. */

import { html, render } from '/vendor/lit-html/lit-html.js';
import { repeat } from '/vendor/lit-html/directives/repeat.js';
import { button, h } from '../dom.js';
import { ago } from '../parts/ago.js';
import { devicesOf, onDevice } from '../parts/devices.js';
import { same } from '../parts/identity.js';
import { marked } from '../parts/marked.js';
import { look } from '../parts/look.js';
import { goTo, labelOf } from '../parts/places.js';
import { draftIdOf } from '../parts/values.js';
import { at } from '../paths.js';
import { go } from '../route.js';
import { whyNot } from '../parts/why-not.js';

const CALM = 300; // ms after the last key before both texts are compared again

/** @param {{storage: any, tool: import('../tools.js').Tool, work: any, tell: any, form: HTMLElement}} bench */
export function conflictsOf({ storage, tool, work, tell, form }) {
  const list = h('ul', {});
  const toKept = () => go('kept', tool.slug);
  const element = h(
    'section.conflicts',
    { 'aria-label': 'Changed elsewhere', role: 'region', hidden: true },
    h('h2', {}, 'Changed elsewhere'),
    h('p', {}, 'The same words were changed in two places. What you do not choose stays among what is ', button('kept', toKept, { kind: 'link' }), '.'),
    list,
  );
  /** @type {Map<string, {mine: any, theirs: any} | {failed: string}>} by the conflict's key */
  const texts = new Map();
  /** @type {Map<string, string>} */
  let labels = new Map();
  /** @type {Set<string>} being settled */
  const going = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon;
  /** @type {Set<string>} chosen on this page */
  const chosen = new Set();
  /** @type {any[]} those that were open last */
  let known = [];
  const documentNow = () => work.home.get().id ?? `draft ${draftIdOf(work.state.get())}`;
  let of = documentNow(); // whose they are

  function show() {
    const all = work.conflicts.get();
    element.hidden = all.length === 0;
    render(repeat(all, keyOf, item), list);
  }

  /** Both texts of each, as they are now. */
  async function compare() {
    const all = work.conflicts.get();
    await Promise.all(
      all.map(async (/** @type {any} */ one) => {
        const found = await work.compare(one).catch((/** @type {any} */ error) => ({ failed: whyNot(error) }));
        texts.set(keyOf(one), found);
      }),
    );
    if (all.length) labels = await devicesOf(storage);
    show();
  }

  /** @param {any} conflict */
  function item(conflict) {
    const { path, by, device, at } = conflict;
    const key = keyOf(conflict);
    const found = texts.get(key);
    const label = labelOf(form, path);
    const who = [by && `by ${by}`, onDevice(device, labels), ago(at)].filter(Boolean).join(', ');
    const head = html`<h3><button type="button" class="link" @click=${() => goTo(form, path)}>${label}</button></h3>
      <p class="hint">The other text was written ${who || 'elsewhere'}.</p>`;
    if (!found) return html`<li>${head}<p class="hint">Reading both …</p></li>`;
    if ('failed' in found) {
      return html`<li>${head}<p>The other text cannot be read just now: ${found.failed}
        <button type="button" class="small" @click=${compare}>Try again</button></p></li>`;
    }
    const busy = going.has(key);
    if (same(found.mine, found.theirs)) {
      return html`<li>${head}<p>By now both texts are the same.
        <button type="button" class="small" aria-disabled=${busy} @click=${() => choose(conflict, 'mine')}>Done</button></p></li>`;
    }
    const [mine, theirs] = marked(found.mine, found.theirs);
    const side = (/** @type {string} */ said, /** @type {unknown} */ value, /** @type {string} */ verb, /** @type {'mine' | 'theirs'} */ which) =>
      html`<div class="side">
        <p class="label">${said}</p>
        ${value}
        <button type="button" aria-disabled=${busy} @click=${() => choose(conflict, which)}>${verb}</button>
      </div>`;
    return html`<li>
      ${head}
      <div class="sides" role="group" aria-label=${`${label}, both texts`}>
        ${side('In the field now', mine, 'Keep this', 'mine')} ${side('The other text', theirs, 'Take this instead', 'theirs')}
      </div>
    </li>`;
  }

  /** @param {any} conflict @param {'mine' | 'theirs'} which */
  async function choose(conflict, which) {
    const key = keyOf(conflict);
    let settled = null;
    if (going.has(key)) return;
    going.add(key);
    show();
    try {
      if (which === 'theirs' && !(await isAsShown(conflict))) return;
      chosen.add(key);
      await work.choose(conflict, which, texts.get(key));
      const said = which === 'mine' ? 'It stays as it is. The other text is kept.' : 'The other text is in the field now. What was there is kept.';
      tell.say(said, { action: ['Show what is kept', toKept] });
      texts.delete(key);
      settled = conflict;
    } catch (error) {
      chosen.delete(key);
      tell.fail(error);
    } finally {
      going.delete(key);
      show();
      if (settled && !next()) goTo(form, settled.path);
    }
  }

  /** What gives way is what they have read. @param {any} conflict */
  async function isAsShown(conflict) {
    const key = keyOf(conflict);
    const shown = texts.get(key);
    await look(storage);
    if (!work.conflicts.get().some((/** @type {any} */ one) => keyOf(one) === key)) return false; // it is told what became of it
    const now = await work.compare(conflict);
    if (!shown || same(shown, now)) return true;
    texts.set(key, now);
    tell.say(`“${labelOf(form, conflict.path)}” was changed elsewhere a moment ago, and is shown as it is now: choose once more.`, { lasting: true, once: key });
    return false;
  }

  /** Of each that is gone without a choice here: what somebody chose, somewhere else. */
  function tellGone() {
    const all = work.conflicts.get();
    const gone = known.filter((one) => !all.some((/** @type {any} */ { path }) => path === one.path) && !chosen.has(keyOf(one)));
    const isHere = of === documentNow();
    known = all;
    of = documentNow();
    if (!isHere || !Object.keys(work.state.get()).length) return;
    for (const one of gone) {
      const found = /** @type {any} */ (texts.get(keyOf(one)));
      texts.delete(keyOf(one));
      const stays = found && same(found.mine, at(work.state.get(), one.path));
      const said = stays ? 'it was left as it is; the other text is kept.' : 'the other text was chosen; what was in the field is kept.';
      tell.say(`${labelOf(form, one.path)}: on another device ${said}`, { lasting: true, action: ['Show what is kept', toKept] });
    }
  }

  /** The caret goes to what is to be chosen next. */
  function next() {
    const first = /** @type {HTMLElement | null} */ (list.querySelector('.side button'));
    first?.focus();
    return first !== null;
  }

  work.conflicts.subscribe(() => (tellGone(), show(), compare()));
  work.home.subscribe(() => queueMicrotask(() => (of = documentNow()))); // a draft that is a project now is the same
  work.state.subscribe(() => {
    if (!work.conflicts.get().length) return;
    clearTimeout(soon);
    soon = setTimeout(compare, CALM);
  });
  const says = () => `${work.conflicts.get().map((/** @type {any} */ { path }) => labelOf(form, path)).join(', ')}: the same words were changed in two places.`;
  return { element, says };
}

/** @param {any} conflict */
const keyOf = ({ path, save_id }) => `${save_id} ${path}`;
