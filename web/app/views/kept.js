/** What is kept beside a tool's work: saves at the server, and what this browser set aside. One list, each compared with
 *  today's state field by field, restored whole, or copied from field by field. */

import { html, nothing, render } from '/vendor/lit-html/lit-html.js';
import { repeat } from '/vendor/lit-html/directives/repeat.js';
import { h } from '../dom.js';
import { ago } from '../parts/ago.js';
import { devicesOf, onDevice } from '../parts/devices.js';
import { matches } from '../parts/pages.js';
import { asText } from '../parts/values.js';
import { addressOf } from '../route.js';
import { comparison } from './comparison.js';

const WHY = /** @type {Record<string, string>} */ ({
  named: 'Kept by hand',
  checkpoint: 'Kept on the way',
  'before-restore': 'What was there before something was restored',
  'before restore': 'What was there before something was restored',
  conflict: 'Gave way where the same words were changed twice',
  quarantine: 'A part that could not be read',
  unreadable: 'A part that could not be read',
  expired: 'Left when the session had ended',
  emptied: 'What was there before it was emptied',
  'older copy': 'An older copy in this browser',
  discarded: 'Discarded',
  unsaved: 'Not saved yet',
});
const FEW = 8; // need no search

/** @param {{storage: any, tell: any}} context @param {import('../tools.js').Tool} tool
 *  @param {{work: any, form: HTMLElement}} bench  of the tool @param {string} [wanted]  the id of the one to show */
export function kept({ storage, tell }, tool, { work, form }, wanted) {
  const search = h('input', { type: 'search', 'aria-label': 'Find among what is kept', placeholder: 'Find by words', autocomplete: 'off', oninput: show });
  const says = h('p.hint', { role: 'status' }, 'Reading …');
  const list = h('ul.kept-list', {});
  const detail = h('section.kept-detail', { 'aria-label': 'Compared with today', tabindex: '-1' });
  /** @type {any[]} */
  let entries = [];
  /** @type {Map<string, string>} */
  let labels = new Map();
  /** @type {any} */
  let chosen = null;
  const compare = comparison({ storage, tell, tool, work, form, place: detail, removed });
  search.hidden = true;

  const name = () => (work.home.get().kind === 'project' ? work.home.get().name : `the unsaved ${tool.noun}`);
  const back = h('a', {});
  const element = h(
    'div.kept',
    {},
    h(
      'header',
      {},
      h('h1', {}, 'Kept'),
      h('p.where', {}, 'What gave way, what was set aside, what could not be placed. Nothing here is in the way of anything. ', back),
    ),
    h('div.kept-sides', {}, h('div', {}, search, says, list), detail),
  );

  async function load() {
    const home = work.home.get();
    const found = await storage.kept.list({ tool: tool.tool, projectId: home.kind === 'project' ? home.id : null });
    entries = found;
    labels = await devicesOf(storage);
    search.hidden = entries.length <= FEW;
    const first = entries.find(({ id }) => id === wanted) ?? chosen ?? entries[0];
    show();
    if (first) choose(first, false);
  }

  function show() {
    const found = search.hidden ? entries : entries.filter((one) => matches(`${one.name} ${one.words} ${whyOf(one)}`, search.value));
    const alone = !navigator.onLine || storage.status.get().state === 'offline';
    const offline = alone ? ' There is no connection: what is at the server is not listed.' : '';
    if (!entries.length) says.textContent = `Nothing is kept beside ${name()} yet. When a text gives way to another, it is here.${offline}`;
    else says.textContent = `${found.length === entries.length ? found.length : `${found.length} of ${entries.length}`}, newest first.${offline}`;
    detail.hidden = !entries.length;
    render(repeat(found, keyOf, row), list);
  }

  /** @param {any} one */
  function row(one) {
    const here = chosen && keyOf(chosen) === keyOf(one);
    const place = one.kind === 'snapshot' ? 'in this browser' : onDevice(one.device, labels);
    const who = [one.by && `by ${one.by}`, place].filter(Boolean).join(', ');
    return html`<li>
      <button type="button" class="entry" aria-current=${here ? 'true' : nothing} @click=${() => choose(one, true)}>
        <span class="when">${ago(new Date(one.at).toISOString()) || 'at some time'}${who ? `, ${who}` : ''}</span>
        <strong>${whyOf(one)}</strong>
        <span class="words">${asText(one.words) || asText(one.name) || '(empty)'}</span>
      </button>
    </li>`;
  }

  /** @param {any} one @param {boolean} goes  whether the focus goes along */
  function choose(one, goes) {
    chosen = one;
    show();
    compare.show(one, whyOf(one));
    if (!goes) return;
    detail.scrollIntoView({ block: 'nearest' });
    detail.focus({ preventScroll: true });
  }

  /** @param {any} gone */
  function removed(gone) {
    entries = entries.filter((one) => keyOf(one) !== keyOf(gone));
    chosen = null;
    show();
    if (entries[0]) choose(entries[0], true);
  }

  let home = ''; // whose list is shown
  const stop = work.home.subscribe((/** @type {any} */ now) => {
    back.href = addressOf(tool.slug, now.id);
    back.textContent = `Back to ${name()}`;
    const changed = home !== (now.id ?? now.kind);
    home = now.id ?? now.kind;
    if (changed && element.isConnected) load().catch(failed);
    else if (changed && entries.length) stop(); // another page is shown
  });
  const failed = (/** @type {any} */ error) => (says.textContent = error.detail ?? error.message);

  storage.ready.then(load).catch(failed);
  return element;
}

/** @param {any} entry */
const keyOf = ({ kind, place, id }) => `${kind} ${place} ${id}`;

/** @param {any} entry */
const whyOf = ({ reason }) => WHY[reason] ?? (asText(reason) || 'Kept');
