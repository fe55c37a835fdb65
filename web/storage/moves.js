/** The verbs that give the work of a tool another home. Each rejects where there is no server. */
import { WorkingCopy } from './copy.js';
import { look } from './follow.js';
import { isEmpty } from './json.js';
import { Problem } from './problem.js';
import { clear, makeRoom, moveDraft, reach, storedOrRefused } from './room.js';
import { inOrder } from './tabs.js';
import { fromDraft, persistable, titleOf } from './tools.js';
/** @import {Env, State, Tool, Work} from './types' */

/** @param {Env} env @param {Tool} tool @param {{data: any, etag: string}} project  as GET answers it */
export const projectCopy = (env, tool, { data: { id, name, state: base = {} }, etag }) =>
  new WorkingCopy(env, tool, { home: { kind: 'project', id, name, etag }, base: persistable(tool, base), etag });

/** @param {Env} env @param {Tool} tool @param {State} [map] @param {string} [etag] */
export const draftCopy = (env, tool, map, etag = env.session.etag()) =>
  new WorkingCopy(env, tool, { home: { kind: 'session' }, base: fromDraft(tool, map), etag });

/** @param {{tool: Tool, restored: () => Promise<{env: Env, copy: WorkingCopy}>, use: (copy: WorkingCopy) => void,
 *    copy: () => WorkingCopy | null, untouched: () => State | null, work: (tool: Tool) => Work}} shown */
export function moves({ tool, restored, use, copy, untouched, work }) {
  let turn = 0; // of what was asked for last: what is slower than that is not shown any more
  /** @type {Promise<unknown>} one saveAs after the other */
  let saving = Promise.resolve();
  /** @type {WorkingCopy | null} the draft that it is about */
  let moving = null;
  /** @type {WeakMap<WorkingCopy, WorkingCopy>} what became of a draft that nothing was stored of */
  const became = new WeakMap();

  /** The project that the draft is by now, whoever made it, or else a new one. @param {WorkingCopy} now @param {boolean} wasDraft
   *  @param {{name: string, description?: string}} named @param {boolean} [renames]  one that another tab made */
  async function toProject(now, wasDraft, named, renames = true) {
    const { env } = now;
    await reach(env);
    await storedOrRefused(now);
    const there = became.get(now) ?? now;
    if (wasDraft && !there.isDraft) {
      if (renames) await renamed(there, named);
      return (await env.request('GET', there.url)).data;
    }
    if (now.isDraft && !isEmpty(now.base)) return moveDraft(env, tool, now, now.base, named);
    const body = { id: crypto.randomUUID(), ...named, state: now.mine };
    const { data } = await env.request('POST', `/api/${tool}/projects`, { body });
    env.log(`project ${body.id} made`);
    await verbs.open(body.id);
    const made = copy();
    if (wasDraft && made?.projectId === body.id) became.set(now, made);
    return data;
  }

  /** @param {WorkingCopy} now @param {{name: string, description?: string}} body */
  async function renamed(now, body) {
    const { env } = now;
    await inOrder(`${env.uid}/${now.key}`, () => env.request('PATCH', now.url, { body }));
    await look(now);
    env.post(now.key, now.etag ?? '');
  }

  /** @param {{name: string, description?: string}} named @param {boolean} [renames] */
  async function savedAs(named, renames) {
    const { copy: now } = await restored();
    const wasDraft = now.isDraft || now === moving; // a look at the session may be faster than the answer to the first
    if (wasDraft) moving = now;
    const mine = saving.then(() => toProject(now, wasDraft, named, renames));
    const settled = mine.catch(() => {}).then(() => void (saving === settled && (moving = null))); // whoever asked hears of it
    saving = settled;
    return mine;
  }

  const verbs = {
    /** @param {{name: string, description?: string}} named @returns {Promise<any>} the project */
    saveAs: (named) => savedAs(named),
    /** @param {string} id */
    async open(id) {
      const mine = ++turn;
      const { env, copy: now } = await restored();
      if (now.projectId === id) return look(now);
      const project = await env.request('GET', `/api/${tool}/projects/${id}`);
      if (project.data.trashed) throw new Problem(404, { detail: `"${project.data.name}" is in the trash: take it out of there to open it.` });
      if (mine === turn) await makeRoom(env, tool, copy() ?? now, untouched());
      if (mine !== turn) return env.log(`project ${id} not opened: another was asked for since`);
      use([...env.copies].find((one) => one.tool === tool && one.projectId === id) ?? projectCopy(env, tool, project));
      env.log(`project ${id} opened`);
      await env.session.write('PATCH', '', { current_tool: tool, active_project_id: id });
    },
    async startNew() {
      const mine = ++turn;
      const { env, copy: now } = await restored();
      await makeRoom(env, tool, now, untouched());
      if (mine !== turn) return;
      const { etag } = await clear(env, tool);
      if (mine !== turn) return;
      use(draftCopy(env, tool, {}, etag));
      env.log(`${tool}: begun anew`);
      await env.session.write('PATCH', '', { current_tool: tool, active_project_id: null });
    },
    /** @param {string} name */
    async rename(name) {
      const { copy: now } = await restored();
      if (now.isDraft) return verbs.saveAs({ name });
      await renamed(now, { name });
    },
    /** @returns {Promise<any>} the object */
    async promote() {
      const { env, copy: now } = await restored();
      if (now.isDraft) await savedAs({ name: titleOf(tool, now.state) }, false);
      const open = now.isDraft ? (became.get(now) ?? now) : now;
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
      work(data.tool).begin(env, data.draft, etag);
      await env.session.look();
      return data;
    },
  };
  return verbs;
}
