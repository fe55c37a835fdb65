/** The client of DungeonMind Storage: what a person types is kept, whatever happens to the page.
 *
 *      const storage = connect({ auth });
 *      const work = storage.work('cardgenerator');
 *      work.update({ itemDetails: { name: 'Sunblade' } });
 *      await storage.whenStored();
 */
import { api } from './api.js';
import { claim, intend } from './claim.js';
import { kept as newKept } from './kept.js';
import { objects, projects as newProjects, sessionVerbs } from './library.js';
import { log as newLog } from './log.js';
import { nobody as newNobody } from './nobody.js';
import { observable, observed } from './observable.js';
import { Problem } from './problem.js';
import { recover, tellAll } from './recovery.js';
import { run as newRun } from './run.js';
import { snapshots as newSnapshots } from './snapshots.js';
import { status as newStatus } from './status.js';
import { local, trouble } from './store.js';
import { stuck as newStuck } from './stuck.js';
import { users } from './users.js';
import { within } from './within.js';
import { work as newWork } from './work.js';
/** @import {Auth, Env, Tool, User, Work} from './types' */

export { Problem };

const LAST = 3000; // ms for the saves before a close

/** @type {WeakMap<Auth, Storage>} a second connect() with the same sign-in is the same storage */
const open = new WeakMap();
/** @typedef {ReturnType<typeof newStorage>} Storage */

/** @param {{auth: Auth, label?: string, platform?: string, delay?: number}} options
 *    auth: of the Firebase SDK, or like it; label, platform: of this device; delay: ms before an autosave
 *  @returns {Storage} */
export function connect(options) {
  const known = open.get(options.auth) ?? newStorage(options, () => open.delete(options.auth));
  open.set(options.auth, known);
  return known;
}

/** @param {Parameters<typeof connect>[0]} options @param {() => void} closed */
function newStorage({ auth, label, platform = 'web', delay = 2000 }, closed) {
  const user = observable(/** @type {User | null} */ (null));
  const recovered = observable(/** @type {any[]} */ ([]));
  const doc = observable(/** @type {any} */ (null));
  const [log, status, device] = [newLog(), newStatus(), deviceId()];
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
  let tried = () => {};
  const firstTry = new Promise((resolve) => (tried = () => resolve(undefined)));
  const now = async () => {
    if (here.isInert()) throw Problem.ended();
    return run ?? (await first);
  };
  /** Waits for the restore, however long there is no connection. @returns {Promise<Env>} */
  const restoredEnv = async () => (await now()).ready;
  /** Does not wait where there is none: whoever asks the server then is told. @returns {Promise<Env>} */
  const ready = async () => {
    const mine = await now();
    return mine.failing() ? mine.env : mine.ready;
  };

  const stuck = newStuck({ status, works }, () => run?.env ?? null);
  /** @type {any} */
  const app = { request, works, status, log, delay, recovered, doc, snapshots, stuck, restored: () => (tried(), restored()), tried: () => tried(), device: { ...(label && { label }), platform } };
  const nobody = (app.nobody = newNobody(app));
  const here = users({ auth, user, status, begin, leave, back: () => run?.online() });
  trouble.subscribe((error) => status.tell(trouble, error ? 'no copy' : 'gone', error ? `${UNKEPT} (${error.message})` : undefined));

  /** @param {User} next */
  function begin(next) {
    log.add(`user ${next.uid}`);
    run = newRun({ ...app, request: api(() => next, device) }, next);
    nobody.handOver(run.env);
    begun(run);
  }

  /** What is unsaved stays as a backup, until this user is back. */
  function leave() {
    run?.close();
    for (const one of works.values()) {
      one.forget();
      status.tell(one, 'gone');
    }
    run = null;
    first = new Promise((resolve) => (begun = resolve));
    doc.set(null);
    recovered.set([]);
    stuck.forget();
  }

  nobody.show().catch((error) => log.add(String(error.message)));

  /** What is asked for one user is not answered to the next. @type {import('./types').Request} */
  const asked = (...what) => (run ? run.env.request(...what) : request(...what));
  const projects = newProjects(asked, () => run?.env.seen ?? null);
  const session = { ...observed(doc), ...sessionVerbs(asked, async () => (await ready()).session) };
  const self = {
    status: observed(status),
    user: observed(user),
    recovered: observed(recovered),
    stuck: observed(stuck),
    /** @param {import('./types').Stuck} entry  of `stuck` @param {import('./types').Settling} how  one of `entry.can` */
    settle: (entry, how) => stuck.settle(entry, how),
    log,
    snapshots: { list: snapshots.list, get: snapshots.get, remove: snapshots.remove },
    ready: once,
    tried: firstTry,
    session,
    projects,
    objects: objects(asked),
    /** @param {Tool} tool @returns {Work} */
    work(tool) {
      const known = works.get(tool);
      if (known) return known;
      const made = newWork(tool, {
        ready,
        restored: restoredEnv,
        log: log.add,
        early: () => run?.env ?? nobody.env(),
        inert: here.isInert,
        work: self.work,
        conflicted: (count) => status.tell(`${tool} in conflict`, count ? 'changed elsewhere' : 'gone'),
      });
      works.set(tool, made);
      run?.joined(made);
      return made;
    },
    /** Looks at what the server has, as a page does that gets the focus. @returns {Promise<void>} it is shown, or there is no server */
    look: async () => void (await run?.look()),
    /** Everything typed so far is stored; rejects if the server refuses it for good. @returns {Promise<true>} */
    async whenStored() {
      const env = await restoredEnv();
      await Promise.all([...works.values()].map((work) => work.load(env)));
      await Promise.all([...env.copies].map((copy) => copy.whenStored()));
      return true;
    },
    /** @param {string} message  what a person says is missing */
    async report(message) {
      const { state, detail } = status.get();
      const ids = { user: user.get()?.uid, device, ...Object.fromEntries([...works].map(([tool, { home }]) => [tool, /** @type {any} */ (home.get()).id ?? 'session'])) };
      const body = { message, status: [state, detail].filter(Boolean).join(': '), ids, log: log.lines(), url: location.href, user_agent: navigator.userAgent };
      await request('POST', '/api/client-errors', { body });
    },
    /** After another user came, or the one who was here left: the works are inert until this is called, or until they are back. */
    proceed: here.proceed,
    /** A page that signs somebody in or out does it in here: then the next user may go on at once. */
    switching: here.switching,
    /** Before a guest signs in to an account, so that claim() is not forgotten; with null if that came to nothing. */
    willClaim: intend,
    /** @param {string} guestToken @param {string} guestUid  the guest's work comes along */
    async claim(guestToken, guestUid) {
      const env = await ready();
      const taken = await claim(env, { guestToken, guestUid });
      const found = await recover(env, false);
      await env.session.look();
      tellAll(env, found);
      for (const one of works.values()) await one.reload(env);
      return taken;
    },
    /** Waits for the saves, but not for ever. */
    async close() {
      here.close();
      closed();
      const flushed = async () => Promise.allSettled([...((await run?.ready)?.copies ?? [])].map((copy) => copy.queue.flush()));
      await within(LAST, flushed(), () => new Error('late')).catch(() => {});
      status.freeze(); // whoever still shows it shows the last word
      run?.close(); // what is unsaved stays as a backup
      nobody.close();
    },
  };
  return { ...self, kept: newKept({ snapshots, stuck, projects, session, work: self.work, ready }) };
}

const UNKEPT = 'This browser keeps no copy of what you type: until it is saved, it is on this page alone.';

function deviceId() {
  const known = local.get('dungeonmind-device') ?? crypto.randomUUID();
  local.set('dungeonmind-device', known);
  return known;
}
