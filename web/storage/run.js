/** One user's time in this tab: restored at its start, followed while it lasts. */
import { backOff } from './autosave.js';
import { resumeClaims } from './claim.js';
import { newEnv } from './env.js';
import { look as lookAt } from './follow.js';
import { Problem } from './problem.js';
import { adopt, inherit, recover, sent, takeOverLegacy } from './recovery.js';
import { forgetOthers } from './seen.js';
import { persist } from './store.js';
import { holdTab, page, releaseTab } from './tabs.js';
/** @import {Tool, User, Work} from './types' */
/** @import {Sent} from './recovery.js' */

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

  async function start() {
    status.phase('restoring');
    const held = await holdTab(uid);
    env.tab = held;
    if (env.ended) releaseTab(uid, held); // it was not held yet when the user went
    for (const copy of env.copies) copy.backup(); // under this tab's name now
    await optional('seen', () => forgetOthers(uid));
    for (const [, work] of works) await work.showSeen(env).catch(() => {});
    await restored();
    if (env.ended) throw Problem.ended();
    status.phase(null);
    app.restored();
    quietly(persist());
    return env;
  }

  /** Until the session is there and each tool shows what it names. */
  async function restored() {
    for (let failures = 0; ; failures++) {
      try {
        return await restore();
      } catch (error) {
        if (!(error instanceof Problem) || env.ended) throw error;
        log.add(`not restored yet: ${error.message}`);
        status.phase(phaseOf(error), error);
        if (error.passing) await optional('backups', showAdopted);
        await again(Math.max(backOff(failures, LONGEST), (error.retryAfter ?? 0) * 1000));
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
    await optional('words of nobody', () => inherit(env, app.nobody.uid));
    await optional('backups', recovered);
    const loaded = await Promise.allSettled([...works.values()].map((work) => work.load(env)));
    const failed = /** @type {PromiseRejectedResult | undefined} */ (loaded.find((one) => one.status === 'rejected'));
    if (failed && [...works.values()].every((work) => !work.isRestored(env))) throw failed.reason;
  }

  /** Nothing beside the session stops a start. @param {string} what @param {() => Promise<any>} run */
  async function optional(what, run) {
    await run().catch((/** @type {any} */ error) => log.add(`${what}: ${error.message}`));
    if (env.ended) throw Problem.ended();
  }

  async function recovered() {
    const found = await recover(env, true);
    if (!found.length) return;
    await env.session.look();
    tellRecovered(found);
  }

  /** @param {Sent[]} found */
  function tellRecovered(found) {
    if (env.ended) return;
    app.recovered.set(found.filter(({ answer }) => answer).map(({ answer }) => answer));
    for (const one of found.filter(({ error }) => error)) {
      app.stuck.leave(one, { retry: () => tryAgain(one), drop: () => env.backups.remove(one.key) });
      if (one.error?.passing || one.error?.status === 401) later(one, 0);
    }
  }

  /** @param {Sent} one @param {number} failures */
  function later(one, failures) {
    const timer = setTimeout(() => quietly(tryAgain(one).then((error) => error?.passing && !env.ended && later(one, failures + 1))), backOff(failures, 60_000));
    on.signal.addEventListener('abort', () => clearTimeout(timer));
  }

  /** @param {Sent} one */
  async function tryAgain(one) {
    const { answer, error } = await sent(env, one);
    app.stuck.retried(one, error);
    if (error) return error;
    if (answer) app.recovered.set([...app.recovered.get(), answer]);
    look(true);
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
    quietly(env.session.look());
    for (const copy of env.copies) if (!copy.isDraft) quietly(lookAt(copy));
    for (const work of works.values()) if (!work.isRestored(env)) quietly(work.load(env));
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
    /** A tool that the page asks for later. @param {Work} work */
    joined: (work) => quietly(work.showSeen(env).then(() => ready).then(() => work.load(env))),
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
