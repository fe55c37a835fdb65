/** What others made of a document that is open here. */
import { sentAs, settleAttempts } from './attempts.js';
import { learn } from './learning.js';
import { decide, overlap } from './decision.js';
import { diff, isEmpty, same } from './json.js';
import { AGAIN, draftField, hasWork } from './tools.js';
/** @import {WorkingCopy} from './copy.js' */
/** @import {Facts} from './decision.js' */
/** @import {State} from './types' */

/** What the server holds, as a copy needs it. @typedef {{theirs: State, etag: string, saveId?: string, lastSaves?: Record<string, string>, name?: string,
 *    conflicts: any[], begun?: string}} Found  begun: when the session did */

/** Of a document as it was answered: the project, or the session. @param {WorkingCopy} copy @param {any} data @param {string} etag
 *  @param {any} [updatedBy] @returns {Found} */
export function sees(copy, data, etag, updatedBy = data?.updated_by) {
  const of = copy.isDraft ? (data?.[copy.tool] ?? {}) : (data ?? {});
  return { theirs: copy.stateOf(copy.isDraft ? of : of.state), etag, saveId: updatedBy?.save_id, lastSaves: data?.last_saves, name: copy.isDraft ? undefined : of.name, conflicts: of.conflicts ?? [], begun: copy.isDraft ? data?.created_at : undefined };
}

/** One conditional GET. @param {WorkingCopy} copy */
export async function look(copy) {
  if (copy.isDraft) return copy.env.session.look();
  if (!copy.isPlaced || copy.closed) return;
  const { etag, base, failed } = copy;
  const answer = await copy.env.request('GET', copy.url, { seen: etag, document: true });
  if (copy.etag !== etag || copy.base !== base || copy.closed) return; // a save was faster than this answer
  if (answer.status !== 304) await see(copy, sees(copy, answer.data, answer.etag));
  if (failed && !answer.data?.trashed) copy.tryAgain(); // what was refused, as in the trash, may be stored now
}

/** Another tab stored the document under this ETag. @param {WorkingCopy} copy @param {string} etag */
export async function told(copy, etag) {
  if (etag !== copy.etag && !copy.sending) await look(copy);
}

/** @param {WorkingCopy} copy @param {Found} found @param {{sending?: boolean}} [options]  asked by the save itself: not under way */
export async function see(copy, found, { sending = copy.sending } = {}) {
  const { theirs, etag, saveId } = found;
  const attempt = sentAs(copy, saveId);
  const wasRefused = [saveId, ...Object.values(found.lastSaves ?? {})].some((id) => copy.refusals.has(id ?? ''));
  const older = copy.base;
  if (!attempt && !sending) settleAttempts(copy, found.lastSaves, etag);
  const { base, sending: under } = copy;
  const project = attempt || sending || !copy.isDraft ? null : await movedTo(copy, theirs);
  if (copy.closed || copy.sending !== under || copy.base !== base) return; // a save that began meanwhile sees for itself
  const action = decide(factsOf(copy, found, { sending, attempt, project }));
  if (action === 'wait') return;
  if (action === 'follow' && project) follow(copy, project);
  else if (action === 'acknowledge') copy.receive(theirs, etag, attempt, copy.base);
  else if (action === 'note') copy.noted(etag);
  else if (action === 'begin') copy.begin(etag);
  else if (action === 'merge' && isAnother(copy, theirs)) {
    copy.noted(etag);
    copy.etag = undefined; // the server makes two pieces of work of them
  } else copy.receive(theirs, etag, copy.dirty ? copy.base : copy.mine, copy.base === older ? undefined : older); // a draft's id alone is nobody's work: theirs is taken
  if (wasRefused) copy.tryAgain(); // it is stored: nothing of it has to wait
  copy.begun = found.begun ?? copy.begun;
  if (action !== 'follow') learn(copy, found);
  if (copy.dirty && !copy.sending) copy.queue.changed();
}

/** @param {WorkingCopy} copy @param {Found} found @param {{sending: boolean, attempt?: State, project: any}} known @returns {Facts} */
function factsOf(copy, { theirs, begun }, { sending, attempt, project }) {
  const { base, mine, dirty } = copy;
  const typed = diff(base, mine);
  const gone = begun && copy.begun && begun !== copy.begun ? 'expired' : 'none';
  const draft = project ? 'project' : isGone(copy, theirs) ? gone : isAnother(copy, theirs) ? 'another' : 'same';
  return {
    sending,
    whose: attempt ? 'own' : 'other',
    draft,
    changed: !same(theirs, base),
    typed: !dirty ? 'nothing' : overlap(typed, base, theirs, copy.unanswered).length ? 'there' : 'elsewhere',
  };
}

/** @param {WorkingCopy} copy @param {State} theirs */
const isGone = (copy, theirs) => copy.isDraft && !isEmpty(copy.base) && !hasWork(theirs) && !theirs[draftField(copy.tool)];

/** @param {WorkingCopy} copy @param {State} theirs */
function isAnother(copy, theirs) {
  const [mine, id] = [copy.draftId, theirs[draftField(copy.tool)]];
  return copy.isDraft && Boolean(mine && id && mine !== id);
}

/** Whether the session holds this draft no more, or another. @param {WorkingCopy} copy @param {State} theirs */
export const isElsewhere = (copy, theirs) => isGone(copy, theirs) || isAnother(copy, theirs);

/** The project that the draft became in another tab or on another device, if the session does not hold it any more.
 *  @param {WorkingCopy} copy @param {State} theirs */
async function movedTo(copy, theirs) {
  const id = draftField(copy.tool);
  const wasStored = Boolean(copy.base[id]);
  const mayBe = wasStored
    ? !same(theirs, copy.base) && isElsewhere(copy, theirs)
    : copy.asked && theirs[id] !== copy.draftId; // without an answer, a merge may have made one of it
  if (!mayBe) return null;
  const { env, tool, newProjectId } = copy;
  return (await env.project(tool, newProjectId)) ?? env.project(tool, newProjectId + AGAIN); // where that is in the trash
}

/** The copy is one of that project now. @param {WorkingCopy} copy @param {{data: any, etag: string}} project
 *  @param {State} [from]  what the project was made of */
export function follow(copy, { data, etag }, from) {
  copy.move({ kind: 'project', id: data.id, name: data.name });
  settleAttempts(copy, data.last_saves);
  copy.receive(copy.stateOf(data.state), etag, from ?? copy.base);
  learn(copy, data);
  if (copy.dirty) copy.queue.changed();
}
