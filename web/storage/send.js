/** Sends what a working copy has and the server has not; mends the refusals that can be mended. */
import { diff, isEmpty, same } from './json.js';
import { Problem } from './problem.js';
import { inOrder, page } from './tabs.js';
import { fromDraft, fromDraftPath, persistable, titleOf, workOf } from './tools.js';
/** @import {WorkingCopy} from './copy.js' */
/** @import {State} from './types' */

const TRIES = 4; // more would be a quarrel between tabs, which the next autosave settles

/** @param {WorkingCopy} copy */
export const send = (copy) =>
  inOrder(`${copy.env.uid}/${copy.key}`, async () => {
    if (copy.isDraft && !page.leaving) await copy.env.session.looked();
    copy.sending = true;
    await stored(copy).finally(() => (copy.sending = false));
  });

/** @param {WorkingCopy} copy */
async function stored(copy) {
  for (let tries = 0; copy.stale || copy.dirty; tries++) {
    try {
      return await (copy.stale ? merge(copy, copy.mine) : write(copy, copy.mine));
    } catch (error) {
      if (tries === TRIES || !(error instanceof Problem)) throw error;
      await understand(copy, error);
    }
  }
}

/** @param {WorkingCopy} copy @param {State} sent */
async function write(copy, sent) {
  const { env, tool, base, isDraft, etag } = copy;
  const saveId = crypto.randomUUID();
  copy.attempts.set(saveId, sent);
  copy.backup();
  if (emptied(base, sent)) {
    const aside = env.setAside({ tool, reason: 'emptied', name: titleOf(tool, base), state: base, projectId: copy.projectId });
    if (!page.leaving) await aside;
  }
  const patch = diff(base, sent);
  const whole = isDraft && isEmpty(base); // nothing of an earlier draft stays below it
  const body = whole ? sent : isDraft ? patch : { state: patch };
  const answer = await env.request(whole ? 'PUT' : 'PATCH', copy.url, { body, etag, saveId });
  copy.acknowledge(sent, answer.etag);
  env.log(`saved ${copy.key}: ${Object.keys(patch)}`);
}

/** Whether most of what a person would miss is gone. @param {State} before @param {State} now */
export function emptied(before, now) {
  const [had, has] = [before, now].map((state) => workOf(state).join('').length);
  return had >= 40 && has < had / 4;
}

/** @param {WorkingCopy} copy @param {State} sent @returns {Promise<void>} */
async function merge(copy, sent) {
  const { env, tool, isDraft } = copy;
  const { data } = await env.request('POST', `${copy.url}/merge`, { body: { base: copy.base, mine: sent }, saveId: crypto.randomUUID() });
  if (data.project) {
    copy.move(data.project);
    return merge(copy, sent); // an earlier answer may have been lost, and others gone on in the project
  }
  copy.rebase(isDraft ? fromDraft(tool, data.state) : persistable(tool, data.state), data.etag, sent);
  env.post(copy.key, data.etag);
  const conflicts = data.conflicts.map((/** @type {any} */ one) => (isDraft ? { ...one, path: fromDraftPath(tool, one.path) } : one));
  env.log(`merged ${copy.key}, in conflict: ${conflicts.map((/** @type {any} */ one) => one.path)}`);
  if (conflicts.length) copy.conflicted(conflicts);
  if (!isDraft && !page.leaving) void learnName(copy);
}

/** Whoever saved meanwhile may have renamed it, and the answer to a merge does not say. @param {WorkingCopy} copy */
const learnName = (copy) => copy.env.request('GET', copy.url).then(({ data }) => copy.at(copy.etag ?? '', data.name), () => {});

/** Sees to it that the next try does not meet this refusal; throws what it cannot mend.
 *  @param {WorkingCopy} copy @param {Problem} problem */
async function understand(copy, problem) {
  const sent = copy.attempts.get(problem.updatedBy?.save_id);
  if (problem.status === 412 && sent) return copy.acknowledge(sent, problem.etag); // its answer was lost
  if (problem.status === 412 && !copy.isDraft) return void (copy.stale = true);
  if (problem.status === 412) return elsewhere(copy, problem.current[copy.tool], problem.etag);
  if (!copy.isDraft || ![404, 409].includes(problem.status)) throw problem;
  const opened = await copy.env.session.open(); // it had expired, or somebody ended it
  await elsewhere(copy, opened.data[copy.tool], opened.etag);
}

/** The session changed: does it still hold this draft?
 *  @param {WorkingCopy} copy @param {State | undefined} map @param {string} etag */
async function elsewhere(copy, map, etag) {
  const theirs = fromDraft(copy.tool, map);
  if (!same(theirs, copy.base)) {
    if (!isEmpty(theirs)) return void (copy.stale = true); // of two drafts a merge makes two pieces of work
    if (!isEmpty(copy.base) && (await followed(copy))) return;
    copy.base = {};
  }
  copy.etag = etag;
}

/** Whether the draft became a project in another tab or on another device; then this copy is one of it.
 *  @param {WorkingCopy} copy */
export async function followed(copy) {
  const project = await copy.env.project(copy.tool, copy.newProjectId);
  if (project) copy.move(project.data);
  return Boolean(project);
}
