/** One user's time in this tab: restored at its start, followed while it lasts. */
import { backups as newBackups } from './backups.js';
import { resumeClaims } from './claim.js';
import { early as newEarly } from './early.js';
import { look as lookAt, told } from './follow.js';
import { Problem } from './problem.js';
import { recover, takeOverLegacy } from './recovery.js';
import { session as newSession } from './session.js';
import { channel, holdTab, page, releaseTab } from './tabs.js';
/** @import {Env, Tool, Work} from './types' */

const AGAIN = 3000; // ms between two tries to start
const LOOK = 1000; // ms: focus and visibility come together

/** @param {any} app  what connect() made @param {import('./types').User} user */
export function run(app, { uid, isAnonymous: isGuest }) {
  const { request, works, status, log } = app;
  const leaving = new AbortController();
  const on = { signal: leaving.signal };
  const backups = newBackups((error) => status.tell(backups, 'unsaved', error));
  const others = channel(uid, (key, etag) => {
    if (key === 'session') return quietly(env.session.look());
    for (const copy of env.copies) if (copy.key === key) quietly(told(copy, etag));
  });
  const env = /** @type {Env} */ ({
    uid,
    isGuest,
    tab: '',
    delay: app.delay,
    ended: false,
    async request(...asked) {
      if (env.ended) throw Problem.ended();
      return request(...asked);
    },
    copies: new Set(),
    backups,
    post: (key, etag) => env.ended || others.post(key, etag),
    log: log.add,
    setAside: app.snapshots.keep,
    tell(copy, state, error) {
      status.tell(copy, state, error);
      if (state === 'saved') status.tell(backups, 'gone'); // what could not be backed up is stored now
    },
    drafts: () => [...env.copies].filter((copy) => copy.isDraft),
    project,
  });
  env.session = newSession(env, app.device, app.doc);
  const early = newEarly(env, works);

  /** @param {Tool} tool @param {string} id */
  async function project(tool, id) {
    try {
      const answer = await env.request('GET', `/api/${tool}/projects/${id}`);
      return answer.data.trashed ? null : answer;
    } catch (error) {
      if (!(error instanceof Problem) || error.passing) throw error;
      log.add(`project ${id} cannot be opened (${error.status})`);
      return null;
    }
  }

  async function start() {
    status.phase('restoring');
    env.tab = await holdTab(uid);
    await app.unsigned.show();
    if (env.ended) {
      releaseTab(uid, env.tab); // it was not held yet when the user went
      throw Problem.ended();
    }
    app.unsigned.handOver(early.typed);
    for (;;) {
      try {
        await restore();
        if (env.ended) throw Problem.ended();
        status.phase(null);
        app.restored();
        return env;
      } catch (error) {
        if (!(error instanceof Problem) || env.ended) throw error;
        log.add(`not restored yet: ${error.message}`);
        status.phase(error.status === 0 ? 'offline' : 'unsaved');
        await early.show();
        await again();
      }
    }
  }

  async function restore() {
    const { status: answered } = await env.session.open();
    log.add(`session ${answered === 201 ? 'created' : 'resumed'}`);
    env.post('session', env.session.etag());
    await resumeClaims(env);
    await app.snapshots.takeOver();
    await takeOverLegacy(env);
    const found = await recover(env, true, early.own);
    if (found.length) await env.session.look();
    for (const [tool, work] of works) await early.load(tool, work, found);
    if (!env.ended) app.recovered.set(found.map(({ answer }) => answer));
  }

  let wake = () => {};
  /** A while later, or when the connection is back. */
  const again = () =>
    new Promise((resolve) => {
      wake = () => resolve(undefined);
      setTimeout(wake, AGAIN);
    });

  let looked = 0;
  function look() {
    page.leaving = document.visibilityState === 'hidden';
    if (page.leaving || Date.now() - looked < LOOK) return;
    looked = Date.now();
    const projects = [...env.copies].filter((copy) => !copy.isDraft);
    quietly(Promise.all([env.session.look(), ...projects.map(lookAt)]));
  }

  function flush() {
    wake();
    for (const copy of env.copies) quietly(copy.queue.flush());
  }

  /** Chromium hides a page that navigates away only after pagehide. */
  function leave() {
    page.leaving = true;
    backups.copyAll();
    flush();
  }

  /** Its failure is told elsewhere, or does not matter. @param {Promise<any>} promise */
  const quietly = (promise) => void promise.catch((error) => log.add(String(error.message)));

  const ready = start();
  quietly(ready.then(() => {
    addEventListener('focus', look, on);
  }));
  addEventListener('online', flush, on);
  document.addEventListener('visibilitychange', () => (document.visibilityState === 'hidden' ? leave() : look()), on);
  addEventListener('pagehide', leave, on);
  addEventListener('pageshow', look, on);

  return {
    ready,
    /** A tool that the page asks for later. @param {Tool} tool @param {Work} work */
    joined: (tool, work) => quietly(ready.then(() => early.load(tool, work))),
    early: early.typed,
    close() {
      env.ended = true; // no verb that is under way finishes for the next user
      leaving.abort();
      for (const copy of [...env.copies]) copy.close();
      backups.copyAll();
      others.close();
      releaseTab(uid, env.tab);
    },
  };
}
