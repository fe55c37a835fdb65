/** The open conflicts of a document: what gave way in a merge, until somebody chooses. */
import { learn } from './learning.js';
import { fromDraft, toDraft } from './tools.js';
import { isElsewhere, see, sees } from './follow.js';
import { patched, patchOf, same, stepsTo, valueAt, valueOf } from './json.js';
import { Problem } from './problem.js';
import { only } from './library.js';
import { TRIES } from './send.js';
/** @import {WorkingCopy} from './copy.js' */
/** @import {Conflict, State} from './types' */

/** The other value, from the save that holds it. @param {WorkingCopy} copy @param {Conflict} conflict */
export async function theirsOf(copy, { save_id, path, at_path }) {
  const saves = copy.isDraft ? '/api/session/saves' : `${copy.url}/saves`;
  const { data } = await copy.env.request('GET', `${saves}/${save_id}`);
  const { state = {} } = only(save_id)(data);
  return valueAt(state, at_path.split('.')) ?? valueAt(fromDraft(copy.tool, state), path.split('.'));
}

/** @param {WorkingCopy} copy @param {Conflict} conflict @param {'mine' | 'theirs'} choice
 *  @param {{mine: any}} [seen]  what the field held as it was compared: no other text, which nobody saw, is chosen or gives way */
export async function resolve(copy, { save_id, path, at_path }, choice, seen = { mine: valueAt(copy.mine, path.split('.')) }) {
  const chosenOn = copy.mine; // what is typed from here on is meant for what was chosen
  await copy.queue.flush(); // mine is what is in the field now
  const waiting = copy.held.list().find((one) => `${one.path}.`.startsWith(`${path}.`) || `${path}.`.startsWith(`${one.path}.`));
  if (waiting) throw new Problem(422, { detail: `What is in this field is not saved, and no choice could keep it. Change it first: ${waiting.message}` });
  const { env, url } = copy;
  const body = { save_id, path: at_path, choice: choice === 'mine' ? 'stored' : 'other' };
  const { base, data, etag } = await chosen(copy, body, () => same(valueAt(copy.mine, path.split('.')), seen.mine));
  const theirs = copy.stateOf(data.state);
  if (copy.url !== url || isElsewhere(copy, theirs)) {
    if (copy.url === url) await see(copy, { theirs, etag, conflicts: data.conflicts }, { sending: false });
    throw new Problem(409, { detail: 'This draft is a project by now. Nothing was chosen: look at both texts again.' });
  }
  const from = choice === 'mine' ? base : patched(base, patchOf([fieldOf(chosenOn, theirs, path)])); // what was typed elsewhere, and waits, stays
  if (copy.base === base && !copy.closed) copy.receive(theirs, etag, from);
  learn(copy, { conflicts: data.conflicts });
  env.post(copy.key, etag, copy);
  env.log(`chose ${choice} of ${at_path}`);
  if (copy.dirty) copy.queue.changed();
}

/** The field that a path leads into, and what it held: a list is one.
 *  @param {State} mine @param {State} theirs @param {string} path @returns {[string[], any]} */
function fieldOf(mine, theirs, path) {
  const field = stepsTo(mine, path) ?? stepsTo(theirs, path) ?? [path.split('.')[0]];
  return [field, valueOf(mine, field) ?? null];
}

/** @param {WorkingCopy} copy @param {any} body @param {() => boolean} isAsSeen  what others saved elsewhere is in nobody's way */
async function chosen(copy, body, isAsSeen) {
  const saveId = crypto.randomUUID();
  for (let tries = 1; ; tries++) {
    const { base, etag } = copy;
    if (!isAsSeen()) throw new Problem(409, { detail: 'This field was changed meanwhile. Nothing was chosen: look at both texts again.' });
    try {
      return { base, ...(await copy.env.request('POST', `${copy.url}/conflicts/choose`, { body, etag, saveId, document: true })) };
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 412) throw error;
      await see(copy, sees(copy, error.current, error.etag, error.updatedBy), { sending: false });
      if (tries === TRIES) throw error;
    }
  }
}

/** Keeps a state beside the document, as a save that everybody who reads it finds.
 *  @param {WorkingCopy} copy @param {string} name @param {string} reason @param {State} [state]  the present one, if none is given */
export async function keepSave(copy, name, reason, state = copy.mine) {
  const body = { id: crypto.randomUUID(), name: name.slice(0, 200), reason, state: copy.isDraft ? toDraft(copy.tool, state) : state };
  await copy.env.request('POST', `${copy.url}/saves`, { body, document: true });
  return body.id;
}
