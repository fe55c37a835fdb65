/** The work of one tool in this tab: what is on the page, and the verbs that give it another home. */
import { WorkingCopy } from './copy.js';
import { look } from './follow.js';
import { diff, isEmpty, patched, placed, pruned } from './json.js';
import { observable } from './observable.js';
import { clear, makeRoom, moveDraft, reach, storedOrRefused } from './room.js';
import { inOrder } from './tabs.js';
import { draftField, fromDraft, hasWork, persistable, titleOf } from './tools.js';
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
    if (copy && copy !== next) leave(copy);
    const { draftId, draft_id, ...typed } = copy ? {} : diff(before, state.get());
    copy = next;
    copy.shown = state.set;
    copy.moved = home.set;
    copy.conflicted = (found) => conflicts.set([...conflicts.get(), ...found]);
    conflicts.set([]);
    home.set(copy.home);
    state.set(copy.state);
    if (!isEmpty(typed)) copy.change(patched(copy.state, typed));
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
    if (!copy) await (loading ??= self.load(env).finally(() => (loading = null)));
    return { env, copy: /** @type {any} */ (copy) };
  }

  /** @param {Env} env @param {{data: any, etag: string}} project  as GET answers it */
  const projectCopy = (env, { data: { id, name, state: base = {} }, etag }) =>
    new WorkingCopy(env, tool, { home: { kind: 'project', id, name, etag }, base: persistable(tool, base), etag });

  /** @param {Env} env @param {State} [map] @param {string} [etag] */
  const draftCopy = (env, map, etag = env.session.etag()) =>
    new WorkingCopy(env, tool, { home: { kind: 'session' }, base: fromDraft(tool, map), etag });

  const self = {
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
    /** @param {{name: string, description?: string}} named @returns {Promise<any>} the project */
    async saveAs(named) {
      const { env, copy: now } = await restored();
      await reach(env);
      await storedOrRefused(now);
      if (now.isDraft && !isEmpty(now.base)) return moveDraft(env, tool, now, now.base, named);
      const body = { id: crypto.randomUUID(), ...named, state: now.mine };
      const { data } = await env.request('POST', `/api/${tool}/projects`, { body });
      env.log(`project ${body.id} made`);
      await self.open(body.id);
      return data;
    },
    /** @param {string} id */
    async open(id) {
      const { env, copy: now } = await restored();
      if (now.projectId === id) return look(now);
      const project = await env.request('GET', `/api/${tool}/projects/${id}`);
      await makeRoom(env, tool, now, untouched);
      use([...env.copies].find((one) => one.tool === tool && one.projectId === id) ?? projectCopy(env, project));
      env.log(`project ${id} opened`);
      await env.session.write('PATCH', '', { current_tool: tool, active_project_id: id });
    },
    async startNew() {
      const { env, copy: now } = await restored();
      await makeRoom(env, tool, now, untouched);
      const { etag } = await clear(env, tool);
      use(draftCopy(env, {}, etag));
      env.log(`${tool}: begun anew`);
      await env.session.write('PATCH', '', { current_tool: tool, active_project_id: null });
    },
    /** @param {string} name */
    async rename(name) {
      const { env, copy: now } = await restored();
      if (now.isDraft) return self.saveAs({ name });
      await inOrder(`${env.uid}/${now.key}`, () => env.request('PATCH', now.url, { body: { name } }));
      await look(now);
      env.post(now.key, now.etag ?? '');
    },
    /** @returns {Promise<any>} the object */
    async promote() {
      const { env, copy: now } = await restored();
      if (now.isDraft) await self.saveAs({ name: titleOf(tool, now.state) });
      const open = /** @type {WorkingCopy} */ (copy);
      await reach(env);
      await open.queue.flush();
      const { data } = await env.request('POST', '/api/objects/promote', { body: { project_id: open.projectId, tool } });
      env.log(`project ${open.projectId} promoted to object ${data.id}`);
      await Promise.all([look(open), env.session.look()]);
      return data;
    },
    /** Opens an object of the library as a draft in its tool. @param {string} objectId
     *  @returns {Promise<{tool: Tool, draft: State, kept_as_project?: string}>} */
    async takeOver(objectId) {
      const { env } = await restored();
      await reach(env);
      await Promise.all(env.drafts().map((one) => one.queue.flush()));
      const body = { draft_id: crypto.randomUUID() };
      const { data, etag } = await env.request('POST', `/api/objects/${objectId}/open`, { body });
      page.work(data.tool).begin(env, data.draft, etag);
      await env.session.look();
      return data;
    },
    /** A draft that nobody has touched yet. @param {Env} env @param {State} draft @param {string} etag */
    begin(env, draft, etag) {
      use(draftCopy(env, draft, etag));
      untouched = fromDraft(tool, draft);
    },
    /** Shows the home that the session names, or the project given. @param {Env} env @param {string} [projectId] */
    async load(env, projectId) {
      const map = env.session.doc.get()[tool] ?? {};
      const id = projectId ?? map.current_project_id;
      const project = id && (await env.project(tool, id));
      use(project ? projectCopy(env, project) : draftCopy(env, map));
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
      copy = untouched = null;
      before = {};
      state.set({});
      home.set({ kind: 'session' });
      conflicts.set([]);
    },
  };
  return self;
}
