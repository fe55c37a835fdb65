/** The work of one tool in this tab: what is on the page, and the verbs that give it another home. */
import { workingCopy } from './copy.js';
import { diff, isEmpty, patched, same } from './json.js';
import { observable } from './observable.js';
import { inOrder } from './tabs.js';
import { draftField, fromDraft, hasWork, persistable, titleOf } from './tools.js';
/** @import {Conflict, Copy, Env, Home, State, Tool, Work} from './types' */


/** @param {Tool} tool
 *  @param {() => Promise<Env>} ready  the user's, once all is restored
 *  @param {{log: (line: string) => void, conflicted: (count: number) => void, early: (state: State) => void, work: (tool: Tool) => Work}} page */
export function work(tool, ready, page) {
  const state = observable(/** @type {State} */ ({}));
  const home = observable(/** @type {Home} */ ({ kind: 'session' }));
  const conflicts = observable(/** @type {Conflict[]} */ ([]));
  /** @type {Copy | null} none before the first restore */
  let copy = null;
  /** @type {State} what the page showed before that, untouched */
  let before = {};
  /** @type {State | null} the draft as an object was opened: nobody's work yet */
  let opened = null;

  conflicts.subscribe(({ length }) => page.conflicted(length));

  /** @param {Copy} next */
  function use(next) {
    if (copy && copy !== next) leave(copy);
    const { draftId, draft_id, ...typed } = copy ? {} : diff(before, state.get());
    copy = next;
    copy.shown = state.set;
    copy.moved = home.set;
    copy.conflicted = (found) => conflicts.set([...conflicts.get(), ...found]);
    const now = copy.get();
    conflicts.set([]);
    home.set(now.home);
    state.set(now.state);
    if (!isEmpty(typed)) copy.change(patched(now.state, typed));
    opened = null;
  }

  /** What is unsaved in it goes on being saved, where it belongs. @param {Copy} left */
  function leave(left) {
    left.shown = left.moved = left.conflicted = () => {};
    left.flush().then(left.close, () => page.log(`${tool}: what was left unsaved is kept as a backup`));
  }

  /** @param {State} next */
  function change(next) {
    page.log(`${tool}: changed ${Object.keys(diff(state.get(), next))}`);
    if (copy) return copy.change(next);
    state.set({ [draftField(tool)]: crypto.randomUUID(), ...next });
    page.early(state.get());
  }

  /** @type {Promise<void> | null} */
  let loading = null;

  /** @returns {Promise<{env: Env, copy: Copy}>} */
  async function restored() {
    const env = await ready();
    if (!copy) await (loading ??= self.load(env).finally(() => (loading = null)));
    return { env, copy: /** @type {Copy} */ (copy) };
  }

  /** @param {Env} env @param {string} id @param {string} name @param {State} base @param {string} etag */
  const projectCopy = (env, id, name, base, etag) => workingCopy(env, tool, { home: { kind: 'project', id, name, etag }, base: persistable(tool, base ?? {}), etag });

  /** The session's draft, whoever typed it, makes room: it becomes a project, unless there is no work in it.
   *  @param {Env} env */
  async function makeRoom(env) {
    await copy?.flush();
    await env.session.look();
    const draft = fromDraft(tool, env.session.doc.get()[tool]);
    if (hasWork(draft) && !same(draft, opened)) await moveDraft(env, { name: titleOf(tool, draft) }, draft);
    else if (!isEmpty(draft)) await clear(env);
  }

  /** @param {Env} env */
  const clear = (env) =>
    inOrder(`${env.uid}/session`, () => env.request('PUT', `/api/session/tools/${tool}`, { body: {}, etag: env.session.etag() }));

  /** @param {Env} env @param {{name: string, description?: string}} named @param {State} draft */
  async function moveDraft(env, named, draft) {
    const draftId = draft.draftId ?? draft.draft_id;
    const id = draftId ? `${env.uid}.${draftId}` : crypto.randomUUID();
    const body = { id, ...named, from_draft: true };
    const answer = await inOrder(`${env.uid}/session`, () => env.request('POST', `/api/${tool}/projects`, { body }));
    env.log(`project ${id} made of the draft`);
    const now = copy?.get();
    if (now?.home.kind === 'session' && (now.base.draftId ?? now.base.draft_id) === draftId) copy?.became(answer.data, answer.etag);
    await env.session.look();
    env.post('session', env.session.etag());
    return answer.data;
  }

  const self = {
    state,
    home,
    conflicts,
    /** @param {State} patch  a merge patch */
    update: (patch) => change(patched(state.get(), patch)),
    /** @param {State} next  whole: what is not in it is gone */
    replace(next) {
      const { draftId, draft_id: draft } = state.get();
      change(patched(next, { ...(draftId && { draftId }), ...(draft && { draft_id: draft }) }));
    },
    /** @param {string} path  as a conflict names it @param {any} value */
    choose(path, value) {
      self.update(path.split('.').reduceRight((inner, name) => ({ [name]: inner }), value ?? null));
      conflicts.set(conflicts.get().filter((one) => one.path !== path));
    },
    dismissConflicts: () => conflicts.set([]),
    /** @param {{name: string, description?: string}} named @returns {Promise<any>} the project */
    async saveAs(named) {
      const { env, copy: now } = await restored();
      await now.flush();
      const { home: place, state: mine, base } = now.get();
      if (place.kind === 'session' && !isEmpty(base)) return moveDraft(env, named, base);
      const body = { id: crypto.randomUUID(), ...named, state: persistable(tool, mine) };
      const answer = await env.request('POST', `/api/${tool}/projects`, { body });
      env.log(`project ${body.id} made`);
      await self.open(body.id);
      return answer.data;
    },
    /** @param {string} id */
    async open(id) {
      const { env } = await restored();
      if (copy?.get().home.kind === 'project' && /** @type {any} */ (home.get()).id === id) return copy.look();
      const { data, etag } = await env.request('GET', `/api/${tool}/projects/${id}`);
      await makeRoom(env);
      const known = [...env.copies].find((one) => one.tool === tool && /** @type {any} */ (one.get().home).id === id);
      use(known ?? projectCopy(env, id, data.name, data.state, etag));
      env.log(`project ${id} opened`);
      await env.session.write('PATCH', '', { current_tool: tool, active_project_id: id });
    },
    async startNew() {
      const { env } = await restored();
      await makeRoom(env);
      const { etag } = await clear(env);
      use(workingCopy(env, tool, { home: { kind: 'session' }, base: {}, etag }));
      env.log(`${tool}: begun anew`);
      await env.session.write('PATCH', '', { current_tool: tool, active_project_id: null });
    },
    /** @param {string} name */
    async rename(name) {
      const { env, copy: now } = await restored();
      const place = now.get().home;
      if (place.kind === 'session') return self.saveAs({ name });
      const path = `/api/${tool}/projects/${place.id}`;
      await inOrder(`${env.uid}/${tool}/${place.id}`, () => env.request('PATCH', path, { body: { name } }));
      await now.look();
    },
    /** @returns {Promise<any>} the object */
    async promote() {
      const { env, copy: now } = await restored();
      if (now.get().home.kind === 'session') await self.saveAs({ name: titleOf(tool, now.get().state) });
      await copy?.flush();
      const { id } = /** @type {any} */ (home.get());
      const { data } = await env.request('POST', '/api/objects/promote', { body: { project_id: id, tool } });
      await Promise.all([copy?.look(), env.session.look()]);
      env.log(`project ${id} promoted to object ${data.id}`);
      return data;
    },
    /** Opens an object of the library as a draft in its tool. @param {string} objectId @returns {Promise<any>} */
    async takeOver(objectId) {
      const { env, copy: now } = await restored();
      await now.flush();
      const body = { draft_id: crypto.randomUUID() };
      const { data, etag } = await env.request('POST', `/api/objects/${objectId}/open`, { body });
      await page.work(data.tool).begin(env, data.draft, etag);
      await env.session.look();
      return data;
    },
    /** @param {Env} env @param {State} draft @param {string} etag */
    async begin(env, draft, etag) {
      const base = fromDraft(tool, draft);
      use(workingCopy(env, tool, { home: { kind: 'session' }, base, etag }));
      opened = base;
    },
    /** Shows the home that the session names, or the project given. @param {Env} env @param {string} [projectId] */
    async load(env, projectId) {
      const map = env.session.doc.get()?.[tool] ?? {};
      const id = projectId ?? map.current_project_id;
      const project = id ? await env.project(tool, id) : null;
      const etag = env.session.etag();
      use(project ? projectCopy(env, id, project.data.name, project.data.state, project.etag) : workingCopy(env, tool, { home: { kind: 'session' }, base: fromDraft(tool, map), etag }));
    },
    /** What is shown while the first restore cannot be made. @param {State} found */
    show(found) {
      if (copy || !isEmpty(state.get())) return;
      before = found;
      state.set(found);
    },
    /** What is shown was recovered: only what is typed from now on comes on top. @param {State} sent */
    recovered: (sent) => void (before = sent),
    current: () => copy,
    /** Another user is here. */
    forget() {
      copy?.close();
      copy = opened = null;
      before = {};
      state.set({});
      home.set({ kind: 'session' });
      conflicts.set([]);
    },
  };
  return self;
}
