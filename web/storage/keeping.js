/** What of a working copy this browser keeps: a backup of what is not stored, and what the server acknowledged last. */
import { diff } from './json.js';
/** @import {WorkingCopy} from './copy.js' */

export const ATTEMPTS = 3; // saves without an answer that a merge is told of: one of them may have been stored

/** The saves without an answer that a merge is told of: the oldest and the newest. @param {WorkingCopy} copy @param {string} [but]  the
 *  id of the one that is about to be sent */
export function toTell({ tried, attempts }, but) {
  const all = [...tried, ...[...attempts].filter(([id]) => id !== but).map(([, sent]) => sent)];
  return all.length > ATTEMPTS ? [all[0], ...all.slice(1 - ATTEMPTS)] : all;
}

/** @param {WorkingCopy} copy */
export function backUp(copy) {
  const { env, tool, base, etag, projectId, newProjectId, dirty } = copy;
  const former = copy.backedUpAs;
  const place = projectId ?? (copy.isPlaced ? `draft.${copy.draftId}` : 'unplaced');
  copy.backedUpAs = dirty ? [env.uid, tool, `${place}.${copy.id}`, env.tab].join('/') : '';
  if (dirty) {
    const attempts = toTell(copy).map((sent) => diff(base, sent));
    // Where nothing of it is stored any more, there is nothing that it could be merged on.
    const change = copy.whole ? { patch: copy.mine } : { patch: copy.pending, base, attempts };
    const known = { tool, userId: env.uid, tab: env.tab, etag, newProjectId, save_id: [...copy.attempts.keys()].pop(), timestamp: Date.now() };
    const refused = copy.held.size ? { refused: copy.held.list() } : {};
    void env.backups.put({ key: copy.backedUpAs, ...known, ...(copy.isPlaced && { projectId }), ...change, ...refused });
  }
  if (former && former !== copy.backedUpAs) void env.backups.remove(former); // after the new one is kept
}

/** So that a page without a network has it. @param {WorkingCopy} copy */
export function keepSeen(copy) {
  const { tool, env, place } = copy;
  const now = () => ({ tool, home: copy.home.get(), base: copy.base, etag: copy.etag, conflicts: copy.conflicts.get(), begun: copy.begun });
  if (copy.isPlaced && copy.etag) env.seen.document(place, now);
}
