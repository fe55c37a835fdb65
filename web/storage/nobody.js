/** What is typed before anybody is signed in, as while the sign-in cannot be reached: kept without a user, and the next
 *  user's then. */
import { backUp } from './keeping.js';
import { NOBODY } from './choice.js';
import { newEnv } from './env.js';
import { Problem } from './problem.js';
import { adopt } from './recovery.js';
import { local } from './store.js';
import { holdTab, releaseTab } from './tabs.js';
/** @import {Env, Tool, Work} from './types' */

const FLAG = 'dungeonmind-unsigned'; // where it is not set, there is nothing to look for

/** @param {any} app  what connect() made */
export function nobody(app) {
  /** @type {Env | null} */
  let env = null;

  function begin() {
    if (env) return env;
    const mine = newEnv({ ...app, request: async () => Promise.reject(Problem.ended()) }, { uid: NOBODY, isAnonymous: true });
    void holdTab(NOBODY).then((tab) => {
      mine.tab = tab;
      if (mine.ended) releaseTab(NOBODY, tab); // it was not held yet when somebody came
      for (const copy of mine.copies) backUp(copy);
    });
    addEventListener('pagehide', leave);
    return (env = mine);
  }

  const leave = () => env?.backups.copyAll();

  /** What is left are the backups of a tab that is gone. */
  function end() {
    if (!env) return;
    removeEventListener('pagehide', leave);
    env.end();
    releaseTab(NOBODY, env.tab);
    env = null;
  }

  return {
    close: end,
    env() {
      local.set(FLAG, '1');
      return begin();
    },
    /** What an earlier page, or a tab that is gone, left: on the page while there is no user. */
    async show() {
      if (!local.get(FLAG)) return;
      const mine = begin();
      const found = await adopt(mine);
      if (!found.length && !mine.copies.size) local.remove(FLAG);
      for (const copy of found) app.works.get(copy.tool)?.showAdopted(copy);
    },
    /** All of it is this user's. @param {Env} next */
    handOver(next) {
      for (const copy of [...(env?.copies ?? [])]) {
        /** @type {Work | undefined} */
        const work = app.works.get(copy.tool);
        if (work?.isShowing(copy)) work.begin(next, { ...copy.beside, ...copy.mine }, copy.id);
        else if (copy.dirty) continue; // a backup, which recovery takes along
        copy.discard();
        copy.close();
      }
      end();
    },
  };
}
