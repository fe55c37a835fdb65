/** What is kept of a tool's work beside its state, wherever it is: saves of the session and of the open project, snapshots of
 *  this browser, and what recovery could not place. One list, one way to read it, one way back. */
import { keepSave } from './conflicts.js';
import { contents, copied, same } from './json.js';
import { Problem } from './problem.js';
import { fromDraft, persistable, titleOf } from './tools.js';
/** @import {WorkingCopy} from './copy.js' */
/** @import {Env, KeptEntry, State, Tool, Work} from './types' */

const WORDS = 200; // letters of each that a list shows

/** @param {{snapshots: any, stuck: any, projects: any, session: any, work: (tool: Tool) => Work, ready: () => Promise<Env>}} app */
export function kept({ snapshots, stuck, projects, session, work, ready }) {
  /** @param {any} save @param {Tool} tool @param {string | null} projectId @returns {KeptEntry} */
  const ofSave = (save, tool, projectId) => ({
    kind: 'save', id: save.id, place: projectId ? 'project' : 'session', tool: save.tool ?? tool, projectId, name: save.name ?? '', reason: save.reason ?? '',
    at: Date.parse(save.created_at) || 0, by: save.updated_by?.name ?? '', device: save.updated_by?.device ?? '', words: save.preview ?? '',
  });
  /** @param {any} snapshot @returns {KeptEntry} */
  const ofSnapshot = (snapshot) => ({
    kind: 'snapshot', id: snapshot.id, place: 'browser', tool: snapshot.tool, projectId: snapshot.projectId ?? null, name: snapshot.name, reason: snapshot.reason,
    at: snapshot.timestamp, by: '', device: 'this browser', words: wordsOf(snapshot.state ?? snapshot.raw),
  });
  /** @param {any} one @returns {KeptEntry} */
  const ofStuck = (one) => ({
    kind: 'snapshot', id: one.id, place: 'unsaved', tool: one.tool, projectId: one.projectId, name: one.name, reason: 'unsaved', at: Date.now(), by: '',
    device: 'this browser', words: wordsOf(stuck.stateOf(one.id)),
  });

  /** Every page of a list of saves. @param {(cursor?: string) => Promise<any>} ask */
  async function everyPage(ask) {
    const found = [];
    for (let cursor; ; ) {
      const page = await ask(cursor);
      if (!Array.isArray(page?.saves)) throw Problem.noAnswer();
      found.push(...page.saves);
      if (!page.next || found.length >= 1000) return found;
      cursor = page.next;
    }
  }

  return {
    /** Newest first; where the server cannot be asked, what this browser has, and `incomplete` says why.
     *  @param {{tool: Tool, projectId?: string | null}} which @returns {Promise<KeptEntry[] & {incomplete?: Problem}>} */
    async list({ tool, projectId = null }) {
      const lists = [
        everyPage((cursor) => session.savesPage({ cursor })).then((saves) => saves.filter((one) => !one.tool || one.tool === tool).map((one) => ofSave(one, tool, null))),
        projectId ? everyPage((cursor) => projects.savesPage(tool, projectId, { cursor })).then((saves) => saves.map((one) => ofSave(one, tool, projectId))) : [],
        snapshots.whole(tool).then((/** @type {any[]} */ found) => found.map(ofSnapshot)),
      ];
      const unsaved = stuck.get().filter((/** @type {any} */ one) => one.tool === tool).map(ofStuck);
      /** @type {Problem | undefined} */
      let incomplete;
      const unread = (/** @type {any} */ error) => {
        if (!(error instanceof Problem)) throw error;
        incomplete = error;
        return [];
      };
      const found = await Promise.all(lists.map((list) => Promise.resolve(list).catch(unread)));
      return Object.assign([...unsaved, ...found.flat()].sort((one, other) => other.at - one.at), incomplete && { incomplete });
    },
    /** In a project's spelling; what could not be read is under `unreadable`. @param {KeptEntry} entry @returns {Promise<State>} */
    async get({ place, id, tool, projectId }) {
      if (place === 'unsaved') return copied(stuck.stateOf(id) ?? {});
      if (place === 'browser') {
        const snapshot = await snapshots.get(id);
        return snapshot?.state ?? { unreadable: snapshot?.raw ?? '' };
      }
      const { state = {} } = place === 'project' ? await projects.getSave(tool, projectId, id) : await session.getSave(id);
      const found = place === 'project' ? persistable(tool, state) : fromDraft(tool, state);
      return Object.keys(found).length ? found : { unreadable: state };
    },
    /** Puts it into the open document of its tool, after what is there was kept; an edit like any, so it can be undone.
     *  @param {KeptEntry} entry */
    async restore(entry) {
      const into = work(entry.tool);
      const copy = await open(into);
      const state = await this.get(entry);
      if ('unreadable' in state) throw new Problem(422, { detail: 'This part could not be read as work of the tool: copy what you need of it by hand.' });
      // What others saved or somebody typed while that was kept is kept, too: just what is kept is replaced.
      for (let kept = null; !same(kept, copy.mine); ) {
        kept = copy.mine;
        await before(copy, `Before "${entry.name}" was restored`, 'before-restore');
        if (copy.env.ended) throw Problem.ended();
      }
      if (!into.isShowing(copy)) throw new Problem(409, { detail: 'Another document was opened meanwhile. Nothing was changed: open this one again.' });
      into.replace(state);
    },
    /** Keeps what is on the page of a tool now. @param {Tool} tool @param {string} name */
    async keep(tool, name) {
      await before(await open(work(tool)), name, 'named');
    },
    /** @param {KeptEntry} entry */
    async remove(entry) {
      if (entry.place === 'browser') return snapshots.remove(entry.id);
      if (entry.place === 'session') return session.deleteSave(entry.id);
      if (entry.place === 'project') return projects.deleteSave(entry.tool, entry.projectId, entry.id);
      throw new Problem(409, { detail: 'This is not stored yet: store or discard it first.' });
    },
  };

  /** What the page of a tool shows. @param {Work} into @returns {Promise<WorkingCopy>} */
  async function open(into) {
    const env = await ready();
    await into.load(env);
    const copy = into.copy();
    if (!copy || copy.env.ended) throw Problem.ended();
    return copy;
  }

  /** At the server, or without one in this browser. @param {WorkingCopy} copy @param {string} name @param {string} reason */
  async function before(copy, name, reason) {
    const { tool, mine: state, projectId, env } = copy;
    if (!contents(state).length) return;
    try {
      await keepSave(copy, name, reason);
    } catch (error) {
      if (!(error instanceof Problem) || env.ended) throw error;
      await env.setAside({ tool, reason: 'before restore', name: titleOf(tool, state), state, projectId });
    }
  }
}

/** @param {any} state */
const wordsOf = (state) => contents(state ?? '').join(' · ').slice(0, WORDS);
