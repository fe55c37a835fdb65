/** What is typed before anybody is signed in, as while the sign-in cannot be reached: kept without a user, and the next
 *  user's then. */
import { backups as newBackups } from './backups.js';
import { early as newEarly } from './early.js';
import { holdTab } from './tabs.js';
/** @import {Env, State, Tool, Work} from './types' */

const NOBODY = '(nobody)';
const FLAG = 'dungeonmind-unsigned'; // where it is not set, there is nothing to look for

/** @param {Map<Tool, Work>} works @param {(error: any) => void} failed */
export function unsigned(works, failed) {
  const backups = newBackups(failed);
  const env = /** @type {Env} */ (/** @type {unknown} */ ({ uid: NOBODY, tab: '', backups }));
  const early = newEarly(env, works);
  /** @type {Promise<void> | null} */
  let begun = null;
  const begin = () => (begun ??= holdTab(NOBODY).then((tab) => void (env.tab = tab)));
  /** @type {Set<Tool>} whose words are on the page */
  const here = new Set();

  return {
    /** @param {Tool} tool @param {State} state */
    typed(tool, state) {
      localStorage.setItem(FLAG, '1');
      here.add(tool);
      early.typed(tool, state);
      if (!env.tab) void begin().then(() => here.has(tool) && early.typed(tool, /** @type {Work} */ (works.get(tool)).state.get()));
    },
    /** What an earlier page of this tab, or a tab that is gone, left: words like those typed here. */
    async show() {
      if (!localStorage.getItem(FLAG)) return;
      await begin();
      if ((await backups.kept()).every(({ key }) => !key.startsWith(NOBODY))) localStorage.removeItem(FLAG);
      const before = new Map([...works].map(([tool, work]) => [tool, work.state.get()]));
      await early.show();
      for (const [tool, work] of works) {
        if (work.isLoaded() || work.state.get() === before.get(tool)) continue;
        work.recovered({});
        here.add(tool);
      }
    },
    /** Once. @param {(tool: Tool, state: State) => void} typed  of the user who is here now */
    handOver(typed) {
      for (const tool of here) {
        const work = /** @type {Work} */ (works.get(tool));
        work.show(early.drop(tool)?.state ?? {}); // a user who was here for a moment took them off the page
        work.recovered({});
        typed(tool, work.state.get());
      }
      here.clear();
    },
    copyAll: backups.copyAll,
  };
}
