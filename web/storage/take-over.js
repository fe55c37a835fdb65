/** Opening an object of the library in its tool. */
import { reach } from './room.js';
import { OPENS } from './tools.js';
/** @import {WorkingCopy} from './copy.js' */
/** @import {Env, State, Tool, Work} from './types' */

/** @typedef {{tool: Tool, project?: string, draft?: State, kept_as_project?: string}} TakenOver */

/** The verb: one's own object opens as the project or draft that it was made from, another's, or `asCopy`, as a new draft.
 *  @param {() => Promise<{env: Env, copy: WorkingCopy}>} restored @param {(tool: Tool) => Work} work
 *  @returns {(objectId: string, options?: {asCopy?: boolean}) => Promise<TakenOver>} */
export const objectOpener = (restored, work) =>
  async function takeOver(objectId, { asCopy = false } = {}) {
    const { env } = await restored();
    await reach(env);
    const again = asCopy ? null : await reopened(env, objectId, work);
    if (again) return again;
    await Promise.all(env.drafts().map((one) => one.queue.flush()));
    const body = { draft_id: crypto.randomUUID() };
    const { data, etag } = await env.request('POST', `/api/objects/${objectId}/open`, { body, document: true });
    work(data.tool).show(env, data.draft, etag);
    await env.session.look();
    return data;
  };

/** @param {Env} env @param {string} objectId @param {(tool: Tool) => Work} work @returns {Promise<TakenOver | null>} */
async function reopened(env, objectId, work) {
  const { data: object } = await env.request('GET', `/api/objects/${objectId}`, { document: true });
  const tool = OPENS[object.type];
  const { project_id } = object.origin ?? {};
  if (object.user_id !== env.uid || !tool) return null;
  if (project_id && (await env.project(tool, project_id))) {
    await work(tool).open(project_id);
    return { tool, project: project_id };
  }
  const draft = env.session.doc.get()?.[tool];
  if (draft?.active_object_id !== objectId) return null;
  await work(tool).openDraft(env);
  return { tool, draft };
}
