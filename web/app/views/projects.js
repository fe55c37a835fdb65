/** The project switcher: find a project by its name, open it, put it into the trash. */

import { html, nothing, render } from '/vendor/lit-html/lit-html.js';
import { repeat } from '/vendor/lit-html/directives/repeat.js';
import { h } from '../dom.js';
import { ago } from '../parts/ago.js';
import { dialog } from '../parts/dialog.js';
import { everyPage, matches } from '../parts/pages.js';
import { asText } from '../parts/values.js';
import { addressOf, go } from '../route.js';

/** @param {{storage: any, tool: import('../tools.js').Tool, work: any, tell: any}} bench */
export function projectsDialog({ storage, tool, work, tell }) {
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
  /** @type {Set<string>} ids on their way into the trash */
  const going = new Set();

  function show() {
    const found = projects.filter((one) => matches(one.name, search.value));
    render(repeat(found, ({ id }) => id, row), list);
    if (!complete) says.textContent = `${projects.length ? `${found.length} so far. ` : ''}Reading …`;
    else if (!projects.length)
      says.textContent = `No projects yet. “Save as project” keeps a ${tool.noun} under its name, such as “${tool.exampleName}”.`;
    else says.textContent = found.length ? `${found.length} of ${projects.length}` : `None of ${projects.length} is called that.`;
    if (offline) says.textContent += ' There is no connection: these are the ones that this browser has seen.';
  }

  /** @param {any} project */
  function row(project) {
    const id = `project-${project.id}`;
    const here = work.home.get().id === project.id;
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
      if (work.home.get().id === project.id) await work.startNew();
      await storage.projects.remove(tool.tool, project.id);
    } catch (error) {
      return tell.fail(error);
    } finally {
      going.delete(project.id);
    }
    projects = projects.filter(({ id }) => id !== project.id);
    show();
    search.focus();
    tell.say(`“${asText(project.name)}” is in the trash.`, {
      action: ['Undo', () => storage.projects.undelete(tool.tool, project.id).catch(tell.fail)],
    });
  }

  storage.ready
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
    .catch((/** @type {any} */ error) => (says.textContent = error.detail ?? error.message));
}
