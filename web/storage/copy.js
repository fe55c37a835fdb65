/** The working copy of a document in this tab: what the server had last (base), and what it is now (state).
 *
 *  A save belongs to the copy it was made in, so it cannot reach a project that was opened meanwhile. */
import { autosave } from './autosave.js';
import { contents, diff, isEmpty, patched, same } from './json.js';
import { Problem } from './problem.js';
import { inOrder } from './tabs.js';
import { draftField, fromDraft, fromDraftPath, hasWork, persistable, titleOf } from './tools.js';
/** @import {Copy, Env, Home, State, Tool} from './types' */


const TRIES = 4; // each mends one refusal; more would be a quarrel between tabs, which the next autosave settles

/** Whether most of what a person would miss is gone. @param {State} before @param {State} now */
export function emptied(before, now) {
  const [had, has] = [before, now].map((state) => contents(state).join('').length);
  return had >= 40 && has < had / 4;
}

/** @param {Env} env  @param {Tool} tool
 *  @param {{home: Home, base: State, etag?: string}} seen  as the server answered it
 *  @returns {Copy} */
export function workingCopy(env, tool, seen) {
  let { home, base, etag } = seen;
  let state = base;
  let stale = false; // somebody saved since: the next save is a merge
  let sending = false;
  /** @type {Map<string, State>} what was sent under which save id, and not answered */
  const attempts = new Map();
  const queue = autosave(send, { delay: env.delay, passing: (error) => error.passing, tell: (saved, error) => env.tell(copy, saved, error) });

  const mine = () => persistable(tool, state);
  const key = () => (home.kind === 'project' ? `${tool}/${home.id}` : 'session');
  const url = () => (home.kind === 'project' ? `/api/${tool}/projects/${home.id}` : `/api/session/tools/${tool}`);
  const newProjectId = () => `${env.uid}.${state[draftField(tool)]}`; // the server derives the same from a draft that gives way
  const backupKey = () => [env.uid, tool, home.kind === 'project' ? home.id : `draft.${state[draftField(tool)]}`, env.tab].join('/');

  function dirty() {
    const names = Object.keys(diff(base, mine()));
    return names.length > 0 && String(names) !== draftField(tool);
  }

  function backup() {
    if (!dirty()) return env.backups.remove(backupKey());
    const projectId = home.kind === 'project' ? home.id : null;
    const record = { key: backupKey(), tool, userId: env.uid, tab: env.tab, state: mine(), base, projectId, etag };
    void env.backups.put({ ...record, newProjectId: newProjectId(), timestamp: Date.now(), save_id: [...attempts.keys()].pop() });
  }

  /** @param {State} next */
  function become(next) {
    state = next;
    copy.shown(state);
  }

  /** @param {State} theirs @param {string} newEtag  what else the page keeps in the state stays */
  function rebase(theirs, newEtag, from = base) {
    const ours = diff(from, mine());
    const beside = Object.fromEntries(Object.entries(state).filter(([name]) => isEmpty(persistable(tool, { [name]: 1 }))));
    base = theirs;
    settle(newEtag);
    become({ ...beside, ...patched(theirs, ours) });
    backup();
  }

  /** @param {string} newEtag */
  function settle(newEtag) {
    const old = etag;
    etag = newEtag;
    stale = false;
    attempts.clear();
    if (home.kind === 'project') copy.moved((home = { ...home, etag }));
    else if (old) env.session.advance(old, etag);
  }

  /** @param {State} sent @param {string} newEtag */
  function acknowledge(sent, newEtag) {
    base = sent;
    settle(newEtag);
    backup();
    env.post(key(), newEtag);
  }

  async function send() {
    sending = true;
    try {
      await inOrder(`${env.uid}/${key()}`, async () => {
        for (let tries = 0; stale || dirty(); tries++) {
          const sent = mine();
          try {
            return await (stale ? merge(sent) : write(sent));
          } catch (error) {
            if (tries === TRIES || !(error instanceof Problem)) throw error;
            await understand(error);
          }
        }
      });
    } finally {
      sending = false;
    }
  }

  /** @param {State} sent */
  async function write(sent) {
    const saveId = crypto.randomUUID();
    attempts.set(saveId, sent);
    backup();
    if (emptied(base, sent)) await env.setAside({ tool, reason: 'emptied', name: titleOf(tool, base), state: base, projectId: home.kind === 'project' ? home.id : null });
    const patch = diff(base, sent);
    const whole = home.kind === 'session' && isEmpty(base); // so that nothing of an earlier draft stays below it
    const body = home.kind === 'project' ? { state: patch } : whole ? sent : patch;
    const answer = await env.request(whole ? 'PUT' : 'PATCH', url(), { body, etag, saveId });
    acknowledge(sent, answer.etag);
    env.log(`saved ${key()}: ${Object.keys(patch)}`);
  }

  /** @param {State} sent @returns {Promise<void>} */
  async function merge(sent) {
    const { data } = await env.request('POST', `${url()}/merge`, { body: { base, mine: sent }, saveId: crypto.randomUUID() });
    if (data.project) {
      move(data.project);
      return merge(sent);
    }
    const draft = home.kind === 'session';
    rebase(draft ? fromDraft(tool, data.state) : persistable(tool, data.state), data.etag, sent);
    env.post(key(), data.etag);
    const conflicts = data.conflicts.map((/** @type {any} */ one) => (draft ? { ...one, path: fromDraftPath(tool, one.path) } : one));
    env.log(`merged ${key()}, in conflict: ${conflicts.map((/** @type {any} */ one) => one.path)}`);
    if (conflicts.length) copy.conflicted(conflicts);
  }

  /** A refusal that the next try will not meet; throws every other. @param {Problem} problem */
  async function understand(problem) {
    const sent = attempts.get(problem.updatedBy?.save_id);
    if (problem.status === 412 && sent) return acknowledge(sent, problem.etag);
    if (problem.status === 412 && home.kind === 'project') return void (stale = true);
    if (problem.status === 412) return elsewhere(problem.current[tool], problem.etag);
    if (home.kind === 'project' || ![404, 409].includes(problem.status)) throw problem;
    const opened = await env.session.open(); // it had expired, or somebody ended it
    await elsewhere(opened.data[tool], opened.etag);
  }

  /** The session changed: does it still hold this draft? @param {State | undefined} map @param {string} newEtag */
  async function elsewhere(map, newEtag) {
    const theirs = fromDraft(tool, map);
    if (!same(theirs, base)) {
      if (!isEmpty(theirs)) return void (stale = true); // a merge; of two drafts it makes two pieces of work
      if (!isEmpty(base) && (await followed())) return;
      base = {};
    }
    etag = newEtag;
  }

  /** Whether the draft became a project in another tab or on another device; then this copy is one of it. */
  async function followed() {
    const project = await env.project(tool, newProjectId());
    if (project) move(project.data);
    return Boolean(project);
  }

  /** @param {State} project  the next save is a merge with it */
  function move(project) {
    env.backups.remove(backupKey());
    env.session.copies.delete(copy);
    home = { kind: 'project', id: project.id, name: project.name };
    stale = true;
    backup();
    copy.moved(home);
    env.log(`the draft is project ${project.id}`);
  }

  /** @type {Copy} */
  const copy = {
    tool,
    shown: () => {},
    moved: () => {},
    conflicted: () => {},
    get: () => ({ state, base, home, etag, dirty: dirty() }),
    change(next) {
      const fresh = home.kind === 'session' && !state[draftField(tool)] ? { [draftField(tool)]: crypto.randomUUID() } : {};
      become({ ...fresh, ...next });
      backup();
      queue.changed();
    },
    flush: () => queue.flush(),
    advance(from, to) {
      if (etag === from) etag = to;
    },
    /** The draft was moved into a project by this tab. */
    became(project, newEtag) {
      const from = base;
      move(project);
      rebase(persistable(tool, project.state ?? {}), newEtag, from);
    },
    rename(name) {
      if (home.kind === 'project') copy.moved((home = { ...home, name }));
    },
    async look() {
      if (home.kind === 'session') return env.session.look();
      const known = etag;
      const answer = await env.request('GET', url(), { seen: etag });
      if (answer.status === 304 || etag !== known || sending) return;
      copy.rename(answer.data.name);
      saw(persistable(tool, answer.data.state ?? {}), answer.etag);
    },
    async sawSession(map, newEtag) {
      const theirs = fromDraft(tool, map);
      if (sending) return;
      const id = draftField(tool);
      if (hasWork(base) && !same(theirs, base) && theirs[id] !== base[id] && (await followed())) return void queue.changed();
      saw(theirs, newEtag);
    },
    told(newEtag) {
      if (newEtag === etag || sending) return;
      if (dirty()) stale = true;
      else return copy.look();
    },
    close() {
      queue.stop();
      env.session.copies.delete(copy);
      env.copies.delete(copy);
      env.tell(copy, 'gone');
    },
  };

  /** @param {State} theirs @param {string} newEtag */
  function saw(theirs, newEtag) {
    if (same(theirs, base)) etag = newEtag;
    else if (!dirty()) rebase(theirs, newEtag);
    else if (home.kind === 'project' || !isEmpty(theirs)) stale = true;
    if (home.kind === 'project') copy.moved((home = { ...home, etag }));
  }

  env.copies.add(copy);
  if (home.kind === 'session') env.session.copies.add(copy);
  return copy;
}
