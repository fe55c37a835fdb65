/** The project switcher: find a project by its name, open it, put it into the trash. */

import { html, nothing, render } from '/vendor/lit-html/lit-html.js';
import { repeat } from '/vendor/lit-html/directives/repeat.js';
import { h } from '../dom.js';
import { ago } from '../parts/ago.js';
import { byHand } from '../parts/by-hand.js';
import { dialog } from '../parts/dialog.js';
import { everyPage, matches } from '../parts/pages.js';
import { asText } from '../parts/values.js';
import { addressOf, go } from '../route.js';
import { whyNot } from '../parts/why-not.js';

/** @param {{storage: any, tool: import('../tools.js').Tool, work: any}} bench */
export function projectsDialog({ storage, tool, work }) {
  const search = h('input', {
    type: 'search',
    'aria-label': 'Find a project',
    placeholder: 'Find a project',
    autocomplete: 'off',
    oninput: show,
  });
  const list = h('ul.found', {});
  const says = h('p.hint', { role: 'status' }, 'Reading …');
  const trash = h('a', { href: addressOf('library', 'trash'), onclick: () => close() }, 'Trash');
  const { element, close } = dialog(
    `Your ${tool.many}`,
    h('div.body', {}, search, says, list, h('p.hint', {}, 'What you delete lies in the ', trash, ' for 30 days.')),
  );
  /** @type {any[]} */
  let projects = [];
  let complete = false;
  let offline = false; // only what this browser has seen
  /** @type {Set<string>} ids of those that were put into the trash here, each with its way back in its row */
  const gone = new Set();
  /** @type {Set<string>} ids on their way into the trash, or back */
  const going = new Set();

  function show() {
    const shown = projects.filter((one) => matches(one.name, search.value));
    render(repeat(shown, ({ id }) => id, row), list);
    const there = projects.filter(({ id }) => !gone.has(id));
    const found = shown.filter(({ id }) => !gone.has(id));
    if (!complete) says.textContent = `${projects.length ? `${found.length} so far. ` : ''}Reading …`;
    else if (!there.length && gone.size) says.textContent = 'No other projects.';
    else if (!there.length)
      says.textContent = `No projects yet. “Save as project” keeps a ${tool.noun} under its name, such as “${tool.exampleName}”.`;
    else says.textContent = found.length ? `${found.length} of ${there.length}` : `None of ${there.length} is called that.`;
    if (offline) says.textContent += ' There is no connection: these are the ones that this browser has seen.';
  }

  /** @param {any} project */
  function row(project) {
    const id = `project-${project.id}`;
    const here = work.home.get().id === project.id;
    if (gone.has(project.id)) {
      return html`<li class="gone">
        <span class="name" id=${id}>“${asText(project.name)}” is in the trash.</span>
        <button type="button" class="small" data-undo=${project.id} aria-describedby=${id} @click=${() => back(project)}>Undo</button>
      </li>`;
    }
    const open = () => (close(), go(tool.slug, project.id));
    return html`<li>
      <button type="button" class="name" id=${id} aria-current=${here ? 'true' : nothing} @click=${open}>${asText(project.name)}</button>
      <span class="when">${here ? 'open now' : ago(project.updated_at)}</span>
      <button type="button" class="link" aria-describedby=${id} @click=${() => remove(project)}>Delete</button>
    </li>`;
  }

  /** @param {any} project */
  async function remove(project) {
    if (going.has(project.id)) return;
    going.add(project.id);
    try {
      if (work.home.get().id === project.id) await byHand(() => work.startNew());
      await storage.projects.remove(tool.tool, project.id);
    } catch (error) {
      says.textContent = whyNot(error);
      return;
    } finally {
      going.delete(project.id);
    }
    gone.add(project.id);
    show();
    /** @type {any} */ ([...list.querySelectorAll('[data-undo]')].find((one) => one.dataset.undo === project.id) ?? search).focus();
  }

  /** @param {any} project */
  async function back(project) {
    if (going.has(project.id)) return;
    going.add(project.id);
    try {
      await storage.projects.undelete(tool.tool, project.id);
      gone.delete(project.id);
    } catch (error) {
      says.textContent = whyNot(error);
      return;
    } finally {
      going.delete(project.id);
    }
    show();
    /** @type {any} */ (document.getElementById(`project-${project.id}`) ?? search).focus();
  }

  storage.tried
    .then(() =>
      everyPage(
        (cursor) => storage.projects.list(tool.tool, cursor),
        (answer) => {
          const known = new Set(projects.map(({ id }) => id));
          projects.push(...answer.projects.filter((/** @type {any} */ { id }) => !known.has(id)));
          complete = !answer.next;
          offline = answer.offline === true;
          show();
          return element.isConnected;
        },
      ),
    )
    .then(() => ((complete = true), show()))
    .catch((/** @type {any} */ error) => (says.textContent = whyNot(error)));
}
