/** The project switcher: find a project by its name, open it, put it into the trash. */

import { button, h } from '../dom.js';
import { dialog } from '../parts/dialog.js';
import { ago } from '../parts/ago.js';
import { addressOf, go } from '../route.js';

const MOST_PAGES = 20; // of 50, read in one search

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
  const { close } = dialog(
    `Your ${tool.many}`,
    h('div.body', {}, search, says, list, h('p.hint', {}, 'What you delete lies in the ', trash, ' for 30 days.')),
  );
  /** @type {any[]} */
  const projects = [];
  let complete = false;

  function show() {
    const wanted = search.value.trim().toLocaleLowerCase();
    const found = projects.filter((one) => one.name.toLocaleLowerCase().includes(wanted));
    list.replaceChildren(...found.map(row));
    if (!complete) says.textContent = 'Reading …';
    else if (!projects.length)
      says.textContent = `No projects yet. “Save as project” keeps a ${tool.noun} under its name, such as “${tool.exampleName}”.`;
    else says.textContent = found.length ? `${found.length} of ${projects.length}` : `None of ${projects.length} is called that.`;
  }

  /** @param {any} project */
  function row(project) {
    const id = `project-${project.id}`;
    const here = work.home.get().id === project.id;
    const open = button(project.name, () => (close(), go(tool.slug, project.id)), {
      kind: 'name',
      id,
      ...(here && { 'aria-current': 'true' }),
    });
    return h(
      'li',
      {},
      open,
      h('span.when', {}, here ? 'open now' : ago(project.updated_at)),
      button('Delete', () => remove(project), { kind: 'link', 'aria-describedby': id }),
    );
  }

  /** @param {any} project */
  async function remove(project) {
    try {
      if (work.home.get().id === project.id) await work.startNew();
      await storage.projects.remove(tool.tool, project.id);
    } catch (error) {
      return tell.fail(error);
    }
    projects.splice(projects.indexOf(project), 1);
    show();
    search.focus();
    tell.say(`“${project.name}” is in the trash.`, {
      action: ['Undo', () => storage.projects.undelete(tool.tool, project.id).catch(tell.fail)],
    });
  }

  (async () => {
    await storage.ready;
    let cursor;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      /** @type {any} */
      const answer = await storage.projects.list(tool.tool, cursor ? { cursor } : {});
      projects.push(...answer.projects);
      cursor = answer.next;
      complete = !cursor;
      show();
      if (complete) return;
    }
    complete = true;
    show();
  })().catch((error) => (says.textContent = error.detail ?? error.message));
}
