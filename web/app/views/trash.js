/** What was deleted in the last 30 days, of all tools and of the library, and a way back. */

import { html, render } from '/vendor/lit-html/lit-html.js';
import { repeat } from '/vendor/lit-html/directives/repeat.js';
import { h } from '../dom.js';
import { ago } from '../parts/ago.js';
import { everyPage, matches } from '../parts/pages.js';
import { asText } from '../parts/values.js';
import { go } from '../route.js';
import { TOOLS, toolByType } from '../tools.js';
import { whyNot } from '../parts/why-not.js';

const FEW = 12; // are seen at one glance, and need no search

/** @typedef {{key: string, name: string, kind: string, at: string, restore: () => Promise<unknown>, open?: () => void}} Thing */

/** @param {{storage: any, tell: any}} context */
export function trash({ storage, tell }) {
  const search = h('input', { type: 'search', 'aria-label': 'Find in the trash', placeholder: 'Find by name', autocomplete: 'off', oninput: show });
  const says = h('p.hint', { role: 'status' }, 'Reading …');
  const list = h('ul.objects', {});
  /** @type {Thing[]} */
  let things = [];
  /** @type {Set<string>} keys on their way back */
  const going = new Set();

  function show() {
    search.hidden = things.length <= FEW;
    const found = search.hidden ? things : things.filter(({ name }) => matches(name, search.value));
    render(repeat(found, ({ key }) => key, row), list);
    return found.length;
  }

  /** @param {Thing} thing */
  function row(thing) {
    const { key, name, kind, at } = thing;
    return html`<li class="object">
      <div>
        <h2 id=${key}>${name}</h2>
        <p class="kind">${kind}${at ? `, deleted ${ago(at)}` : ''}</p>
      </div>
      <div class="buttons"><button type="button" aria-describedby=${key} @click=${() => back(thing)}>Put back</button></div>
    </li>`;
  }

  /** @param {Thing} thing */
  async function back({ key, name, restore, open }) {
    if (going.has(key)) return;
    going.add(key);
    try {
      await restore();
    } catch (error) {
      return tell.fail(error);
    } finally {
      going.delete(key);
    }
    things = things.filter((one) => one.key !== key);
    show();
    count();
    (list.querySelector('button') ?? says).focus();
    tell.say(`“${name}” is back.`, open && { action: ['Open it', open] });
  }

  /** A part that cannot be read does not hide the others. */
  async function load() {
    await storage.tried;
    const parts = await Promise.allSettled([...TOOLS.map((tool) => trashedProjects(storage, tool)), trashedObjects(storage)]);
    things = parts.flatMap((part) => (part.status === 'fulfilled' ? part.value : []));
    things.sort((one, other) => other.at.localeCompare(one.at));
    const failed = parts.find((part) => part.status === 'rejected');
    show();
    count();
    if (failed) says.textContent = `Not everything could be read: ${whyNot(failed.reason)}`;
  }

  function count() {
    if (things.length) says.textContent = `${things.length} in all. Kept for 30 days after it was deleted.`;
    else says.textContent = 'The trash is empty. A deleted “Sunblade” would lie here for 30 days, with a button to put it back.';
  }

  load().catch((error) => (says.textContent = whyNot(error)));
  search.hidden = true;
  says.tabIndex = -1;
  return h('div', {}, h('div.finding', {}, search), says, list);
}

/** @param {any} storage @param {import('../tools.js').Tool} tool @returns {Promise<Thing[]>} */
async function trashedProjects(storage, tool) {
  /** @type {Thing[]} */
  const found = [];
  const thing = (/** @type {any} */ one) => ({
    key: `trashed-${tool.slug}-${one.id}`,
    name: asText(one.name),
    kind: `${tool.noun} project`,
    at: one.updated_at ?? '',
    restore: () => storage.projects.undelete(tool.tool, one.id),
    open: () => go(tool.slug, one.id),
  });
  await everyPage(
    (cursor) => storage.projects.list(tool.tool, { ...cursor, trashed: true }),
    (answer) => found.push(...answer.projects.map(thing)),
  );
  return found;
}

/** @param {any} storage @returns {Promise<Thing[]>} */
async function trashedObjects(storage) {
  /** @type {Thing[]} */
  const found = [];
  const thing = (/** @type {any} */ one) => ({
    key: `trashed-object-${one.id}`,
    name: asText(one.name),
    kind: `${toolByType(one.type)?.noun ?? asText(one.type)} of the library`,
    at: one.updated_at ?? '',
    restore: () => storage.objects.undelete(one.id),
  });
  await everyPage(
    (cursor) => storage.objects.list({ ...cursor, trashed: true }),
    (answer) => found.push(...answer.objects.map(thing)),
  );
  return found;
}
