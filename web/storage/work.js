/** The work of one tool in this tab: what is on the page, whichever document it lives in. It watches one working copy at a
 *  time: what it does not watch changes nothing on the screen. */
import { WorkingCopy } from './copy.js';
import { sees, see } from './follow.js';
import { copied, diff, isEmpty, patched, valueAt } from './json.js';
import { copyOf, draftCopy, moves, ofDraft, ofProject } from './moves.js';
import { observable, observed } from './observable.js';
import { Problem } from './problem.js';
import { resolve, theirsOf } from './conflicts.js';
import { draftField, fromDraft, hasWork } from './tools.js';
/** @import {Conflict, Env, Home, Refused, State, Told, Tool, Work} from './types' */

/** @param {Tool} tool
 *  @param {{ready: () => Promise<Env>, restored: () => Promise<Env>, log: (line: string) => void, early: () => Env | null, inert: () => boolean, work: (tool: Tool) => Work,
 *    conflicted: (count: number) => void}} page */
export function work(tool, page) {
  const shown = {
    state: observable(/** @type {State} */ ({})),
    home: observable(/** @type {Home} */ ({ kind: 'session' })),
    conflicts: observable(/** @type {Conflict[]} */ ([])),
    refused: observable(/** @type {Refused[]} */ ([])),
    undoable: observable({ undo: false, redo: false }),
    told: observable(/** @type {Told[]} */ ([])),
  };
  /** @type {WorkingCopy | null} none before the first restore */
  let copy = null;
  let leave = () => {};
  /** @type {Env | null} whose document was found */
  let restoredFor = null;
  /** @type {State | null} the draft as an object was opened: nobody's work yet */
  let untouched = null;
  /** @type {Promise<void> | null} */
  let loading = null;
  shown.conflicts.subscribe(({ length }) => page.conflicted(length));

  /** @param {WorkingCopy} next */
  function use(next) {
    if (next.env.ended || next.closed) throw Problem.ended();
    if (next === copy) return;
    const left = leave;
    copy = next;
    const unwatch = next.watch();
    const placed = (/** @type {Home} */ home) => {
      shown.home.set(home.kind === 'unknown' ? { kind: 'session' } : home);
      if (home.kind !== 'unknown') void next.env.seen.note(`open/${tool}`, next.projectId);
    };
    const stops = [
      next.home.subscribe(placed),
      next.state.subscribe(shown.state.set),
      next.conflicts.subscribe(shown.conflicts.set),
      next.refused.subscribe(shown.refused.set),
      next.undo.can.subscribe(shown.undoable.set),
      next.told.subscribe(shown.told.set),
    ];
    leave = () => {
      for (const stop of stops) stop();
      unwatch();
    };
    untouched = null;
    left(); // what is unsaved in it goes on being saved, where it belongs
  }

  /** The copy that is typed into: before anything is restored, one whose document is not known yet. */
  function typedInto() {
    if (page.inert()) throw Problem.ended();
    if (copy && !copy.closed) return copy;
    const env = page.early();
    if (!env) throw Problem.ended();
    use(new WorkingCopy(env, tool, { home: { kind: 'unknown' }, base: {} }));
    return /** @type {WorkingCopy} */ (/** @type {any} */ (copy));
  }

  /** @param {State} patch */
  function change(patch) {
    page.log(`${tool}: changed ${Object.keys(patch)}`);
    typedInto().change(patch);
  }

  /** @returns {Promise<{env: Env, copy: WorkingCopy}>} */
  async function restored() {
    if (page.inert()) throw Problem.ended();
    const env = await page.ready();
    if (restoredFor !== env && !env.ended) await self.load(env).catch(unlessSeen);
    if (env.ended || !copy) throw Problem.ended();
    return { env, copy };
  }

  /** What this browser has seen can be gone on with. @param {any} error */
  function unlessSeen(error) {
    if (!(error instanceof Problem) || error.status !== 0 || !copy?.isPlaced) throw error;
  }

  /** @param {Env} env */
  async function found(env) {
    if (!env.session.doc.get()) throw new Problem(0, { detail: 'There is no connection: this needs one.' });
    const id = env.session.doc.get()[tool]?.current_project_id;
    const project = id && (await env.project(tool, id));
    if (env.ended) throw Problem.ended();
    const session = { data: env.session.doc.get(), etag: env.session.etag() }; // as it is by now
    const answered = project ? ofProject(tool, project) : ofDraft(env, tool, session.data[tool]);
    const { data, etag } = project || session;
    const current = copy && copy.env === env ? copy : null;
    if (current && !current.isPlaced) current.settle(answered);
    else if (current && current.projectId === (project ? id : null)) await see(current, sees(current, data, etag));
    else if (!current?.dirty) use(env.find(tool, project ? id : null) ?? copyOf(env, tool, answered));
    restoredFor = env;
  }

  const self = {
    ...moves({ tool, restored, use, work: page.work, copy: () => copy, untouched: () => untouched }),
    state: observed(shown.state),
    home: observed(shown.home),
    conflicts: observed(shown.conflicts),
    refused: observed(shown.refused),
    undoable: observed(shown.undoable),
    told: observed(shown.told),
    /** @param {State} patch  a merge patch */
    update: (patch) => change(patch),
    /** @param {State} next  whole: what is not in it is gone */
    replace(next) {
      const now = shown.state.get();
      const id = draftField(tool);
      change(diff(now, patched(copied(next), now[id] ? { [id]: now[id] } : {})));
    },
    /** The person's own last edit is taken back, as a new edit: what others did since stays. */
    undo: () => again(copy?.undo.undo(copy.mine)),
    redo: () => again(copy?.undo.redo(copy.mine)),
    /** What an open conflict is between: what is in the field now, and the other value.
     *  @param {Conflict} conflict @returns {Promise<{mine: any, theirs: any}>} */
    async compare(conflict) {
      const { copy: now } = await restored();
      const theirs = await theirsOf(now, conflict);
      return { mine: valueAt(now.mine, conflict.path.split('.')), theirs };
    },
    /** Settles an open conflict; what is not chosen stays in a save. @param {Conflict} conflict @param {'mine' | 'theirs'} choice
     *  @param {{mine: any}} [seen]  what was compared: rejects with 409 where the field that is to give way holds something else by now */
    async choose(conflict, choice, seen) {
      const { copy: now } = await restored();
      await resolve(now, conflict, choice, seen);
    },
    /** Everything typed so far is stored; rejects if the server refuses it for good. */
    async whenStored() {
      await self.load(await page.restored());
      await copy?.whenStored();
    },

    // The rest is for the library itself.
    /** Words that were typed for nobody. @param {Env} env @param {State} words @param {string} id  of the copy that they were typed in: a
     *  tab that recovers its backup makes the same draft of it */
    begin(env, words, id) {
      const next = Object.assign(new WorkingCopy(env, tool, { home: { kind: 'unknown' }, base: {} }), { id, backupId: crypto.randomUUID().slice(0, 8) });
      use(next);
      next.change(words, { undoable: false });
    },
    /** A draft that nobody has touched yet. @param {Env} env @param {State} draft @param {string} etag */
    show(env, draft, etag) {
      use(draftCopy(env, tool, draft, etag));
      untouched = fromDraft(tool, draft);
    },
    /** The draft in the session, as it was left. @param {Env} env */
    async openDraft(env) {
      if (copy?.isDraft) return;
      use(env.find(tool, null) ?? draftCopy(env, tool, env.session.doc.get()?.[tool]));
      await env.session.write('PATCH', '', { current_tool: tool, active_project_id: null });
    },
    /** What this browser saw last, until the server says what there is. @param {Env} env */
    async showSeen(env) {
      if (copy) return;
      const open = await env.seen.noted(`open/${tool}`);
      const last = open === undefined ? undefined : await env.seen.get(`${tool}/${open ?? 'draft'}`);
      if (!last || copy || env.ended) return;
      use(new WorkingCopy(env, tool, last));
    },
    /** Where nothing of it is unsaved already. @param {WorkingCopy} adopted */
    showAdopted(adopted) {
      if (!copy?.dirty) use(adopted);
    },
    /** Shows the home that the session names. @param {Env} env */
    load(env) {
      if (restoredFor === env) return Promise.resolve();
      const mine = (loading ??= found(env));
      return mine.finally(() => loading === mine && (loading = null));
    },
    /** The same again, where nothing is shown that would be hidden by it. @param {Env} env */
    async reload(env) {
      if (copy?.isDraft && !hasWork(copy.mine)) await found(env);
    },
    /** @param {WorkingCopy} one */
    isShowing: (one) => one === copy,
    use,
    copy: () => copy,
    /** Another user is here, or nobody. */
    forget() {
      leave();
      leave = () => {};
      copy = untouched = restoredFor = loading = null;
      shown.state.set({});
      shown.home.set({ kind: 'session' });
      shown.conflicts.set([]);
      shown.refused.set([]);
      shown.told.set([]);
      shown.undoable.set({ undo: false, redo: false });
    },
  };

  /** @param {State | null | undefined} patch */
  function again(patch) {
    if (patch && copy) copy.change(patch, { undoable: false });
    return Boolean(patch && !isEmpty(patch));
  }

  return self;
}
