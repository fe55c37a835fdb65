/** The client of DungeonMind Storage: what a person types is kept, whatever happens to the page.
 *
 *      const storage = connect({ auth });
 *      const work = storage.work('cardgenerator');
 *      work.update({ itemDetails: { name: 'Sunblade' } });
 *      await storage.whenStored();
 */
import { api } from './api.js';
import { objects, projects, sessionVerbs } from './library.js';
import { claim, intend } from './claim.js';
import { log as newLog } from './log.js';
import { observable } from './observable.js';
import { recover } from './recovery.js';
import { snapshots as newSnapshots } from './snapshots.js';
import { run as newRun } from './run.js';
import { status as newStatus } from './status.js';
import { unsigned as newUnsigned } from './unsigned.js';
import { work as newWork } from './work.js';
/** @import {Auth, Tool, User, Work} from './types' */

export { Problem } from './problem.js';

const LAST = 3000; // ms for the saves before a close
const PATIENCE = 10_000; // ms for a sign-in

/** @param {{auth: Auth, label?: string, platform?: string, delay?: number}} options
 *    auth: of the Firebase SDK, or like it; label, platform: of this device; delay: ms before an autosave */
export function connect({ auth, label, platform = 'web', delay = 2000 }) {
  const user = observable(/** @type {User | null} */ (null));
  const recovered = observable(/** @type {any[]} */ ([]));
  const doc = observable(/** @type {any} */ (null));
  const log = newLog();
  const status = newStatus();
  const device = deviceId();
  const request = api(user.get, device);
  const snapshots = newSnapshots(() => user.get()?.uid);
  /** @type {Map<Tool, Work>} */
  const works = new Map();
  /** @type {ReturnType<typeof newRun> | null} */
  let run = null;
  /** @type {(run: any) => void} */
  let begun = () => {};
  let first = new Promise((resolve) => (begun = resolve));
  let restored = () => {};
  const once = new Promise((resolve) => (restored = () => resolve(undefined)));

  const unsigned = newUnsigned(works, (error) => status.tell(unsigned, 'unsaved', error));
  const app = { unsigned, request, works, status, log, delay, recovered, doc, snapshots, device: { ...(label && { label }), platform } };
  const ready = async () => (await (run ?? (await first))).ready;

  const unsubscribe = auth.onAuthStateChanged((next) => {
    const changed = next?.uid !== user.get()?.uid;
    if (changed && run) leave();
    user.set(next);
    if (!changed || !next) return;
    log.add(`user ${next.uid}`);
    clearTimeout(waiting);
    begun((run = newRun({ ...app, request: api(() => next, device), restored }, next)));
  });

  /** What is unsaved stays as a backup, until this user is back. */
  function leave() {
    run?.close();
    for (const one of works.values()) one.forget();
    run = null;
    first = new Promise((resolve) => (begun = resolve));
    doc.set(null);
    recovered.set([]);
    wait();
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  /** For a user, who may not come while the sign-in cannot be reached. */
  function wait() {
    const offline = () => status.phase('offline');
    clearTimeout(waiting);
    status.phase('loading');
    if (navigator.onLine) waiting = setTimeout(offline, PATIENCE);
    else offline();
  }
  if (!run) wait();
  unsigned.show().catch((error) => log.add(String(error.message)));
  addEventListener('pagehide', unsigned.copyAll);

  return {
    status,
    user,
    recovered,
    log,
    snapshots,
    ready: once,
    session: { get: doc.get, subscribe: doc.subscribe, ...sessionVerbs(request, async () => (await ready()).session) },
    projects: projects(request),
    objects: objects(request),
    /** @param {Tool} tool */
    work(tool) {
      let found = works.get(tool);
      if (found) return found;
      const page = {
        log: log.add,
        conflicted: (/** @type {number} */ count) => status.tell(`${tool} in conflict`, count ? 'changed elsewhere' : 'gone'),
        early: (/** @type {any} */ state) => (run?.early ?? unsigned.typed)(tool, state),
        work: (/** @type {any} */ name) => this.work(name),
      };
      found = newWork(tool, ready, page);
      works.set(tool, found);
      run?.joined(tool, found);
      return found;
    },
    /** @returns {Promise<true>} everything typed so far is stored; rejects if the server refuses it for good */
    async whenStored() {
      const { copies } = await ready();
      await Promise.all([...copies].map((copy) => copy.queue.flush()));
      return true;
    },
    /** @param {string} message  what a person says is missing */
    async report(message) {
      const { state, detail } = status.get();
      const ids = { user: user.get()?.uid, device, ...Object.fromEntries([...works].map(([tool, { home }]) => [tool, /** @type {any} */ (home.get()).id ?? 'session'])) };
      const body = { message, status: [state, detail].filter(Boolean).join(': '), ids, log: log.lines(), url: location.href, user_agent: navigator.userAgent };
      await request('POST', '/api/client-errors', { body });
    },
    /** Before a guest signs in to an account, so that claim() is not forgotten; with null if that came to nothing. */
    willClaim: intend,
    /** @param {string} guestToken @param {string} guestUid  the guest's work comes along */
    async claim(guestToken, guestUid) {
      const env = await ready();
      const taken = await claim(env, { guestToken, guestUid });
      const found = await recover(env, false);
      await env.session.look();
      recovered.set(found.map(({ answer }) => answer));
      for (const one of works.values()) await one.reload(env);
      return taken;
    },
    /** Waits for the saves, but not for ever. */
    async close() {
      unsubscribe();
      clearTimeout(waiting);
      removeEventListener('pagehide', unsigned.copyAll);
      const flushed = async () => Promise.allSettled([...((await run?.ready)?.copies ?? [])].map((copy) => copy.queue.flush()));
      /** @type {ReturnType<typeof setTimeout> | undefined} */
      let late;
      await Promise.race([flushed().catch(() => {}), new Promise((resolve) => (late = setTimeout(resolve, LAST)))]);
      clearTimeout(late);
      run?.close(); // what is unsaved stays as a backup
    },
  };
}

function deviceId() {
  const known = localStorage.getItem('dungeonmind-device') ?? crypto.randomUUID();
  localStorage.setItem('dungeonmind-device', known);
  return known;
}
