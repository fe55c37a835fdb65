/** The validation of backups, and the choice of what to restore of them. Pure functions. */
import { diff, isMap } from './json.js';
import { TOOLS, hasEdits, hasWork, persistable } from './tools.js';
/** @import {Backup, Kept, Tool} from './types' */

export const NOBODY = '(nobody)'; // whose words are that were typed before anybody was signed in
const TEXTS = /** @type {const} */ (['key', 'userId', 'tab', 'newProjectId']);

/** The backup that a record is; null if it is none of ours, or broken. @param {any} record @returns {Backup | null} */
export function validated(record) {
  if (!isMap(record) || !TOOLS.includes(record.tool) || !isMap(record.state)) return null;
  if (!TEXTS.every((name) => typeof record[name] === 'string' && record[name])) return null;
  const { base, attempts, projectId, timestamp, etag, save_id, attempt_ids } = record;
  if (projectId != null && typeof projectId !== 'string') return null;
  return /** @type {Backup} */ ({
    ...record,
    state: persistable(record.tool, record.state),
    base: isMap(base) ? persistable(record.tool, base) : undefined,
    attempts: Array.isArray(attempts) ? attempts.filter(isMap).map((one) => persistable(record.tool, one)) : undefined,
    timestamp: Number.isFinite(timestamp) ? timestamp : undefined,
    etag: typeof etag === 'string' ? etag : undefined,
    save_id: typeof save_id === 'string' ? save_id : undefined,
    attempt_ids: Array.isArray(attempt_ids) ? attempt_ids.map(String) : undefined,
  });
}

/** What to restore now, oldest first; what is broken, to be kept as it is; and the keys of what holds nothing. Other
 *  users' backups, and those of tabs that live, are in none of them: they wait.
 *  @param {Kept[]} entries  of every user and tab; of two under one key the newer counts
 *  @param {{uid: string, living: string[]}} here
 *  @returns {{restore: Backup[], broken: {key: string, tool: Tool, body: any}[], drop: string[]}} */
export function choice(entries, { uid, living }) {
  /** @type {Map<string, Backup>} */
  const newest = new Map();
  const broken = [];
  for (const entry of entries) {
    const record = validated(isMap(entry.value) ? { ...entry.value, key: entry.key } : null);
    if (!record) broken.push(...remains(entry));
    if (!record || record.userId !== uid || living.includes(record.tab)) continue;
    const known = newest.get(record.key);
    if (!known || orderOf(record) > orderOf(known)) newest.set(record.key, record);
  }
  const found = [...newest.values()].sort((one, other) => time(one) - time(other));
  const isLeft = (/** @type {Backup} */ one) => isUnsaved(one) && !(uid === NOBODY && isHandedOver(one, entries));
  const [restore, rest] = [found.filter(isLeft), found.filter((one) => !isLeft(one))];
  const lost = broken.filter(({ key, user, tab }) => user === uid && !living.includes(tab) && !newest.has(key));
  return { restore, broken: lost.map(({ key, tool, body }) => ({ key, tool, body })), drop: rest.map(({ key }) => key) };
}

/** Whether a user has it, as the same draft: the page died before it could remove what it had handed over.
 *  @param {Backup} backup  of nobody @param {Kept[]} entries */
function isHandedOver({ tool, newProjectId }, entries) {
  const id = newProjectId.slice(NOBODY.length);
  return entries.some(({ value }) => {
    const { userId, ...one } = /** @type {any} */ (isMap(value) ? value : {});
    return userId !== NOBODY && one.tool === tool && one.newProjectId === userId + id;
  });
}

/** What is no backup any more, under a key that says whose it is: the server reads of it what it can.
 *  @param {Kept} entry */
function remains({ key, value, text = JSON.stringify(value) ?? '' }) {
  const [user, tool, ...rest] = key.split('/');
  const whose = isMap(value) && typeof value.userId === 'string' ? value.userId : user;
  if (whose !== user || !TOOLS.includes(/** @type {Tool} */ (tool))) return [];
  const body = isMap(value) ? { ...value, tool, userId: user } : { tool, raw: text };
  return [{ key, user, tool: /** @type {Tool} */ (tool), tab: rest.at(-1) ?? '', body }];
}

/** @param {Backup} backup  an older page wrote none */
const orderOf = ({ order, timestamp }) => (Number.isFinite(order) ? Number(order) : (timestamp ?? 0));

/** @param {Backup} backup */
const time = ({ timestamp }) => timestamp ?? 0;

/** @param {Backup} backup  where the base is known, taking everything out is an edit too */
const isUnsaved = ({ state, base, attempts, gone }) => (base && !gone ? Boolean(attempts?.length) || hasEdits(diff(base, state)) : hasWork(state));

/** @param {string | null} text @returns {unknown} undefined where it is no JSON */
export function parsed(text) {
  try {
    return JSON.parse(text || 'null');
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
