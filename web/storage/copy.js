/** The working copy of a document in this tab: what the server had last (base), and what it is now (state).
 *
 *  A save belongs to the copy that it was made in, so it cannot reach a project that was opened meanwhile. */
import { autosave } from './autosave.js';
import { diff, isEmpty, patched } from './json.js';
import { send } from './send.js';
import { draftField, persistable } from './tools.js';
/** @import {Conflict, Env, Home, State, Tool} from './types' */

export class WorkingCopy {
  /** Somebody saved since: the next save is a merge. */
  stale = false;
  sending = false;
  /** @type {Map<string, State>} what was sent under which save id, and not answered */
  attempts = new Map();

  // Whoever shows the copy listens.
  shown = (/** @type {State} */ _state) => {};
  moved = (/** @type {Home} */ _home) => {};
  conflicted = (/** @type {Conflict[]} */ _conflicts) => {};

  /** @param {Env} env @param {Tool} tool
   *  @param {{home: Home, base: State, etag?: string}} seen  as the server answered it */
  constructor(env, tool, { home, base, etag }) {
    this.env = env;
    this.tool = tool;
    /** @type {Home} */
    this.home = home;
    this.base = base;
    /** @type {State} */
    this.state = base;
    this.etag = etag;
    const tell = (/** @type {any} */ saved, /** @type {any} */ error) => env.copies.has(this) && env.tell(this, saved, error);
    this.queue = autosave(() => send(this), { delay: env.delay, passing: (error) => error.passing, tell });
    env.copies.add(this);
  }

  /** What of the state is stored. */
  get mine() {
    return persistable(this.tool, this.state);
  }

  /** @returns {string | undefined} */
  get draftId() {
    return this.state[draftField(this.tool)];
  }

  get dirty() {
    const names = Object.keys(diff(this.base, this.mine));
    return names.length > 0 && String(names) !== draftField(this.tool);
  }

  get isDraft() {
    return this.home.kind === 'session';
  }

  get projectId() {
    return this.home.kind === 'project' ? this.home.id : null;
  }

  /** The document, as tabs speak of it. */
  get key() {
    return this.isDraft ? 'session' : `${this.tool}/${this.projectId}`;
  }

  get url() {
    return this.isDraft ? `/api/session/tools/${this.tool}` : `/api/${this.tool}/projects/${this.projectId}`;
  }

  /** Of the project that the draft would become. The server derives the same of one that gives way to another. */
  get newProjectId() {
    return `${this.env.uid}.${this.draftId}`;
  }

  get backupKey() {
    return [this.env.uid, this.tool, this.projectId ?? `draft.${this.draftId}`, this.env.tab].join('/');
  }

  backup() {
    const { env, tool, mine: state, base, projectId, newProjectId, etag, backupKey: key } = this;
    if (!this.dirty) return env.backups.remove(key);
    const save_id = [...this.attempts.keys()].pop();
    void env.backups.put({ key, tool, userId: env.uid, tab: env.tab, state, base, projectId, newProjectId, etag, save_id, timestamp: Date.now() });
  }

  /** @param {State} next */
  change(next) {
    const fresh = this.isDraft && !this.draftId ? { [draftField(this.tool)]: crypto.randomUUID() } : {};
    this.#become({ ...fresh, ...next });
    this.backup();
    this.queue.changed();
  }

  /** @param {State} next */
  #become(next) {
    this.state = next;
    this.shown(next);
  }

  /** Theirs, with what was typed since `from` on top; what else the page keeps in the state stays.
   *  @param {State} theirs @param {string} etag @param {State} [from] */
  rebase(theirs, etag, from = this.base) {
    const typed = diff(from, this.mine);
    const beside = Object.entries(this.state).filter(([name]) => isEmpty(persistable(this.tool, { [name]: 1 })));
    this.base = theirs;
    this.#settle(etag);
    this.#become({ ...Object.fromEntries(beside), ...patched(theirs, typed) });
    this.backup();
  }

  /** @param {State} sent  is what the server has now @param {string} etag */
  acknowledge(sent, etag) {
    this.base = sent;
    this.#settle(etag);
    this.backup();
    this.env.post(this.key, etag);
  }

  /** @param {string} etag */
  #settle(etag) {
    const before = this.etag;
    this.stale = false;
    this.attempts.clear();
    this.at(etag);
    // A session is one document: whoever had its last ETag has seen all that is in the new one.
    if (before && this.isDraft) for (const copy of this.env.drafts()) if (copy.etag === before) copy.etag = etag;
  }

  /** @param {string} etag @param {string} [name]  of the project */
  at(etag, name) {
    this.etag = etag;
    if (this.home.kind === 'session') return;
    this.home = { ...this.home, ...(name && { name }), etag };
    this.moved(this.home);
  }

  /** The draft is a project; the next save is a merge with it. @param {{id: string, name: string}} project */
  move({ id, name }) {
    this.env.backups.remove(this.backupKey);
    this.home = { kind: 'project', id, name };
    this.stale = true;
    this.backup();
    this.moved(this.home);
    this.env.log(`the draft is project ${id}`);
  }

  close() {
    this.queue.stop();
    this.env.copies.delete(this);
    this.env.tell(this, 'gone');
  }
}
