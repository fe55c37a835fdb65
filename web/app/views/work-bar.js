/** What is open, and what can be done with it as a whole. */

import { button, h } from '../dom.js';
import { byHand } from '../parts/by-hand.js';
import { box, formDialog } from '../parts/dialog.js';
import { asText } from '../parts/values.js';
import { go } from '../route.js';
import { projectsDialog } from './projects.js';

/** @param {{storage: any, tool: import('../tools.js').Tool, work: any, tell: any}} bench */
export function workBar({ storage, tool, work, tell }) {
  const name = h('h1', { 'data-testid': 'project-name' });
  const where = h('p.where', {});
  const suggested = () => asText(tool.nameOf(work.state.get() ?? {})).trim().slice(0, 200).replace(/[\ud800-\udbff]$/, '');

  /** @param {string} title @param {string} value @param {string} about @param {(name: string) => Promise<unknown>} save */
  const askName = (title, value, about, save) =>
    formDialog({
      title,
      content: [
        about && h('p', {}, about),
        box('Project name', { name: 'name', required: true, maxlength: 200, value, autocomplete: 'off' }),
      ].filter(Boolean),
      confirm: 'Save',
      send: (values) => save(values.name.trim() || suggested() || `Untitled ${tool.noun}`),
    });

  const saveAs = () =>
    askName('Save as project', suggested(), `A project keeps this ${tool.noun} under its own name, apart from the next one.`, (called) =>
      intoProject(called),
    );

  /** While somebody thinks of a name, another tab or device may have made a project of this very draft.
   *  @param {string} called */
  const intoProject = (called) =>
    byHand(async () => {
      if (work.home.get().kind === 'project') return work.rename(called);
      // The answer may be lost on its way: where the project is there, it is done.
      return work.saveAs({ name: called }).catch((/** @type {any} */ error) => {
        if (work.home.get().kind !== 'project') throw error;
      });
    });

  async function promote() {
    const object = await work.promote();
    tell.say(`“${object?.name ?? suggested()}” is in the library.`, { action: ['Show it', () => go('library')] });
  }

  function promoteOrAsk() {
    if (work.home.get().kind === 'project') return promote().catch(tell.fail);
    return askName(
      'Promote to library',
      suggested(),
      `The library takes finished work from a project. Name it, and this ${tool.noun} is promoted.`,
      async (called) => {
        await intoProject(called);
        await promote();
      },
    );
  }

  const first = () => /** @type {HTMLElement | null} */ (document.querySelector('.writing .field input'));
  const startNew = () => byHand(() => work.startNew()).then(() => first()?.focus(), tell.fail);
  const rename = button('Rename', () => askName('Rename', work.home.get().name ?? '', '', (called) => work.rename(called)), {
    kind: 'link',
  });
  const save = button('Save as project', saveAs, { kind: 'primary' });
  const element = h(
    'div.work-bar',
    {},
    h('div.title', {}, name, rename, where),
    h(
      'div.actions',
      { role: 'group', 'aria-label': 'This work' },
      button(`New ${tool.noun}`, startNew),
      button('Projects', () => projectsDialog({ storage, tool, work })),
      save,
      button('Promote to library', promoteOrAsk),
    ),
  );

  function show() {
    const home = work.home.get();
    const project = home.kind === 'project';
    name.textContent = project ? home.name : `New ${tool.noun}`;
    where.textContent = project
      ? 'A project, saved while you write.'
      : 'Saved while you write. A project gives it a name and a place of its own.';
    rename.hidden = !project;
    save.hidden = project;
  }
  work.home.subscribe(show);
  return { element };
}
