/** Recovery: what earlier pages of this browser could not store is sent when the user is back. */
import { choice } from './choice.js';
import { LEGACY, legacyBackups } from './legacy.js';
import { Problem } from './problem.js';
import { inOrder, livingTabs } from './tabs.js';
/** @import {Backup, Env} from './types' */

/** Sends the backups of dead tabs, oldest first. What cannot be sent now stays for the next time.
 *  @param {Env} env @param {boolean} starting  what this very tab left is an earlier page's then
 *  @returns {Promise<{backup: Backup, answer: any}[]>} what the server made of them */
export function recover(env, starting) {
  return inOrder(`${env.uid}/recovery`, async () => {
    const living = (await livingTabs(env.uid)).filter((tab) => !starting || tab !== env.tab);
    const { restore, drop } = choice(await env.backups.kept(), { uid: env.uid, living });
    for (const key of drop) env.backups.remove(key);
    const recovered = [];
    for (const backup of restore) {
      const answer = await sent(env, backup);
      if (answer) recovered.push({ backup, answer });
    }
    return recovered;
  });
}

/** @param {Env} env @param {Backup} backup @returns {Promise<any>} null where nothing was recovered */
async function sent(env, backup) {
  const { key, tab, ...body } = backup;
  try {
    const { data } = await env.request('POST', '/api/session/recover', { body });
    env.backups.remove(key);
    const last = (data.project ?? data.session)?.updated_by?.save_id;
    if (last && last === backup.save_id) return null; // the page was gone before it heard that this was stored
    env.log(`recovered a ${backup.tool} backup: ${data.recovered}${data.project ? `, project ${data.project.id}` : ''}`);
    return data;
  } catch (error) {
    if (!(error instanceof Problem) || error.passing) throw error;
    env.log(`a ${backup.tool} backup was refused (${error.status}); it is kept`);
    return null;
  }
}

/** Takes the first system's backups over into ours. @param {Env} env */
export async function takeOverLegacy(env) {
  const texts = Object.fromEntries(LEGACY.map((key) => [key, localStorage.getItem(key)]));
  const { restore, aside, done } = legacyBackups(texts, { uid: env.uid, now: Date.now() });
  for (const one of aside) await env.setAside(one);
  const known = new Set((await env.backups.kept()).map((one) => /** @type {any} */ (one)?.key));
  for (const one of restore) if (!known.has(one.key)) await env.backups.put(one);
  const kept = new Set((await env.backups.kept()).map((one) => /** @type {any} */ (one)?.key));
  if (restore.every(({ key }) => kept.has(key))) for (const key of done) localStorage.removeItem(key);
}

/** What can be shown of them while the server cannot be reached: the newest of each tool, which is this tab's now.
 *  @param {Env} env @returns {Promise<import('./types').Backup[]>} */
export async function adoptable(env) {
  const living = (await livingTabs(env.uid)).filter((tab) => tab !== env.tab);
  const { restore } = choice(await env.backups.kept(), { uid: env.uid, living });
  const newest = new Map(restore.map((one) => [one.tool, one]));
  for (const [tool, one] of newest) {
    const mine = { ...one, key: [env.uid, tool, 'shown', env.tab].join('/'), tab: env.tab };
    if (one.key !== mine.key) await env.backups.put(mine).then(() => env.backups.remove(one.key));
    newest.set(tool, mine);
  }
  return [...newest.values()];
}
