/** Saves that were sent and not answered: which of them was stored. */
import { diff, same } from './json.js';
import { Problem } from './problem.js';
/** @import {WorkingCopy} from './copy.js' */
/** @import {State} from './types' */

const MOST = 3; // that a merge or a recovery is told of

/** @template T @param {WorkingCopy} copy @param {string} saveId @param {Promise<T>} answer @returns {Promise<T>} */
export async function attempted(copy, saveId, answer) {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Problem && !error.passing && ![401, 412].includes(error.status)) refused(copy, saveId, Boolean(error.errors));
    throw error;
  }
}

/** What was refused was not stored, unless it was a gate on the way back that refused. What had no answer may have been; a 412 may be the
 *  answer to a request that a proxy sent twice, a 401 that of a gate. @param {WorkingCopy} copy @param {string} saveId
 *  @param {boolean} names  whether it says which field */
function refused({ attempts, refusals }, saveId, names) {
  refusals.set(saveId, { sent: /** @type {State} */ (attempts.get(saveId)), names });
  attempts.delete(saveId);
  if (refusals.size > MOST) refusals.delete([...refusals.keys()][0]);
}

/** What was sent under an id that the document names. @param {WorkingCopy} copy @param {string} [saveId] */
export const sentAs = ({ attempts, refusals }, saveId = '') => attempts.get(saveId) ?? refusals.get(saveId)?.sent;

/** The id under which the same was sent before. @param {WorkingCopy} copy @param {State} sent */
export const idOf = ({ attempts }, sent) => [...attempts.keys()].findLast((id) => same(attempts.get(id), sent));

/** All of a copy's begin alike: a document keeps the last save of each writer. @param {WorkingCopy} copy */
export const newSaveId = ({ id }) => id + crypto.randomUUID().slice(id.length);

/** Those that a merge is told of: the oldest and the newest. @param {WorkingCopy} copy @param {string} [but]  the id of the one that is
 *  about to be sent @returns {{id: string, sent: State}[]} */
export function toTell({ tried, attempts }, but) {
  const named = [...attempts].filter(([id]) => id !== but).map(([id, sent]) => ({ id, sent }));
  const all = [...tried.map((sent) => ({ id: '', sent })), ...named];
  return all.length > MOST ? [all[0], ...all.slice(1 - MOST)] : all;
}

/** What was typed since goes on from the one that the document says was stored. The others were not, and never will be: each was sent
 *  on the condition that nobody saved meanwhile. Where another writer's save took that place, nothing is known; nor, where nobody saved, what
 *  is still on its way.
 *  @param {WorkingCopy} copy @param {Record<string, string>} [lastSaves]  by the first character of their ids
 *  @param {string} [etag]  of that document */
export function settleAttempts(copy, lastSaves = {}, etag = copy.seen) {
  const { attempts, refusals, mine } = copy;
  const last = Object.values(lastSaves);
  const stored = [...refusals.keys(), ...attempts.keys()].findLast((id) => last.includes(id));
  const isFree = etag !== copy.seen && !Object.hasOwn(lastSaves, copy.id[0]);
  if (!stored && !isFree && !last.some((id) => id.startsWith(copy.id))) return;
  if (stored) {
    copy.base = /** @type {State} */ (sentAs(copy, stored));
    copy.pending = diff(copy.base, mine);
    copy.whole = false;
  }
  for (const sent of [attempts, refusals]) sent.clear();
  copy.tried = [];
}
