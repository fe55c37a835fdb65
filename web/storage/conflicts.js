/** The open conflicts of a document: what gave way in a merge, until somebody chooses. */
import { learn } from './learning.js';
import { fromDraft, toDraft } from './tools.js';
import { valueAt } from './json.js';
/** @import {WorkingCopy} from './copy.js' */
/** @import {Conflict, State} from './types' */

/** The other value, from the save that holds it. @param {WorkingCopy} copy @param {Conflict} conflict */
export async function theirsOf(copy, { save_id, path, at_path }) {
  const saves = copy.isDraft ? '/api/session/saves' : `${copy.url}/saves`;
  const { data } = await copy.env.request('GET', `${saves}/${save_id}`);
  const state = data?.state ?? {};
  return valueAt(state, at_path.split('.')) ?? valueAt(fromDraft(copy.tool, state), path.split('.'));
}

/** @param {WorkingCopy} copy @param {Conflict} conflict @param {'mine' | 'theirs'} choice */
export async function resolve(copy, { save_id, at_path }, choice) {
  const chosenOn = copy.mine; // what is typed from here on is meant for what was chosen
  await copy.queue.flush(); // mine is what is in the field now
  const { env, base } = copy;
  const body = { save_id, path: at_path, choice: choice === 'mine' ? 'stored' : 'other' };
  const { data, etag } = await env.request('POST', `${copy.url}/conflicts/choose`, { body, saveId: crypto.randomUUID(), document: true });
  if (copy.base === base && !copy.closed) copy.receive(copy.stateOf(data.state), etag, choice === 'theirs' ? chosenOn : base);
  learn(copy, { conflicts: data.conflicts });
  env.post(copy.key, etag, copy);
  env.log(`chose ${choice} of ${at_path}`);
  if (copy.dirty) copy.queue.changed();
}

/** Keeps a state beside the document, as a save that everybody who reads it finds.
 *  @param {WorkingCopy} copy @param {string} name @param {string} reason @param {State} [state]  the present one, if none is given */
export async function keepSave(copy, name, reason, state = copy.mine) {
  const body = { id: crypto.randomUUID(), name: name.slice(0, 200), reason, state: copy.isDraft ? toDraft(copy.tool, state) : state };
  await copy.env.request('POST', `${copy.url}/saves`, { body, document: true });
  return body.id;
}
