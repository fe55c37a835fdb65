/** What the first system's card generator kept in localStorage, read as backups. Pure functions. */
import { parsed } from './choice.js';
import { isMap, pruned, same } from './json.js';
import { hasWork, persistable, sound, titleOf } from './tools.js';
/** @import {Backup, Snapshot, State} from './types' */

export const LEGACY = ['cardGenerator_sessionBackup', 'cardGenerator_backup', 'cardGenerator_state'];
const STALE = 24 * 60 * 60 * 1000; // ms
const NOTHING = /^(?:[\s[\]{}",:]|null|undefined)*$/; // no word of anybody's is in it
const tool = 'cardgenerator';

/** What to restore, what to set aside, and the keys that are done with then. Another user's is in none of them.
 *  @param {Record<string, string | null>} texts  by key @param {{uid: string, now: number}} here
 *  @returns {{restore: Backup[], aside: Pick<Snapshot, 'tool' | 'reason' | 'name' | 'state' | 'raw' | 'projectId'>[], done: string[]}} */
export function legacyBackups(texts, { uid, now }) {
  /** @type {ReturnType<typeof legacyBackups>} */
  const found = { restore: [], aside: [], done: [] };
  for (const key of LEGACY) {
    const text = texts[key] ?? '';
    const form = parsed(text);
    const { userId, projectId, timestamp, state, whole, bare } = understood(form);
    if (userId && userId !== uid && userId !== 'anonymous') continue;
    if (text !== '' || texts[key] === '') found.done.push(key);
    const name = titleOf(tool, state);
    const aside = (/** @type {Snapshot['reason']} */ reason) =>
      found.aside.push({ tool, reason, name: isMap(form) ? name : 'A card that was cut off', projectId, ...(reason === 'unreadable' ? { raw: text } : { state }) });
    // The client wrote the same card under several keys; the one that knows its project comes first.
    const twin = found.restore.some((one) => same(one.state, state) || (bare && titleOf(tool, one.state) === name));
    if (!NOTHING.test(text) && (!isMap(form) || !whole)) aside('unreadable');
    if (!hasWork(state)) continue;
    if (twin) aside('older copy');
    else found.restore.push({ key: `${uid}/${tool}/${key}`, tool, userId: uid, tab: 'legacy', state, projectId: projectId ?? (bare ? null : undefined), timestamp: fresh(timestamp, now), newProjectId: `${uid}.${crypto.randomUUID()}` });
  }
  return found;
}

/** An old time is none: such a backup is kept beside the newer work, and overwrites nothing. @param {number | undefined} time @param {number} now */
const fresh = (time, now) => (time !== undefined && now - time > STALE ? undefined : time);

/** The three forms: wrapped with its project, time and user; the same inside the state; a bare state.
 *  @param {unknown} form */
function understood(form) {
  const outer = isMap(form) ? form : {};
  const inner = isMap(outer.state) ? outer.state : 'state' in outer ? {} : outer;
  const { currentStepId, currentStep = currentStepId, userId, projectId, lastSaved, ...rest } = inner;
  const given = pruned({ ...rest, currentStep });
  const state = sound(tool, given);
  const time = Number(outer.timestamp ?? inner.metadata?.lastSaved ?? lastSaved);
  const project = outer.projectId ?? projectId;
  return {
    userId: /** @type {unknown} */ (outer.userId ?? userId),
    projectId: typeof project === 'string' && project ? project : undefined,
    timestamp: Number.isFinite(time) && time > 0 ? time : undefined,
    state,
    /** whether all that it should hold is sound */
    whole: same(state, persistable(tool, given)) && !('state' in outer && !isMap(outer.state)),
    bare: inner === outer && !project,
  };
}
