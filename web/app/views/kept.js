/** What is kept beside a tool's work: saves at the server, and what this browser set aside. One list, each compared with
 *  today's state field by field, restored whole, or copied from field by field. */

import { html, nothing, render } from '/vendor/lit-html/lit-html.js';
import { repeat } from '/vendor/lit-html/directives/repeat.js';
import { h } from '../dom.js';
import { ago, moment } from '../parts/ago.js';
import { compared } from '../parts/compare.js';
import { devicesOf, onDevice } from '../parts/devices.js';
import { isOfThis, whyOf } from '../parts/kept-words.js';
import { matches } from '../parts/pages.js';
import { labelOf } from '../parts/places.js';
import { asText } from '../parts/values.js';
import { addressOf } from '../route.js';
import { comparison } from './comparison.js';
import { whyNot } from '../parts/why-not.js';

const FEW = 8; // need no search

/** @param {{storage: any, tell: any}} context @param {import('../tools.js').Tool} tool
 *  @param {{work: any, form: HTMLElement}} bench  of the tool @param {string} [wanted]  the id of the one to show */
export function kept({ storage, tell }, tool, { work, form }, wanted) {
  const search = h('input', { type: 'search', 'aria-label': 'Find among what is kept', placeholder: 'Find by words', autocomplete: 'off', oninput: show });
  const says = h('p.hint', { role: 'status' }, 'Reading …');
  const list = h('ul.kept-list', { 'aria-label': `Of this ${tool.noun}` });
  const others = h('ul.kept-list', { 'aria-label': `Of other ${tool.many}` });
  const apart = h('h2.kept-apart', {}, `Of other ${tool.many}`);
  const detail = h('section.kept-detail', { 'aria-label': 'Compared with today', tabindex: '-1' });
  /** @type {any[] & {incomplete?: any}} */
  let entries = [];
  /** @type {Map<string, string>} */
  let labels = new Map();
  /** @type {any} */
  let chosen = null;
  /** @type {Map<string, string>} projects by their ids */
  const projects = new Map();
  const isThis = (/** @type {any} */ one) => isOfThis(one, work.home.get());
  const compare = comparison({ storage, tell, tool, work, form, place: detail, removed, documentOf: (one) => (isThis(one) ? null : nameOf(one)), changed: () => refresh().catch(failed) });
  search.hidden = true;

  const name = () => (work.home.get().kind === 'project' ? work.home.get().name : `the new ${tool.noun}`);
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
    h('div.kept-sides', {}, h('div', {}, search, says, list, apart, others), detail),
  );

  async function refresh() {
    const home = work.home.get();
    entries = await storage.kept.list({ tool: tool.tool, projectId: home.kind === 'project' ? home.id : null });
    if (entries.incomplete) tell.say('What is kept at the server cannot be read just now: only what this browser keeps is shown.');
    show();
  }

  async function load() {
    await refresh();
    labels = await devicesOf(storage);
    search.hidden = entries.length <= FEW;
    const first = entries.find(({ id }) => id === wanted) ?? chosen ?? entries.find(isThis) ?? entries[0];
    show();
    if (first) choose(first, false);
    await namesOfOthers();
  }

  /** What the projects are called that something is kept of. */
  async function namesOfOthers() {
    if (!entries.some((one) => one.projectId && !isThis(one))) return;
    const answer = await storage.projects.list(tool.tool, {}).catch(() => ({ projects: [] }));
    for (const one of answer.projects) projects.set(one.id, asText(one.name));
    show();
  }

  /** The document that something is kept of, by its name. @param {any} one */
  function nameOf(one) {
    if (one.projectId) return projects.get(one.projectId) || asText(one.document ?? (one.kind === 'snapshot' ? one.name : '')) || 'another project';
    const named = asText(one.document ?? (one.kind === 'snapshot' ? one.name : ''));
    return named ? `${named}, no project then` : `a ${tool.noun} that was no project then`;
  }

  function show() {
    const found = search.hidden ? entries : entries.filter((one) => matches(`${one.name} ${one.words} ${whyOf(one)} ${isThis(one) ? '' : nameOf(one)}`, search.value));
    const alone = !navigator.onLine || storage.status.get().state === 'offline';
    const offline = alone ? ' There is no connection: what is at the server is not listed.' : '';
    if (!entries.length) says.textContent = `Nothing is kept beside ${name()} yet. When a text gives way to another, it is here.${offline}`;
    else says.textContent = `${found.length === entries.length ? found.length : `${found.length} of ${entries.length}`}, newest first.${offline}`;
    detail.hidden = !entries.length;
    const ours = found.filter(isThis);
    const rest = found.filter((one) => !isThis(one));
    apart.hidden = rest.length === 0;
    render(repeat(ours, keyOf, row), list);
    render(repeat(rest, keyOf, row), others);
  }

  /** @param {any} one */
  function row(one) {
    const here = chosen && keyOf(chosen) === keyOf(one);
    const place = one.kind === 'snapshot' ? 'in this browser' : onDevice(one.device, labels);
    const of = isThis(one) ? '' : nameOf(one);
    const who = [one.by && `by ${one.by}`, place].filter(Boolean).join(', ');
    return html`<li>
      <button type="button" class="entry" aria-current=${here ? 'true' : nothing} @click=${() => choose(one, true)}>
        <span class="when" title=${moment(one.at)}>${ago(new Date(one.at).toISOString()) || 'at some time'}${who ? `, ${who}` : ''}</span>
        <strong>${whyOf(one)}</strong>
        ${of ? html`<span class="of">Of ${of}</span>` : nothing}
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
  const failed = (/** @type {any} */ error) => (says.textContent = whyNot(error));

  /** As on the bench, said by a notice: the form is not in sight. @param {'undo' | 'redo'} which */
  function step(which) {
    if (!work.undoable.get()[which]) return tell.say(`Nothing to ${which}.`, { once: 'copied' });
    const before = work.state.get();
    work[which]();
    const path = compared(before, work.state.get()).differences[0]?.path.join('.');
    tell.say(`${which === 'undo' ? 'Undone' : 'Done again'}${path ? `: ${labelOf(form, path)}` : ''}.`, { once: 'copied' });
  }

  storage.tried.then(load).catch(failed);
  return { element, step };
}

/** @param {any} entry */
const keyOf = ({ kind, place, id }) => `${kind} ${place} ${id}`;
