/** Recovery: what earlier pages of this browser could not store is sent when the user is back. What the server cannot place
 *  stays in this browser, and is told. */
import { newSaveId } from './attempts.js';
import { changeOf } from './backups.js';
import { NOBODY, choice } from './choice.js';
import { WorkingCopy } from './copy.js';
import { diff, leaves, patched, patchOf, stepsTo, valueOf } from './json.js';
import { LEGACY, legacyBackups } from './legacy.js';
import { backUp } from './keeping.js';
import { draftCopy, projectCopy } from './moves.js';
import { Problem } from './problem.js';
import { AGAIN, draftField, fromDraft, titleOf } from './tools.js';
import { inOrder, livingTabs } from './tabs.js';
import { local } from './store.js';
/** @import {Backup, Env, Home, State, Tool} from './types' */

/** waiting: what of it the server refused before. Recovery is not asked of it: it goes back to the page.
 *  on: what it was typed on
 *  @typedef {{key: string, body: any, waiting?: {patch: State, on: State}, answer?: any, error?: Problem}} Sent */

/** Sends the backups of dead tabs, oldest first. What is not placed has an error and stays.
 *  @param {Env} env @param {boolean} starting  what this very tab left is an earlier page's then
 *  @returns {Promise<Sent[]>} */
export function recover(env, starting) {
  return inOrder(`${env.uid}/recovery`, async () => {
    const { restore, broken, drop } = await chosen(env, starting);
    for (const key of drop) void env.backups.remove(key);
    const all = [...restore.map((backup) => apart(env, backup)), ...broken];
    const recovered = [];
    for (const one of all) recovered.push(await sent(env, one));
    return recovered.filter(({ answer, error, waiting }) => answer || error || waiting);
  });
}

/** But for those of copies that are open here. @param {Env} env */
async function left(env) {
  const kept = await env.backups.kept();
  const open = new Set([...env.copies].flatMap((copy) => [copy.backedUpAs, ...copy.formerly])); // also those typed meanwhile
  return kept.filter(({ key }) => !open.has(key));
}

/** @param {Env} env @param {Backup} backup @returns {Sent} */
function apart(env, { key, tab, order, refused = [], ...backup }) {
  const paths = refused.map(({ path }) => stepsTo(backup.state, path) ?? path.split('.'));
  if (!paths.length || !backup.base) return { key, body: placed(env, backup) };
  const [mine, before] = [backup.state, backup.base].map((side) => paths.map((path) => /** @type {[string[], any]} */ ([path, valueOf(side, path) ?? null])));
  const body = placed(env, { ...backup, state: patched(backup.state, patchOf(before)) });
  return { key, body, waiting: { patch: patchOf(mine), on: patchOf(before) } };
}

/** Back on the page, in the document that it belongs to. @param {Env} env @param {Sent} one
 *  @returns {Promise<{fields: string[], gone: boolean}>} the fields that are a snapshot now: they were typed in again since, or their document is gone */
export async function waitAgain(env, { key, body, waiting, answer }) {
  if (!waiting) return { fields: [], gone: false };
  const { tool } = body;
  const copy = await documentOf(env, body, answer?.project?.id);
  // Nothing that was typed since the start is replaced.
  const isFree = (/** @type {string[]} */ path) => copy !== null && valueOf(copy.pending, path) === undefined;
  const [free, aside] = [true, false].map((wanted) => leaves(waiting.patch).filter(([path]) => isFree(path) === wanted));
  if (aside.length) await env.setAside({ tool, reason: 'refused', name: titleOf(tool, patchOf(aside)), state: patchOf(aside), projectId: copy?.projectId ?? body.projectId ?? null });
  if (copy && free.length) {
    const { base, etag = '' } = copy;
    copy.change(patchOf(free), { undoable: false }); // the server is asked once more
    const on = free.map(([path]) => /** @type {[string[], any]} */ ([path, valueOf(waiting.on, path) ?? null]));
    copy.receive(base, etag, patched(base, patchOf(on))); // others may have changed the same since
  }
  await env.backups.remove(key);
  return { fields: aside.map(([path]) => path.join('.')), gone: !copy };
}

/** What a backup was typed in: the project; or the draft, or the project that it became. Never another piece of work.
 *  @param {Env} env @param {any} body @param {string} [recoveredTo] @returns {Promise<WorkingCopy | null>} */
async function documentOf(env, { tool, projectId, newProjectId, state }, recoveredTo) {
  const project = async (/** @type {string} */ id) => {
    const found = env.find(tool, id) ?? (await env.project(tool, id));
    return found && !(found instanceof WorkingCopy) ? projectCopy(env, tool, found) : found;
  };
  if (recoveredTo ?? projectId) return project(recoveredTo ?? projectId);
  const map = env.session.doc.get()?.[tool];
  const stored = fromDraft(tool, map)[draftField(tool)];
  const isIt = stored === state[draftField(tool)];
  const became = isIt ? null : await project(newProjectId);
  return became ?? (isIt || !stored ? (env.find(tool, null) ?? draftCopy(env, tool, map)) : null);
}

/** What was typed before it was known which document is open belongs to the one that is. Where nothing of it is stored any more, there is
 *  nothing that it could be merged on, unless another page has stored it since. @param {Env} env @param {any} backup */
function placed(env, { gone, ...backup }) {
  const { base, attempts, ...alone } = backup;
  const field = draftField(backup.tool);
  const { draft_id: draftId, current_project_id: projectId = null } = env.session.doc.get()?.[backup.tool] ?? {};
  const body = gone && draftId !== backup.state[field] ? alone : backup;
  if ('projectId' in body || body.tab === 'legacy' || !body.base) return body;
  const id = body.newProjectId.slice(env.uid.length + 1);
  if (draftId !== id && (projectId !== null || draftId)) return { ...body, projectId };
  // It is the draft, or becomes it, under an id, or two devices would give it two.
  return { ...body, projectId: null, state: { [field]: id, ...body.state } };
}

/** What is to be restored here. @param {Env} env @param {boolean} starting */
async function chosen(env, starting) {
  const kept = await left(env);
  const living = await livingTabs(env.uid, kept);
  return choice(kept, { uid: env.uid, living: living.filter((one) => !starting || one !== env.tab) });
}

/** Tells what became of them. Only then their backups go: whoever was not told is told by the next page, and recovery does nothing twice.
 *  @param {Env} env @param {Sent[]} found */
export function tellAll(env, found) {
  const answered = found.filter(({ answer }) => answer);
  env.tellRecovered(...answered.map(({ answer }) => answer));
  for (const { key, waiting } of answered) if (!waiting) void env.backups.remove(key);
}

/** @param {Env} env @param {Sent} one @returns {Promise<Sent>} without answer and error where it was stored already */
export async function sent(env, { key, body, waiting }) {
  try {
    const { data } = await env.request('POST', '/api/session/recover', { body, saveId: body.save_id });
    if (typeof data?.recovered !== 'string') throw Problem.noAnswer();
    if (data.recovered === 'other_user') return { key, body };
    env.post(data.project ? `${body.tool}/${data.project.id}` : 'session', data.project_etag ?? data.session_etag);
    // Another tab recovered it, or the page was gone before it heard that this was stored.
    const last = [data.project, data.session].flatMap((one) => Object.values(one?.last_saves ?? {}));
    if ([body.save_id, body.attempt_ids?.at(-1)].some((id) => last.includes(id)) && data.action === 'none' && !data.kept_as?.length) {
      if (!waiting) await env.backups.remove(key);
      return { key, body, waiting };
    }
    env.log(`recovered a ${body.tool} backup: ${data.recovered}${data.project ? `, project ${data.project.id}` : ''}`);
    return { key, body, waiting, answer: data };
  } catch (error) {
    if (!(error instanceof Problem) || env.ended) throw error;
    const again = `${body.newProjectId}${AGAIN}`;
    // The project that it was, under this very id, is in the trash.
    if (error.status === 409 && body.newProjectId && !body.newProjectId.endsWith(AGAIN)) return sent(env, { key, waiting, body: { ...body, newProjectId: again } });
    env.log(`a ${body.tool} backup is not recovered (${error.status}); it is kept`);
    return { key, body, waiting, error };
  }
}

/** Takes the first system's backups over into ours. @param {Env} env */
export async function takeOverLegacy(env) {
  const texts = Object.fromEntries(LEGACY.map((key) => [key, local.get(key)]));
  const { restore, aside, done } = legacyBackups(texts, { uid: env.uid, now: Date.now() });
  for (const one of aside) await env.setAside(one);
  const kept = async () => (await env.backups.kept()).map(({ key }) => key);
  const before = await kept();
  for (const one of restore) if (!before.includes(one.key)) await env.backups.put(changeOf(one));
  const after = await kept();
  if (restore.every(({ key }) => after.includes(key))) for (const key of done) local.remove(key);
}

/** Opens what earlier pages could not store, to be shown and sent from here while the server cannot be reached.
 *  @param {Env} env @returns {Promise<WorkingCopy[]>} the newest last */
export async function adopt(env) {
  const { restore } = await chosen(env, true);
  const adopted = [];
  for (const backup of restore) {
    const { key, tool, base, state, newProjectId, gone } = backup;
    if (!base || gone) continue; // nobody knows what it was typed on: the server finds it a place
    const copy = new WorkingCopy(env, tool, { home: homeOf(backup), base });
    if (!copy.isPlaced) copy.id = newProjectId.slice(env.uid.length + 1); // the same draft, wherever else it is opened
    for (const [i, sent] of (backup.attempts ?? []).entries()) copy.attempts.set(backup.attempt_ids?.[i] || `${key} ${i}`, sent);
    if (backup.save_id) copy.attempts.set(backup.save_id, state); // it may have been recovered, and the answer lost
    if (copy.attempts.size) copy.asked = { saveId: newSaveId(copy), base, sent: state }; // one of them may have been a merge
    copy.formerly.add(key);
    copy.change(diff(base, state), { undoable: false });
    copy.typedAt = backup.timestamp ?? 0;
    await backUp(copy);
    adopted.push(copy);
  }
  return adopted;
}

/** @param {Backup} backup @returns {Home} */
function homeOf({ projectId }) {
  if (projectId === undefined) return { kind: 'unknown' };
  return projectId === null ? { kind: 'session' } : { kind: 'project', id: projectId, name: '' };
}

/** What was typed before anybody was signed in is this user's now. @param {Env} env */
export async function inherit(env) {
  const kept = await env.backups.kept();
  const { restore, drop } = choice(kept, { uid: NOBODY, living: await livingTabs(NOBODY, kept) });
  for (const key of drop) void env.backups.remove(key);
  for (const backup of restore) await claimBackup(env, backup, NOBODY);
}

/** A backup of somebody else's is this user's now. @param {Env} env @param {Backup} backup @param {string} from  whose it was
 *  @param {{tab?: string}} [more] */
export async function claimBackup(env, backup, from, more = {}) {
  const ours = (/** @type {string} */ id) => id.replace(from, env.uid);
  const { newProjectId: formerProjectId } = backup; // what it became at the server may be this user's by now, under that id
  const kept = await env.backups.put({ ...changeOf(backup), key: ours(backup.key), userId: env.uid, newProjectId: ours(formerProjectId), formerProjectId, ...more });
  if (kept) await env.backups.remove(backup.key);
}
