/** Recovery: what earlier pages of this browser could not store is sent when the user is back. */
import { choice } from './choice.js';
import { Problem } from './problem.js';
import { inOrder, livingTabs } from './tabs.js';
/** @import {Backup, Env} from './types' */

/** Sends the backups of dead tabs, oldest first. What cannot be sent now stays for the next time.
 *  @param {Env} env
 *  @returns {Promise<{backup: Backup, answer: any}[]>} what the server made of them */
export function recover(env) {
  return inOrder(`${env.uid}/recovery`, async () => {
    const living = (await livingTabs(env.uid)).filter((tab) => tab !== env.tab);
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

/** @param {Env} env @param {Backup} backup @returns {Promise<any>} null if it was refused */
async function sent(env, backup) {
  const { key, tab, ...body } = backup;
  try {
    const { data } = await env.request('POST', '/api/session/recover', { body });
    env.backups.remove(key);
    env.log(`recovered a ${backup.tool} backup: ${data.recovered}${data.project ? `, project ${data.project.id}` : ''}`);
    return data;
  } catch (error) {
    if (!(error instanceof Problem) || error.passing) throw error;
    env.log(`a ${backup.tool} backup was refused (${error.status}); it is kept`);
    return null;
  }
}
