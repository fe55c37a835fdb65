/** The work of one tool in this tab: what is on the page, whichever document it lives in. */
import { diff, isEmpty, patched, placed, pruned } from './json.js';
import { draftCopy, moves, projectCopy } from './moves.js';
import { observable } from './observable.js';
import { Problem } from './problem.js';
import { draftField, fromDraft, hasWork } from './tools.js';
/** @import {WorkingCopy} from './copy.js' */
/** @import {Conflict, Env, Home, State, Tool, Work} from './types' */

/** @param {Tool} tool
 *  @param {() => Promise<Env>} ready  the user's, once all is restored
 *  @param {{log: (line: string) => void, conflicted: (count: number) => void, early: (state: State) => void, work: (tool: Tool) => Work}} page */
export function work(tool, ready, page) {
  const state = observable(/** @type {State} */ ({}));
  const home = observable(/** @type {Home} */ ({ kind: 'session' }));
  const conflicts = observable(/** @type {Conflict[]} */ ([]));
  /** @type {WorkingCopy | null} none before the first restore */
  let copy = null;
  /** @type {State} what the page showed before that, untouched */
  let before = {};
  /** @type {State | null} the draft as an object was opened: nobody's work yet */
  let untouched = null;
  /** @type {Promise<void> | null} */
  let loading = null;
  conflicts.subscribe(({ length }) => page.conflicted(length));

  /** @param {WorkingCopy} next */
  function use(next) {
    if (next.env.ended) {
      next.close();
      throw Problem.ended();
    }
    if (copy && copy !== next) leave(copy);
    const { draftId, draft_id, ...typed } = copy ? {} : diff(before, state.get());
    copy = next;
    if (!isEmpty(typed)) copy.change(patched(copy.state, typed)); // first: a page that shows less for a moment scrambles what is being typed
    copy.shown = state.set;
    copy.moved = home.set;
    copy.conflicted = (found) => conflicts.set([...conflicts.get(), ...found]);
    conflicts.set([]);
    home.set(copy.home);
    state.set(copy.state);
    untouched = null;
  }

  /** What is unsaved in it goes on being saved, where it belongs. @param {WorkingCopy} left */
  function leave(left) {
    left.shown = left.moved = left.conflicted = () => {};
    left.queue.flush().then(() => left.close(), () => page.log(`${tool}: what was left unsaved is kept as a backup`));
  }

  /** @param {State} next */
  function change(next) {
    page.log(`${tool}: changed ${Object.keys(diff(state.get(), next))}`);
    if (copy) return copy.change(next);
    state.set({ [draftField(tool)]: crypto.randomUUID(), ...next });
    page.early(state.get());
  }

  /** @returns {Promise<{env: Env, copy: WorkingCopy}>} */
  async function restored() {
    const env = await ready();
    if (!copy && !env.ended) {
      const mine = (loading ??= self.load(env));
      await mine.finally(() => loading === mine && (loading = null));
    }
    if (env.ended) throw Problem.ended();
    return { env, copy: /** @type {any} */ (copy) };
  }

  const shown = { tool, restored, use, work: page.work, copy: () => copy, untouched: () => untouched };
  const self = {
    ...moves(shown),
    state,
    home,
    conflicts,
    /** @param {State} patch  a merge patch */
    update: (patch) => change(patched(state.get(), patch)),
    /** @param {State} next  whole: what is not in it is gone */
    replace(next) {
      const id = draftField(tool);
      change(patched(next, state.get()[id] ? { [id]: state.get()[id] } : {}));
    },
    /** @param {string} path  as a conflict names it @param {any} value */
    choose(path, value) {
      change(pruned(placed(state.get(), path.split('.'), value)));
      conflicts.set(conflicts.get().filter((one) => one.path !== path));
    },
    dismissConflicts: () => conflicts.set([]),
    /** A draft that nobody has touched yet. @param {Env} env @param {State} draft @param {string} etag */
    begin(env, draft, etag) {
      use(draftCopy(env, tool, draft, etag));
      untouched = fromDraft(tool, draft);
    },
    /** Shows the home that the session names, or the project given. @param {Env} env @param {string} [projectId] */
    async load(env, projectId) {
      const map = env.session.doc.get()[tool] ?? {};
      const id = projectId ?? map.current_project_id;
      const project = id && (await env.project(tool, id));
      use(project ? projectCopy(env, tool, project) : draftCopy(env, tool, map));
    },
    /** The same again, where nothing is shown that would be hidden by it. @param {Env} env */
    async reload(env) {
      if (copy?.isDraft && !hasWork(copy.state)) await self.load(env);
    },
    /** What is shown while the first restore cannot be made. @param {State} found */
    show(found) {
      if (copy || !isEmpty(state.get())) return;
      before = found;
      state.set(found);
    },
    /** What is shown was recovered: only what is typed from now on comes on top. @param {State} sent */
    recovered: (sent) => void (before = sent),
    isLoaded: () => copy !== null,
    /** Another user is here. */
    forget() {
      copy = untouched = loading = null;
      before = {};
      state.set({});
      home.set({ kind: 'session' });
      conflicts.set([]);
    },
  };
  return self;
}
