/** What others made of a document that is open here: adopted where nothing is unsaved, merged at the next save where
 *  something is. */
import { isEmpty, same } from './json.js';
import { followed } from './send.js';
import { draftField, fromDraft, hasWork, persistable } from './tools.js';
/** @import {WorkingCopy} from './copy.js' */
/** @import {State} from './types' */

/** One conditional GET. @param {WorkingCopy} copy */
export async function look(copy) {
  if (copy.isDraft) return copy.env.session.look();
  const { etag } = copy;
  const answer = await copy.env.request('GET', copy.url, { seen: etag });
  if (answer.status === 304 || copy.etag !== etag || copy.sending) return; // a save was faster than this answer
  saw(copy, persistable(copy.tool, answer.data.state ?? {}), answer.etag, answer.data.name);
}

/** Another tab stored the document under this ETag. @param {WorkingCopy} copy @param {string} etag */
export async function told(copy, etag) {
  if (etag === copy.etag || copy.sending) return;
  if (copy.dirty) copy.stale = true;
  else await look(copy);
}

/** What the session holds now in the copy's tool. @param {WorkingCopy} copy @param {State | undefined} map @param {string} etag */
export async function sawSession(copy, map, etag) {
  const theirs = fromDraft(copy.tool, map);
  const id = draftField(copy.tool);
  if (copy.sending) return;
  const gone = hasWork(copy.base) && !same(theirs, copy.base) && theirs[id] !== copy.base[id];
  if (gone && (await followed(copy))) return copy.queue.changed();
  saw(copy, theirs, etag);
}

/** @param {WorkingCopy} copy @param {State} theirs @param {string} etag @param {string} [name] */
function saw(copy, theirs, etag, name) {
  if (same(theirs, copy.base)) copy.at(etag, name);
  else if (copy.dirty) copy.stale = !copy.isDraft || !isEmpty(theirs);
  else {
    copy.rebase(theirs, etag);
    copy.at(etag, name);
  }
  if (copy.dirty) copy.queue.changed(); // what was refused, as in the trash, may be stored now
}
