/** The verbs that give the work of a tool another home. Each rejects where there is no server, but a project that this browser
 *  has seen opens without one. */
import { attempted, newSaveId } from './attempts.js';
import { learn } from './learning.js';
import { backUp, keepSeen } from './keeping.js';
import { WorkingCopy } from './copy.js';
import { follow, look } from './follow.js';
import { Problem } from './problem.js';
import { makeRoom, moveDraft, reach, storedOrRefused } from './room.js';
import { inOrder } from './tabs.js';
import { objectOpener } from './take-over.js';
import { draftField, fromDraft, hasWork, persistable, titleOf } from './tools.js';
/** @import {Env, Home, State, Tool, Work} from './types' */

/** A document as the server answered it, and as a copy of it begins. Conflicts have the document's own paths.
 *  @typedef {{home: Home, base: State, etag: string, conflicts: any[], begun?: string}} Answered */

/** @param {Tool} tool @param {{data: any, etag: string}} project  as GET answers it @returns {Answered} */
export const ofProject = (tool, { data: { id, name, state = {}, conflicts = [] }, etag }) => ({
  home: { kind: 'project', id, name }, base: persistable(tool, state), etag, conflicts,
});

/** @param {Env} env @param {Tool} tool @param {State} [map]  the tool's, in the session @param {string} [etag] @returns {Answered} */
export const ofDraft = (env, tool, map, etag = env.session.etag()) => ({
  home: { kind: 'session' }, base: fromDraft(tool, map), etag, conflicts: map?.conflicts ?? [], begun: env.session.doc.get()?.created_at,
});

/** @param {Env} env @param {Tool} tool @param {Answered} answered */
export function copyOf(env, tool, { conflicts, ...answered }) {
  const copy = new WorkingCopy(env, tool, answered);
  learn(copy, { conflicts });
  keepSeen(copy);
  return copy;
}

/** @param {Env} env @param {Tool} tool @param {{data: any, etag: string}} project */
export const projectCopy = (env, tool, project) => copyOf(env, tool, ofProject(tool, project));

/** @param {Env} env @param {Tool} tool @param {State} [map] @param {string} [etag] */
export const draftCopy = (env, tool, map, etag) => copyOf(env, tool, ofDraft(env, tool, map, etag));

/** @param {{tool: Tool, restored: () => Promise<{env: Env, copy: WorkingCopy}>, use: (copy: WorkingCopy) => void,
 *    copy: () => WorkingCopy | null, untouched: () => State | null, work: (tool: Tool) => Work}} shown */
export function moves({ tool, restored, use, copy, untouched, work }) {
  let turn = 0; // of what was asked for last: what is slower than that is not shown any more
  /** @type {Promise<unknown>} one saveAs after the other */
  let saving = Promise.resolve();
  /** @type {WorkingCopy | null} the draft that it is about */
  let becoming = null;
  /** @type {{of: string, id: string} | null} the copy of a project that was asked for and not answered: asked for again, it is the same */
  let making = null;

  /** The project that the draft is by now, whoever made it, or else a new one. @param {WorkingCopy} now @param {boolean} wasDraft
   *  @param {{name: string, description?: string}} named @param {boolean} [renames]  one that another tab made */
  async function toProject(now, wasDraft, named, renames = true) {
    const { env } = now;
    await reach(env);
    do {
      await storedOrRefused(now);
    } while (now.isDraft && now.sending); // by a flush since
    if (wasDraft && !now.isDraft) {
      if (renames) await renamed(now, named);
      return (await env.request('GET', now.url, { document: true })).data;
    }
    if (now.isDraft && (hasWork(now.base) || now.base[draftField(tool)])) return moveDraft(env, tool, now, now.base, named);
    if (now.isDraft) return asProject(now, named);
    const of = JSON.stringify([now.projectId, named]);
    if (making?.of !== of) making = { of, id: crypto.randomUUID() };
    const { data } = await env.request('POST', `/api/${tool}/projects`, { body: { id: making.id, ...named, state: now.mine }, document: true });
    env.log(`project ${data.id} made`);
    if (copy() === now) await verbs.open(data.id); // unless they went on elsewhere meanwhile
    return data;
  }

  /** A draft that nothing is stored of. @param {WorkingCopy} now @param {{name: string, description?: string}} named */
  async function asProject(now, named) {
    const { env } = now;
    const body = { id: now.newProjectId, ...named, state: now.sendable };
    const saveId = newSaveId(now);
    now.asked = { saveId, base: now.base, sent: body.state };
    now.attempts.set(saveId, body.state); // what is typed meanwhile is typed on that
    now.noted(undefined); // a save that comes before the answer, or where there is none, looks first whether it was made
    backUp(now);
    const made = async () => {
      const answer = await attempted(now, saveId, env.request('POST', `/api/${tool}/projects`, { body, document: true })).catch((error) => {
        if (now.isDraft) throw error;
        return env.request('GET', now.url, { document: true }); // it was made, and a look found it
      });
      if (now.isDraft) follow(now, answer);
      return answer;
    };
    const making = made();
    now.making = making.catch(() => {}).finally(() => (now.making = null));
    const answer = await making;
    await env.session.write('PATCH', '', { current_tool: tool, active_project_id: answer.data.id });
    return answer.data;
  }

  /** @param {WorkingCopy} now @param {{name: string, description?: string}} body */
  async function renamed(now, body) {
    const { env } = now;
    await inOrder(`${env.uid}/${now.key}`, () => env.request('PATCH', now.url, { body, document: true }));
    await look(now);
    env.post(now.key, now.etag ?? '', now);
  }

  /** @param {{name: string, description?: string}} named @param {boolean} [renames] */
  async function savedAs(named, renames) {
    const asked = copy(); // what was on the page counts, whatever the server says there is to be shown
    const release = asked?.watch();
    const shownId = asked?.projectId;
    try {
      const { copy: current } = await restored();
      const now = asked && asked.env === current.env && asked.isPlaced ? asked : current;
      const wasDraft = now.isDraft || becoming === now || !shownId; // a look, a merge or the start may be faster: no copy was asked for
      return await inTurn(now, wasDraft, named, asked ? renames : false); // nobody gave that name to what they had not seen
    } finally {
      release?.();
    }
  }

  /** @param {WorkingCopy} now @param {boolean} wasDraft @param {{name: string, description?: string}} named @param {boolean} [renames] */
  async function inTurn(now, wasDraft, named, renames) {
    if (wasDraft) becoming = now;
    const mine = saving.then(() => toProject(now, wasDraft, named, renames));
    const settled = mine.then(() => true, () => false).then((done) => {
      if (saving !== settled) return; // a double click is one wish
      becoming = null;
      if (done) making = null;
    });
    saving = settled;
    const made = await mine;
    if (wasDraft && now !== copy() && now.projectId === made.id) use(now);
    return made;
  }

  /** What is known of the project: at the server, or where it cannot be reached, in this browser.
   *  @param {Env} env @param {string} id @returns {Promise<{next: WorkingCopy, release: () => void}>} watched, so that it stays open */
  async function known(env, id) {
    const watched = (/** @type {WorkingCopy} */ next) => ({ next, release: next.watch() });
    const open = env.find(tool, id);
    if (open) return watched(open);
    try {
      const project = await env.request('GET', `/api/${tool}/projects/${id}`, { document: true });
      if (project.data.trashed) throw new Problem(404, { detail: `"${project.data.name}" is in the trash: take it out of there to open it.` });
      return watched(env.find(tool, id) ?? projectCopy(env, tool, project));
    } catch (error) {
      const last = error instanceof Problem && error.status === 0 && (await env.seen.get(`${tool}/${id}`));
      if (!last || env.ended) throw error;
      return watched(env.find(tool, id) ?? new WorkingCopy(env, tool, last));
    }
  }

  const verbs = {
    /** @param {{name: string, description?: string}} named @returns {Promise<any>} the project */
    saveAs: (named) => savedAs(named),
    /** @param {string} id */
    async open(id) {
      const mine = ++turn;
      const { env, copy: now } = await restored();
      if (now.projectId === id) return look(now);
      const { next, release } = await known(env, id);
      try {
        if (mine === turn) await makeRoom(env, tool, copy(), untouched()).catch(onlyOnline);
        if (mine !== turn) return env.log(`project ${id} not opened: another was asked for since`);
        if (copy()?.projectId !== id) use(next); // the draft that was here is this very project, as another device saved it
      } finally {
        release();
      }
      env.log(`project ${id} opened`);
      env.quietly(look(copy() ?? next));
      await env.session.write('PATCH', '', { current_tool: tool, active_project_id: id }).catch((error) => {
        if (!(error instanceof Problem) || error.status !== 0) throw error; // offline it is open all the same
      });
    },
    async startNew() {
      const mine = ++turn;
      const { env, copy: now } = await restored();
      const cleared = await makeRoom(env, tool, now, untouched());
      if (mine !== turn) return;
      use(draftCopy(env, tool, {}, cleared?.etag));
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
      if (now.isDraft) await savedAs({ name: titleOf(tool, now.mine) }, false);
      await reach(env);
      await now.whenStored();
      const { data } = await env.request('POST', '/api/objects/promote', { body: { project_id: now.projectId, tool } });
      env.log(`project ${now.projectId} promoted to object ${data.id}`);
      await Promise.all([look(now), env.session.look()]);
      return data;
    },
    takeOver: objectOpener(restored, work),
  };

  /** Without a server a project may be left, but not a draft, which would be in nobody's way any more. @param {any} error */
  function onlyOnline(error) {
    if (!(error instanceof Problem) || error.status !== 0 || copy()?.isDraft) throw error;
  }

  return verbs;
}
