/** One user's time in this tab: restored at its start, followed while it lasts. */
import { backups as newBackups } from './backups.js';
import { Problem } from './problem.js';
import { resumeClaims } from './claim.js';
import { adoptable, recover, takeOverLegacy } from './recovery.js';
import { session as newSession } from './session.js';
import { channel, holdTab, releaseTab } from './tabs.js';
import { draftField, persistable } from './tools.js';
/** @import {Backup, Copy, Env, Tool, Work} from './types' */

const AGAIN = 3000; // ms between two tries to start
const LOOK = 1000; // ms: focus and visibility come together

/** @param {any} app  what connect() made @param {string} uid */
export function run(app, uid) {
  const { request, works, status, log, recovered } = app;
  const leaving = new AbortController();
  /** @type {Map<Tool, Backup>} what is shown and typed before the restore is through */
  const early = new Map();
  const on = { signal: leaving.signal };
  const backups = newBackups((error) => status.tell(backups, 'unsaved', error));
  const others = channel(uid, (key, etag) => {
    if (key === 'session') return quietly(session.look());
    for (const copy of env.copies) if (keyOf(copy) === key) quietly(copy.told(etag));
  });
  const session = newSession({ uid, request, device: app.device, post: others.post, doc: app.doc });
  /** @type {Env} */
  const env = {
    uid,
    tab: '',
    delay: app.delay,
    request,
    session,
    copies: new Set(),
    backups,
    post: others.post,
    log: log.add,
    setAside: app.snapshots.keep,
    tell: (copy, state, error) => status.tell(copy, state, error),
    project,
  };

  /** @param {Tool} tool @param {string} id */
  async function project(tool, id) {
    try {
      const answer = await request('GET', `/api/${tool}/projects/${id}`);
      return answer.data.trashed ? null : answer;
    } catch (error) {
      if (!(error instanceof Problem) || error.passing) throw error;
      log.add(`project ${id} cannot be opened (${error.status})`);
      return null;
    }
  }

  async function start() {
    status.phase('restoring');
    env.tab ||= await holdTab(uid);
    for (;;) {
      try {
        await restore();
        status.phase(null);
        return env;
      } catch (error) {
        if (!(error instanceof Problem) || leaving.signal.aborted) throw error;
        log.add(`not restored yet: ${error.message}`);
        status.phase(error.status === 0 ? 'offline' : 'unsaved');
        await show();
        await again();
      }
    }
  }

  async function restore() {
    const opened = await session.open();
    log.add(`session ${opened.status === 201 ? 'created' : 'resumed'}`);
    await resumeClaims(env);
    await takeOverLegacy(env);
    const found = await recover(env, true);
    if (found.length) await session.look();
    for (const [tool, work] of works) await load(tool, work, found.find(({ backup }) => backup.key === early.get(tool)?.key));
    recovered.set(found.map(({ answer }) => answer));
  }

  /** @param {Tool} tool @param {Work} work @param {{backup: Backup, answer: any}} [sent]  of what it showed before */
  async function load(tool, work, sent) {
    if (work.current()) return;
    if (sent) work.recovered(sent.backup.state);
    await work.load(env, sent?.answer.project?.id);
    const shown = early.get(tool);
    if (early.delete(tool) && shown) backups.remove(shown.key);
  }

  /** The words are on the page, though the server is away. */
  async function show() {
    for (const backup of await adoptable(env)) {
      if (early.has(backup.tool) || !works.has(backup.tool)) continue;
      early.set(backup.tool, backup);
      works.get(backup.tool).show(backup.state);
    }
  }

  /** A while later, or when the connection is back. */
  const again = () =>
    new Promise((resolve) => {
      setTimeout(resolve, AGAIN);
      addEventListener('online', resolve, { once: true, ...on });
    });

  let looked = 0;
  function look() {
    if (document.visibilityState === 'hidden' || Date.now() - looked < LOOK) return;
    looked = Date.now();
    const drafts = [...env.copies].filter((copy) => copy.get().home.kind === 'project');
    quietly(Promise.all([session.look(), ...drafts.map((copy) => copy.look())]));
  }

  function flush() {
    backups.copyAll();
    for (const copy of env.copies) quietly(copy.flush());
  }

  /** Its failure is told elsewhere, or does not matter. @param {void | Promise<any>} promise */
  const quietly = (promise) => void Promise.resolve(promise).catch((error) => log.add(`${error.message}`));

  const ready = start();
  quietly(ready);
  ready.then(() => {
    addEventListener('focus', look, on);
    addEventListener('online', flush, on);
  }, () => {});
  document.addEventListener('visibilitychange', () => (document.visibilityState === 'hidden' ? flush() : look()), on);
  addEventListener('pagehide', flush, on);

  return {
    ready,
    /** A tool that the page asks for later. @param {Tool} tool @param {Work} work */
    joined: (tool, work) => quietly(ready.then(() => load(tool, work))),
    /** What is typed before the restore is through. @param {Tool} tool @param {any} state */
    early(tool, state) {
      const key = [uid, tool, 'shown', env.tab].join('/');
      const known = early.get(tool) ?? { key, tool, userId: uid, projectId: null, newProjectId: `${uid}.${state[draftField(tool)]}` };
      const record = { ...known, tab: env.tab || 'unknown', state: persistable(tool, state), timestamp: Date.now() };
      early.set(tool, record);
      void backups.put(record);
    },
    close() {
      leaving.abort();
      for (const copy of [...env.copies]) copy.close();
      backups.copyAll();
      others.close();
      releaseTab(uid, env.tab);
    },
  };
}

/** @param {Copy} copy */
function keyOf(copy) {
  const { home } = copy.get();
  return home.kind === 'project' ? `${copy.tool}/${home.id}` : 'session';
}
