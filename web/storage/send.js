/** Sends what a working copy has and the server has not; mends the refusals that can be mended. */
import { attempted, idOf, newSaveId, toTell } from './attempts.js';
import { learn } from './learning.js';
import { backUp } from './keeping.js';
import { see, sees } from './follow.js';
import { diff, isEmpty, leaves, same } from './json.js';
import { Problem } from './problem.js';
import { inOrder, page } from './tabs.js';
import { draftField, titleOf, workOf } from './tools.js';
import { within } from './within.js';
/** @import {WorkingCopy} from './copy.js' */
/** @import {State} from './types' */

export const TRIES = 4; // at once; more would be a quarrel between tabs, which the next autosave settles
const LARGE = 100_000; // characters of them at most
const LOOKING = 3000; // ms to wait for a look that is under way: knowing more spares a refusal

/** @param {WorkingCopy} copy */
export const send = (copy) =>
  inOrder(`${copy.env.uid}/${copy.key}`, async () => {
    if (copy.isDraft && !page.leaving) await within(LOOKING, copy.env.session.looked(), () => new Error('late')).catch(() => {});
    copy.sending = true;
    await stored(copy).finally(() => (copy.sending = false));
  });

/** @param {WorkingCopy} copy */
async function stored(copy) {
  if (copy.refusals.size && !copy.unsent) await find(copy); // it was taken back, and a gate may have refused what is stored
  for (let tries = 0; copy.unsent && copy.isPlaced && !copy.closed; tries++) {
    if (copy.making) await copy.making; // not else: a page that goes sends at once
    const { url } = copy;
    try {
      if (!copy.seen) {
        await find(copy);
        continue;
      }
      await (copy.etag && !inQuestion(copy) ? write(copy, copy.sendable) : merge(copy, copy.sendable));
      if (copy.etag || tries === TRIES) return; // what was typed meanwhile has its own pause
    } catch (error) {
      if (tries === TRIES || !(error instanceof Problem)) throw error;
      if (copy.url === url) await understand(copy, error);
    }
  }
}

/** What the document is now. Nothing is sent without an If-Match: what comes late, or twice, changes nothing.
 *  @param {WorkingCopy} copy */
async function find(copy) {
  const { env, isDraft, url } = copy;
  if (isDraft) await env.session.look();
  const { data, etag } = isDraft ? { data: env.session.doc.get(), etag: env.session.etag() } : await env.request('GET', url, { document: true });
  if (copy.url !== url) return; // a draft that became a project: what was asked for is another document's
  await see(copy, sees(copy, data, etag), { sending: false });
}

/** Whether something was sent and not answered that is not wanted any more: nothing is left to send, but it may be stored.
 *  @param {WorkingCopy} copy */
const inQuestion = (copy) => copy.attempts.size > 0 && !copy.whole && same(copy.sendable, copy.base);

/** @param {WorkingCopy} copy @param {State} sent */
async function write(copy, sent) {
  const { env, base, isDraft, etag, url } = copy;
  const saveId = idOf(copy, sent) ?? newSaveId(copy); // without an answer, again and again: one attempt
  copy.attempts.set(saveId, sent);
  backUp(copy);
  await setAside(copy, sent);
  const patch = diff(base, sent);
  const whole = isDraft && (copy.whole || isEmpty(base)); // nothing of an earlier draft stays below it
  const body = whole ? sent : isDraft ? patch : { state: patch };
  const answer = await attempted(copy, saveId, env.request(whole ? 'PUT' : 'PATCH', url, { body, etag, saveId, document: true }));
  if (copy.url !== url) return; // its project told what of it is stored
  copy.acknowledge(sent, answer.etag);
  env.log(`saved ${copy.key}: ${Object.keys(patch)}`);
}

/** A save that empties most of a state keeps it first. @param {WorkingCopy} copy @param {State} sent */
async function setAside(copy, sent) {
  const { env, tool, base, projectId } = copy;
  if (!emptied(base, sent)) return;
  const aside = env.setAside({ tool, reason: 'emptied', name: titleOf(tool, base), state: base, projectId });
  if (!page.leaving) await aside.catch((error) => env.log(`not set aside: ${error.message}`)); // no reason not to save
}

/** Whether most of what a person would miss is gone. @param {State} before @param {State} now */
export function emptied(before, now) {
  const [had, has] = [before, now].map((state) => workOf(state).join('').length);
  return had >= 40 && has < had / 4;
}

/** @param {WorkingCopy} copy @param {State} sent */
async function merge(copy, sent) {
  const { env, base, url, asked: last } = copy;
  const saveId = last && same(last.base, base) && same(last.sent, sent) ? last.saveId : newSaveId(copy);
  const attempts = toTell(copy, saveId).map((one) => one.sent);
  copy.asked = { saveId, base, sent };
  copy.attempts.set(saveId, sent);
  backUp(copy);
  await setAside(copy, sent);
  const isSmall = JSON.stringify(attempts).length < LARGE;
  const body = { base, mine: sent, stands: copy.isAtTheKeys ? 'mine' : 'stored', ...(attempts.length && isSmall && { attempts }) };
  const { data, etag } = await attempted(copy, saveId, env.request('POST', `${url}/merge`, { body, etag: copy.seen, saveId, document: true }));
  if (copy.url !== url) return;
  if (data.project) return copy.move({ kind: 'project', id: data.project.id, name: data.project.name }); // the next try merges with that
  copy.receive(copy.stateOf(data.state), etag, sent, base);
  learn(copy, { name: data.name, conflicts: data.conflicts });
  const paths = (data.edits_kept ?? []).map((/** @type {string} */ path) => copy.pathOf(path));
  if (paths.length) copy.told.set([...copy.told.get(), { kind: 'edit kept', paths }]);
  env.post(copy.key, etag, copy);
  env.log(`merged ${copy.key}, in conflict: ${data.conflicts.map((/** @type {any} */ one) => one.path)}`);
}

/** Sees to it that the next try does not meet this refusal; throws what it cannot mend.
 *  @param {WorkingCopy} copy @param {Problem} problem */
async function understand(copy, problem) {
  const { env } = copy;
  if (problem.status === 412) return see(copy, sees(copy, problem.current, problem.etag, problem.updatedBy), { sending: false });
  if ([413, 422].includes(problem.status) && copy.hold(refusedFields(copy, problem))) return env.log(`refused: ${copy.held.list().map(({ path }) => path)}`);
  if (!copy.isDraft || ![404, 409].includes(problem.status)) throw problem;
  const opened = await env.session.open(); // it had expired, or somebody ended it
  await see(copy, sees(copy, opened.data, opened.etag), { sending: false });
}

/** The fields of this copy that a refusal names, with its reason; of one that names none as it is all too much, the largest.
 *  @param {WorkingCopy} copy @param {Problem} problem @returns {[string, string][]} */
function refusedFields(copy, problem) {
  const named = Object.entries(problem.errors ?? {}).map(([path, says]) => {
    const inState = path.replace(/^(state|mine|base)\./, '');
    return /** @type {[string, string]} */ ([copy.pathOf(inState), [says].flat().join(' ')]);
  });
  if (named.length || problem.status !== 413) return named;
  const changed = leaves(diff(copy.base, copy.sendable)).filter(([[name]]) => name !== draftField(copy.tool));
  const sizes = changed.map(([path, value]) => ({ path: path.join('.'), size: JSON.stringify(value ?? null).length }));
  const largest = sizes.sort((one, other) => other.size - one.size)[0];
  return largest ? [[largest.path, problem.detail]] : [];
}
