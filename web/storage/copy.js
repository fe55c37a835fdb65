/** The working copy of a document in this tab: what the server had last (base), what it is now (mine), and the patch between
 *  the two (pending).
 *
 *  It belongs to one user and one piece of work for its whole life: a save cannot reach a project that was opened meanwhile,
 *  and what answers late finds a copy that nobody watches. Whoever shows it watches it; it is never closed then. */
import { autosave, mayPass } from './autosave.js';
import { agreed, pendingAfter, received } from './decision.js';
import { copied, diff, isEmpty, lent, patched, patchOf, same, valueOf } from './json.js';
import { held } from './held.js';
import { observable } from './observable.js';
import { Problem } from './problem.js';
import { backUp, keepSeen } from './keeping.js';
import { learn } from './learning.js';
import { send } from './send.js';
import { draftField, fromDraft, fromDraftPath, hasEdits, isField, persistable } from './tools.js';
import { undo } from './undo.js';
/** @import {Conflict, Env, Home, Refused, State, Told, Tool} from './types' */

const AT_THE_KEYS = 60_000; // ms since the last key: what is under somebody's hands stands in a conflict

export class WorkingCopy {
  sending = false;
  /** Nothing of it is stored any more: it is sent whole. The base stays what it was typed on. */
  whole = false;
  /** @type {Map<string, State>} what was sent under which save id, and not answered */ attempts = new Map();
  /** @type {Map<string, {sent: State, names: boolean}>} what was refused: stored, if it was a gate that did; names: a field, as the API alone knows */
  refusals = new Map();
  /** @type {{saveId: string, base: State, sent: State} | null} the last merge: sent again, it has the same id */
  asked = null;
  /** @type {State[]} what of that was in the fields that are to be merged */
  tried = [];
  /** @type {State | null} what is known to be stored where fields are to be merged, which the base does not have */ stored = null;
  /** the fields that the server refused: they wait until they change */
  held = held();
  /** @type {State} what the page keeps in the state beside the tool's fields: neither sent nor backed up */ beside = {};
  /** @type {Error | null} why the last save was refused as a whole */
  failed = null;
  /** @type {string | undefined} of the newest that is known of the document, also where the base is older: a merge answers to it */
  seen;
  /** @type {string | undefined} when the session began that holds the draft: in another one it has expired */
  begun;
  /** @type {Promise<unknown> | null} a project is being made of the draft: until that is answered nothing is saved as the draft */ making = null;
  closed = false;
  typedAt = 0;
  id = crypto.randomUUID().slice(0, 8);
  backupId = ''; // of its backup's key, where an earlier page may have left a backup of the same draft
  #watchers = 0;
  /** @type {State} */ #shown;
  /** the key of its backup, if there is one; and those before, until that is kept */ backedUpAs = '';
  /** @type {Set<string>} */ formerly = new Set();

  /** @param {Env} env @param {Tool} tool
   *  @param {{home: Home, base: State, etag?: string, conflicts?: Conflict[], begun?: string}} seen  as the server answered it; without an ETag
   *    the base is not what the server has, and the next save is a merge */
  constructor(env, tool, { home, base, etag, conflicts = [], begun }) {
    this.env = env;
    this.begun = begun;
    this.tool = tool;
    this.base = base;
    this.mine = base;
    /** @type {State} */
    this.pending = {};
    this.etag = this.seen = etag;
    this.#shown = base;
    this.state = observable(lent(base));
    this.home = observable(home);
    this.conflicts = observable(conflicts);
    this.refused = observable(/** @type {Refused[]} */ ([]));
    this.told = observable(/** @type {Told[]} */ ([]));
    this.undo = undo();
    const tell = (/** @type {any} */ saved, /** @type {any} */ error) => this.#told(saved, error);
    this.queue = autosave(() => send(this), { delay: env.delay, tell });
    env.copies.add(this);
  }

  /** @returns {string | undefined} */
  get draftId() { return this.mine[draftField(this.tool)]; }

  /** What was sent and not answered, or refused by a gate: any of it may have been stored. @returns {State[]} the oldest first */
  get unanswered() { return [...this.tried, ...[...this.refusals.values()].filter(({ names }) => !names).map(({ sent }) => sent), ...this.attempts.values()]; }

  /** Whether something of it is not stored. */
  get dirty() {
    // What was sent and not answered may be stored, and not be wanted any more.
    return this.whole || this.attempts.size > 0 || hasEdits(this.pending);
  }

  /** The state without the fields that wait. */
  get sendable() { return this.held.without(this.mine, this.base); }

  /** Whether there is something to send. */
  get unsent() { return this.whole || this.attempts.size > 0 || hasEdits(this.held.size ? diff(this.base, this.sendable) : this.pending); }

  /** Whether it is known which document it is of: not before the first restore. */
  get isPlaced() { return this.home.get().kind !== 'unknown'; }

  get isDraft() { return this.home.get().kind === 'session'; }

  get projectId() { return projectOf(this.home.get())?.id ?? null; }
  get name() { return projectOf(this.home.get())?.name ?? ''; }

  /** The document, as tabs speak of it. */
  get key() { return this.projectId ? `${this.tool}/${this.projectId}` : 'session'; }

  /** The document and the tool, as this browser keeps it. */
  get place() { return `${this.tool}/${this.projectId ?? 'draft'}`; }

  get url() { return this.isDraft ? `/api/session/tools/${this.tool}` : `/api/${this.tool}/projects/${this.projectId}`; }

  /** Of the project that the draft would become, as the server derives it, or that all tabs make of one that is gone. */
  get newProjectId() { return `${this.env.uid}.${this.draftId ?? this.projectId?.replace(`${this.env.uid}.`, '').replaceAll('.', '-') ?? this.id}`; }

  /** What the document stores of it, spelled as here. @param {State} [stored]  a project's state, or the tool's map in the session */
  stateOf(stored = {}) { return this.isDraft ? fromDraft(this.tool, stored) : persistable(this.tool, stored); }

  /** A path in the document as one of the state. @param {string} path */
  pathOf(path) { return this.isDraft ? fromDraftPath(this.tool, path) : path; }

  get isAtTheKeys() { return Math.abs(Date.now() - this.typedAt) < AT_THE_KEYS; }

  get isWatched() { return this.#watchers > 0; }

  /** @returns {() => void} to be called once */
  watch() {
    const watchers = (/** @type {number} */ more) => {
      this.#watchers += more;
      if (!this.closed && (this.failed || this.held.size)) this.env.tell(this, 'unsaved'); // by its name, where it is not on the page
    };
    watchers(1);
    return () => {
      watchers(-1);
      this.rest();
    };
  }

  /** A change made here. @param {State} patch  copied as JSON has it @param {{undoable?: boolean}} [options] */
  change(patch, { undoable = true } = {}) {
    const all = Object.entries(copied(patch));
    const [fields, beside] = [true, false].map((known) => Object.fromEntries(all.filter(([name]) => isField(this.tool, name) === known)));
    const id = draftField(this.tool);
    if (this.isDraft && !this.draftId && !fields[id]) fields[id] = crypto.randomUUID();
    this.beside = patched(this.beside, beside);
    if (undoable) this.undo.note(this.mine, fields);
    const mine = patched(this.mine, fields);
    if (this.stored) this.base = agreed(this.base, mine, this.stored, fields);
    this.pending = pendingAfter(this.base, mine, this.pending, fields);
    this.#become(mine);
    this.typedAt = Date.now();
    this.failed = null;
    this.held.release(mine);
    this.#tellRefused();
    backUp(this);
    this.send();
  }

  /** Something is to be stored, as soon as it is known where. */
  send() {
    if (this.isPlaced) this.queue.changed();
    else this.env.tell(this, this.dirty ? 'unsaved' : 'saved');
  }

  /** The server has theirs now; what was typed since `from` stays, and is merged at the next save where others changed the same.
   *  @param {State} theirs @param {string} etag @param {State} [from] @param {State} [older]  what `from` was typed on, where theirs answers it */
  receive(theirs, etag, from = this.base, older = /** @type {State | undefined} */ (undefined)) {
    this.whole = false;
    const { base, mine, pending, both } = received(from, this.mine, theirs, this.unanswered, older);
    this.base = base;
    this.pending = pending;
    // What was sent and not answered is in what came, or can be stored no more: under its ETag. The merge needs to know of it.
    const tried = both.length ? [...this.tried, ...this.attempts.values()] : [];
    this.tried = tried.map((sent) => patched(base, patchOf(both.map((path) => [path, valueOf(sent, path) ?? null]))));
    for (const sent of [this.attempts, this.refusals]) sent.clear();
    this.#become(mine);
    this.noted(etag || undefined);
    if (both.length) [this.etag, this.stored] = [undefined, theirs];
    backUp(this);
    keepSeen(this);
  }

  /** @param {string | undefined} etag  of what the base is */
  noted(etag) {
    this.etag = this.seen = etag;
    this.failed = this.stored = null;
  }

  /** @param {State} sent  is what the server has now @param {string} etag */
  acknowledge(sent, etag) {
    const before = this.etag;
    this.receive(sent, etag, sent);
    // A session is one document: nothing but this draft has changed in it since `before`.
    const others = before && this.isDraft ? this.env.drafts().filter((copy) => copy.tool !== this.tool) : [];
    for (const copy of others.filter((one) => one.seen === before)) [copy.seen, copy.etag] = [etag, copy.etag && etag];
    this.env.post(this.key, etag, this);
  }

  /** It is known now which document it is of: what was typed so far was typed into an empty form.
   *  @param {{home: Home, base: State, etag?: string, conflicts?: any[], begun?: string}} seen */
  settle({ home, base, etag, conflicts, begun }) {
    this.home.set(home);
    this.begun = begun;
    this.receive(base, etag ?? '', {});
    if (this.isDraft && !this.draftId && !isEmpty(this.mine)) this.change({ [draftField(this.tool)]: this.id }, { undoable: false }); // as a backup of it would be recovered
    learn(this, { conflicts });
    this.env.tell(this, this.dirty ? 'unsaved' : 'saved');
    if (this.dirty) this.queue.changed();
  }

  /** It is known now where it belongs, or it belongs elsewhere: a draft that is a project now.
   *  @param {Home} home */
  move(home) {
    this.home.set(home);
    this.noted(undefined);
    backUp(this);
    this.env.log(home.kind === 'project' ? `the work is project ${home.id}` : `the ${this.tool} is the draft`);
  }

  /** Nothing of it is stored any more: it is stored whole. @param {string} etag  of the session */
  begin(etag) {
    this.whole = true;
    this.noted(etag);
    backUp(this);
  }

  /** These fields wait, and the others are sent. @param {[string, string][]} fields  path and reason
   *  @returns {boolean} whether any is one that was changed here */
  hold(fields) {
    const any = this.held.hold(this.pending, this.mine, fields);
    this.#tellRefused();
    return any;
  }

  /** All of it is stored; rejects where it is refused for good. */
  async whenStored() {
    await this.queue.flush();
    const waiting = this.held.list();
    if (waiting.length) throw new Problem(422, { detail: waiting[0].message, errors: Object.fromEntries(waiting.map(({ path, message }) => [path, [message]])) });
  }

  /** What was refused may be stored now. */
  tryAgain() {
    this.held.clear();
    this.failed = null;
    this.#tellRefused();
    if (this.dirty) this.send();
  }

  /** What is not stored is given up. */
  discard() {
    this.pending = {};
    this.whole = false;
    this.attempts.clear();
    this.tried = [];
    this.held.clear();
    this.#become(this.base);
    backUp(this);
    this.#tellRefused();
    this.queue.settled();
  }

  /** Closed as soon as nobody watches it and nothing of it is unsaved. */
  rest() {
    if (!this.isWatched && !this.dirty && !this.sending && this.queue.isIdle) this.close();
  }

  close() {
    this.closed = true;
    this.queue.stop();
    this.env.copies.delete(this);
    this.env.tell(this, 'gone');
  }

  /** @param {State} mine */
  #become(mine) {
    this.mine = mine;
    const next = isEmpty(this.beside) ? mine : { ...this.beside, ...mine };
    if (next === this.#shown) return;
    this.#shown = next;
    this.state.set(lent(next));
  }

  #tellRefused() {
    const now = this.held.list();
    if (same(now, this.refused.get())) return;
    this.refused.set(now);
    this.env.tell(this, this.queue.isIdle && !this.dirty ? 'saved' : 'unsaved');
  }

  /** @param {'unsaved' | 'saving' | 'saved'} saved @param {any} error */
  #told(saved, error) {
    if (this.closed) return;
    if (saved === 'saved' && this.unsent) return this.queue.changed(); // merged, and typed meanwhile in the same field
    if (error || saved === 'saved') this.failed = error && !mayPass(error) ? error : null;
    this.env.tell(this, saved, error);
    if (saved === 'saved') queueMicrotask(() => this.rest());
  }
}

/** @param {Home} home */
const projectOf = (home) => (home.kind === 'project' ? home : null);
