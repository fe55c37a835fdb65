/** What of a working copy this browser keeps: a backup of what is not stored, and what the server acknowledged last. */
import { newSaveId, toTell } from './attempts.js';
import { diff } from './json.js';
/** @import {WorkingCopy} from './copy.js' */

/** @param {WorkingCopy} copy */
export function backUp(copy) {
  const { env, tool, base, etag, projectId, newProjectId, dirty } = copy;
  const former = copy.backedUpAs;
  const place = projectId ?? (copy.isPlaced ? `draft.${copy.draftId}` : 'unplaced');
  copy.backedUpAs = dirty ? [env.uid, tool, `${place}.${copy.id}`, env.tab].join('/') : '';
  if (dirty) {
    const told = toTell(copy);
    const attempts = told.map(({ sent }) => diff(base, sent));
    // Where nothing of it is stored any more, there is nothing that it could be merged on.
    const change = copy.whole ? { patch: copy.mine } : { patch: copy.pending, base, attempts };
    const known = { tool, userId: env.uid, tab: env.tab, etag, newProjectId, save_id: newSaveId(copy), attempt_ids: told.map(({ id }) => id), timestamp: Date.now() };
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
