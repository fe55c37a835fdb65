/** One user's time in this tab: restored at its start, followed while it lasts. */
import { backUp } from './keeping.js';
import { backOff } from './autosave.js';
import { resumeClaims } from './claim.js';
import { newEnv } from './env.js';
import { look as lookAt } from './follow.js';
import { Problem } from './problem.js';
import { newRecovered } from './recovered.js';
import { adopt, inherit, takeOverLegacy } from './recovery.js';
import { forgetOthers } from './seen.js';
import { detailed, unsaved } from './status.js';
import { persist } from './store.js';
import { holdTab, page, releaseTab } from './tabs.js';
/** @import {Tool, User, Work} from './types' */

const LOOK = 1000; // ms: focus and visibility come together
const LONGEST = 30_000; // ms between two tries to start

/** @param {any} app  what connect() made @param {User} user */
export function run(app, user) {
  const { works, status, log } = app;
  const { uid } = user;
  const leaving = new AbortController();
  const on = { signal: leaving.signal };
  const env = newEnv(app, user);
  const { quietly } = env;
  const recovered = newRecovered(app, env, { after, look: () => look(true) });

  async function start() {
    status.phase('restoring');
    const held = await holdTab(uid);
    env.tab = held;
    if (env.ended) releaseTab(uid, held); // it was not held yet when the user went
    for (const copy of env.copies) backUp(copy); // under this tab's name now
    await optional('seen', () => forgetOthers(uid));
    for (const [, work] of works) await work.showSeen(env).catch(() => {});
    await restored();
    if (env.ended) throw Problem.ended();
    status.phase(null);
    app.restored();
    quietly(persist());
    return env;
  }

  /** @type {Problem | null} why it is not restored yet */
  let failing = null;

  /** Until the session is there and each tool shows what it names. */
  async function restored() {
    for (let failures = 0; ; failures++) {
      try {
        await restore();
        failing = null;
        return;
      } catch (error) {
        if (!(error instanceof Problem) || env.ended) throw error;
        failing = error;
        app.tried();
        log.add(`not restored yet: ${error.message}`);
        status.phase(phaseOf(error), error);
        await optional('backups', showAdopted);
        await again(backOff(failures, LONGEST, error));
      }
    }
  }

  async function restore() {
    const { status: answered } = await env.session.open();
    log.add(`session ${answered === 201 ? 'created' : 'resumed'}`);
    env.post('session', env.session.etag());
    await optional('claims', () => resumeClaims(env));
    await optional('snapshots', app.snapshots.takeOver);
    await optional("the first system's backups", () => takeOverLegacy(env));
    await optional('words of nobody', () => inherit(env));
    await optional('backups', recovered.send);
    await Promise.all([...works.values()].map((work) => load(work)));
    await optional('what waits', recovered.waitAgain);
  }

  /** Until a tool shows what there is, it says that it does not. @param {Work} work @param {number} [failures] */
  async function load(work, failures = 0) {
    try {
      await work.load(env);
      status.tell(work, 'gone');
    } catch (error) {
      if (env.ended) return;
      log.add(`not shown yet: ${/** @type {Error} */ (error).message}`);
      status.tell(work, unsaved(error), detailed(error));
      after(backOff(failures, LONGEST), () => load(work, failures + 1));
    }
  }

  /** Unless the user is gone by then. @param {number} ms @param {() => Promise<any>} run */
  function after(ms, run) {
    const stop = () => clearTimeout(timer);
    const timer = setTimeout(() => {
      on.signal.removeEventListener('abort', stop);
      quietly(run());
    }, ms);
    on.signal.addEventListener('abort', stop);
  }

  /** Nothing beside the session stops a start. @param {string} what @param {() => Promise<any>} run */
  async function optional(what, run) {
    await run().catch((/** @type {any} */ error) => log.add(`${what}: ${error.message}`));
    if (env.ended) throw Problem.ended();
  }

  async function showAdopted() {
    for (const copy of await adopt(env)) works.get(copy.tool)?.showAdopted(copy);
  }

  let wake = () => {};
  /** A while later, or when the connection is back. @param {number} ms */
  const again = (ms) =>
    new Promise((resolve) => {
      wake = () => resolve(undefined);
      setTimeout(wake, ms);
    });

  let looked = 0;
  function look(now = false) {
    page.leaving = document.visibilityState === 'hidden';
    if (page.leaving || (!now && Math.abs(Date.now() - looked) < LOOK)) return;
    looked = Date.now();
    const looks = [env.session.look(), ...[...env.copies].filter((copy) => !copy.isDraft).map(lookAt)];
    for (const one of looks) quietly(one);
    return Promise.allSettled(looks);
  }

  function flush() {
    wake();
    for (const copy of env.copies) quietly(copy.queue.flush());
  }

  function online() {
    flush();
    quietly(ready.then(() => look(true)));
  }

  /** Chromium hides a page that navigates away only after pagehide. */
  function leave() {
    page.leaving = true;
    env.backups.copyAll();
    env.seen.writeAll();
    flush();
  }

  const ready = start();
  quietly(ready.then(() => addEventListener('focus', () => look(), on)));
  addEventListener('online', online, on);
  document.addEventListener('visibilitychange', () => (document.visibilityState === 'hidden' ? leave() : look()), on);
  addEventListener('pagehide', leave, on);
  addEventListener('pageshow', () => look(), on);

  return {
    env,
    ready,
    /** Why nothing is restored yet: who asks for something meanwhile is told, and does not wait. */
    failing: () => failing,
    /** A tool that the page asks for later. @param {Work} work */
    joined(work) {
      status.tell(work, 'restoring');
      quietly(work.showSeen(env).then(() => ready).then(() => load(work)));
    },
    look: () => look(true),
    /** The sign-in is well again. */
    online,
    close() {
      leaving.abort();
      wake();
      env.end();
      releaseTab(uid, env.tab);
    },
  };
}

/** @param {Problem} error */
function phaseOf(error) {
  if (error.status === 401) return 'signed out';
  return error.status === 0 ? 'offline' : error.passing ? 'unsaved' : 'refused';
}
