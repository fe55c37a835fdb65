/** The session has room for one draft of each tool: the one that is there becomes a project before another begins. */
import { follow } from './follow.js';
import { isEmpty, same } from './json.js';
import { Problem } from './problem.js';
import { inOrder } from './tabs.js';
import { AGAIN, draftField, fromDraft, hasWork, titleOf } from './tools.js';
/** @import {WorkingCopy} from './copy.js' */
/** @import {Answer, Env, State, Tool} from './types' */

const TRIES = 5; // while other tools and devices keep saving

/** @param {Env} env @param {Tool} tool @param {WorkingCopy | null} copy  what this tab has of it
 *  @param {State | null} untouched  a draft that is nobody's work yet @returns {Promise<Answer | null>} where the draft was cleared */
export async function makeRoom(env, tool, copy, untouched) {
  await reach(env);
  if (copy?.isDraft) await storedOrRefused(copy);
  for (let tries = 0; tries < TRIES; tries++) {
    const draft = fromDraft(tool, env.session.doc.get()?.[tool]);
    if (isEmpty(draft)) return null;
    if (hasWork(draft) && !same(draft, untouched)) await moveDraft(env, tool, copy, draft, { name: titleOf(tool, draft) });
    else {
      const cleared = await clear(env, tool).catch(unlessSaved);
      if (cleared) return cleared;
      await env.session.look();
    }
  }
  throw new Problem(409, { detail: 'Other devices keep writing to this draft. Nothing was changed: try again.' });
}

/** Another tool or device saved its own draft: that is no reason to tell anybody. @param {any} error */
function unlessSaved(error) {
  if (!(error instanceof Problem) || error.status !== 412) throw error;
}

/** Rejects at once where there is no server, as a save would wait for it. @param {Env} env */
export const reach = (env) => env.session.look();

/** What is refused for good stays a backup, and holds up nobody. @param {WorkingCopy} copy */
export async function storedOrRefused(copy) {
  await copy.queue.flush().catch((error) => copy.env.log(`left unsaved: ${error.message}`));
  if (copy.isDraft) await copy.env.session.look();
}

/** Leaves nothing of the tool in the session. @param {Env} env @param {Tool} tool */
const clear = (env, tool) =>
  inOrder(`${env.uid}/session`, () => env.request('PUT', `/api/session/tools/${tool}`, { body: {}, etag: env.session.etag(), document: true }));

/** The draft becomes a project in one Commit, and the copy of it with it.
 *  @param {Env} env @param {Tool} tool @param {WorkingCopy | null} copy @param {State} draft  as it is stored
 *  @param {{name: string, description?: string}} named @returns {Promise<any>} the project */
export async function moveDraft(env, tool, copy, draft, named) {
  const draftId = draft[draftField(tool)];
  const make = (/** @type {string} */ id) =>
    inOrder(`${env.uid}/session`, () => env.request('POST', `/api/${tool}/projects`, { body: { id, ...named, from_draft: true }, document: true }));
  const isThere = () => hasWork(fromDraft(tool, env.session.doc.get()?.[tool])) && env.session.doc.get()[tool].draft_id === draftId;

  let answer = await make(draftId ? `${env.uid}.${draftId}` : crypto.randomUUID());
  await env.session.look();
  // There was a project of this draft already, and another device went on with the draft: that is another piece of work.
  if (answer.status === 200 && isThere()) {
    answer = await make(`${env.uid}.${draftId}${AGAIN}`);
    await env.session.look();
  }
  env.log(`project ${answer.data.id} made of the draft`);
  if (copy?.isDraft && copy.base[draftField(tool)] === draftId) follow(copy, answer);
  env.post('session', env.session.etag());
  return answer.data;
}
