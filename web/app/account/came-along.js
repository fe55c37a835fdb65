/** What a guest's work became, who signed in to an account. */

import { draftIdOf } from '../parts/values.js';
import { TOOLS } from '../tools.js';

/** @typedef {{ids: Set<string>, drafts: Set<string>}} Theirs  the ids of projects, and of drafts that projects are made of */

/** What the guest has, before it is another's.
 *  @param {any} storage @param {string[]} open  the tools that the page shows: what they hold is newer than the session
 *  @returns {Promise<Theirs>} */
export async function guestsWork(storage, open) {
  const session = storage.session.get() ?? {};
  const drafts = [...TOOLS.map(({ tool }) => draftIdOf(session[tool])), ...open.map((tool) => draftIdOf(storage.work(tool).state.get()))];
  const lists = await Promise.all(TOOLS.map(({ tool }) => listed(storage, tool)));
  return { ids: new Set(lists.flat().map(({ id }) => id)), drafts: new Set(drafts.filter(Boolean)) };
}

/** The same among the account's projects.
 *  @param {any} storage @param {Theirs} theirs @returns {Promise<{tool: string, id: string, name: string}[]>} */
export async function projectsOf(storage, { ids, drafts }) {
  const lists = await Promise.all(TOOLS.map(async ({ tool }) => (await listed(storage, tool)).map((one) => ({ ...one, tool }))));
  const ofDraft = (/** @type {string} */ id) => [...drafts].some((draft) => id.endsWith(`.${draft}`));
  return lists.flat().filter(({ id }) => ids.has(id) || ofDraft(id));
}

/** The newest of them. @param {any} storage @param {string} tool @returns {Promise<any[]>} */
const listed = (storage, tool) =>
  storage.projects.list(tool, {}).then(
    (/** @type {any} */ { projects }) => projects,
    () => [],
  );
