/** Recovery: what earlier pages of this browser could not store is sent when the user is back. */
import { choice } from './choice.js';
import { LEGACY, legacyBackups } from './legacy.js';
import { Problem } from './problem.js';
import { inOrder, livingTabs } from './tabs.js';
/** @import {Backup, Env} from './types' */

const AGAIN = '.again'; // the same each time, so that a repetition finds what the first one made

/** Sends the backups of dead tabs, oldest first. What cannot be sent now stays for the next time.
 *  @param {Env} env @param {boolean} starting  what this very tab left is an earlier page's then
 *  @param {Set<string>} [not]  keys of what this page goes on with @returns {Promise<{key: string, state: any, answer: any}[]>} what the server made of them */
export function recover(env, starting, not = new Set()) {
  return inOrder(`${env.uid}/recovery`, async () => {
    const { restore, broken, drop } = choice(await left(env, not), await here(env, starting));
    for (const key of drop) env.backups.remove(key);
    const recovered = [];
    for (const { key, tab, ...body } of restore) recovered.push({ key, state: body.state, answer: await sent(env, key, body) });
    for (const { key, body } of broken) recovered.push({ key, state: {}, answer: await sent(env, key, body) });
    return recovered.filter(({ answer }) => answer);
  });
}

/** @param {Env} env @param {Set<string>} not */
const left = async (env, not) => (await env.backups.kept()).filter(({ key }) => !not.has(key));

/** @param {Env} env @param {boolean} starting */
async function here({ uid, tab }, starting) {
  return { uid, living: (await livingTabs(uid)).filter((one) => !starting || one !== tab) };
}

/** @param {Env} env @param {string} key @param {any} body @returns {Promise<any>} null where nothing was recovered */
async function sent(env, key, body) {
  try {
    const { data } = await env.request('POST', '/api/session/recover', { body });
    if (data.recovered === 'other_user') return null;
    env.backups.remove(key);
    env.post(data.project ? `${body.tool}/${data.project.id}` : 'session', data.project_etag ?? data.session_etag);
    const last = (data.project ?? data.session)?.updated_by?.save_id;
    if (last && last === body.save_id) return null; // the page was gone before it heard that this was stored
    env.log(`recovered a ${body.tool} backup: ${data.recovered}${data.project ? `, project ${data.project.id}` : ''}`);
    return data;
  } catch (error) {
    if (!(error instanceof Problem) || (error.passing && error.status !== 500)) throw error; // a bug of the server's holds nobody up
    const again = `${body.newProjectId}${AGAIN}`;
    // The project that it was, under this very id, is in the trash.
    if (error.status === 409 && body.newProjectId && !body.newProjectId.endsWith(AGAIN)) return sent(env, key, { ...body, newProjectId: again });
    env.log(`a ${body.tool} backup was refused (${error.status}); it is kept`);
    return null;
  }
}

/** Takes the first system's backups over into ours. @param {Env} env */
export async function takeOverLegacy(env) {
  const texts = Object.fromEntries(LEGACY.map((key) => [key, localStorage.getItem(key)]));
  const { restore, aside, done } = legacyBackups(texts, { uid: env.uid, now: Date.now() });
  for (const one of aside) await env.setAside(one);
  const kept = async () => (await env.backups.kept()).map(({ key }) => key);
  const before = await kept();
  for (const one of restore) if (!before.includes(one.key)) await env.backups.put(one);
  const after = await kept();
  if (restore.every(({ key }) => after.includes(key))) for (const key of done) localStorage.removeItem(key);
}

/** What can be shown of them while the server cannot be reached: the newest of each tool, which is this tab's now.
 *  @param {Env} env @param {Set<string>} [not] @returns {Promise<Backup[]>} */
export async function adoptable(env, not = new Set()) {
  const { restore } = choice(await left(env, not), await here(env, true));
  const newest = new Map(restore.map((one) => [one.tool, one]));
  for (const [tool, one] of newest) {
    const mine = { ...one, key: [env.uid, tool, 'shown', env.tab].join('/'), tab: env.tab };
    if (one.key !== mine.key) await env.backups.put(mine).then(() => env.backups.remove(one.key));
    newest.set(tool, mine);
  }
  return [...newest.values()];
}
