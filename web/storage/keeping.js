/** What of a working copy this browser keeps: a backup of what is not stored, and what the server acknowledged last. */
import { newSaveId, toTell } from './attempts.js';
import { diff } from './json.js';
/** @import {WorkingCopy} from './copy.js' */

/** @param {WorkingCopy} copy @returns {Promise<unknown>} settled as soon as it is kept */
export function backUp(copy) {
  const { env, tool, base, etag, projectId, newProjectId, dirty } = copy;
  const place = projectId ?? (copy.isPlaced ? `draft.${copy.draftId}` : 'unplaced');
  if (copy.backedUpAs) copy.formerly.add(copy.backedUpAs);
  copy.backedUpAs = dirty ? [env.uid, tool, `${place}.${copy.backupId || copy.id}`, env.tab].join('/') : '';
  copy.formerly.delete(copy.backedUpAs);
  /** @type {Promise<unknown>} */
  let kept = Promise.resolve();
  if (dirty) {
    const told = toTell(copy);
    const attempts = told.map(({ sent }) => diff(base, sent));
    const change = { patch: copy.pending, base, attempts, ...(copy.whole && { gone: true }) };
    const known = { tool, userId: env.uid, tab: env.tab, etag, newProjectId, save_id: newSaveId(copy), attempt_ids: told.map(({ id }) => id), timestamp: Date.now() };
    const refused = copy.held.size ? { refused: copy.held.list() } : {};
    const written = env.backups.put({ key: copy.backedUpAs, ...known, ...(copy.isPlaced && { projectId }), ...change, ...refused });
    if (copy.formerly.size) kept = written.then((is) => is && leaveFormer(copy));
  } else leaveFormer(copy);
  return kept;
}

/** The backups of the same work under other keys, as soon as the new one is kept. @param {WorkingCopy} copy */
function leaveFormer({ env, formerly }) {
  for (const key of formerly) void env.backups.remove(key);
  formerly.clear();
}

/** So that a page without a network has it. @param {WorkingCopy} copy */
export function keepSeen(copy) {
  const { tool, env, place } = copy;
  const now = () => copy.place === place && ({ tool, home: copy.home.get(), base: copy.base, etag: copy.etag, conflicts: copy.conflicts.get(), begun: copy.begun });
  if (copy.isPlaced && copy.etag) env.seen.document(place, now);
}
