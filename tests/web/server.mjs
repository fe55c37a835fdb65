/** The API as a page meets it (docs/openapi.json): an ETag on every answer of a document, problem documents for refusals, a
 *  merge by three ways with open conflicts and the saves that hold what gave way. Small, in memory, and for one test. */
import { isMap, patched, same } from '../../web/storage/json.js';

/** @typedef {{version: number, data: any, saveId?: string, lastSaves?: Record<string, string>, saves: Map<string, any>}} Doc */

export function api() {
  /** @type {Record<string, {session: Doc, projects: Record<string, Doc>, objects: Record<string, any>}>} */
  const users = {};
  let count = 0;
  const self = {
    users,
    /** `alice PATCH /api/session`, as they came */
    calls: [],
    /** the same with what was in them */
    requests: [],
    /** no answer, and nothing comes in */
    down: false,
    /** the answers to these wait for release(); what they ask is done at once */
    hold: () => false,
    waiting: [],
    release() {
      self.hold = () => false;
      for (const go of self.waiting.splice(0)) go();
    },
    /** what somebody on the way answers instead; undefined: nobody does */
    instead: (method, path, body, uid) => undefined,
    /** the fields of a state that are refused @type {(state: any) => Record<string, string[]> | null} */
    refused: () => null,
    of(uid) {
      users[uid] ??= { session: newDoc({}), projects: {}, objects: {} };
      return users[uid];
    },
    /** A project that is there. */
    project(id, words, { uid = 'alice', ...more } = {}) {
      return (self.of(uid).projects[id] = newDoc({ id, name: id, state: { search_context: words }, ...more }));
    },
    /** What another device saved in a document meanwhile. @param {Doc} doc @param {any} data */
    elsewhere(doc, data) {
      write(doc, data, `other-${++count}`);
    },
    /** Of a tool's draft. */
    draft: (uid = 'alice', tool = 'ruleslawyer') => self.of(uid).session.data[tool],
  };

  globalThis.fetch = async (path, { method, body, headers, signal }) => {
    const uid = headers.Authorization.slice('Bearer '.length);
    const sent = body && JSON.parse(body);
    self.calls.push(`${uid} ${method} ${path}`);
    self.requests.push({ uid, method, path, body: sent, headers });
    if (self.down) throw new TypeError('down');
    const other = await self.instead(method, path, sent, uid);
    if (other instanceof Error) throw other;
    const response = other ?? answered(() => route(self, uid, method, path, sent ?? {}, headers));
    if (self.hold(method, path, uid)) await new Promise((go) => self.waiting.push(go));
    if (self.down) throw new TypeError('lost');
    return response;
  };
  return self;
}

/** A refusal as the API words it. */
export const problem = (status, more = {}, headers = {}) =>
  new Response(JSON.stringify({ status, title: 'Refused', detail: `Refused with ${status}.`, ...more }), { status, headers: { 'Content-Type': 'application/problem+json', ...headers } });

/** What a hotel's sign-in page, or a proxy, says. */
export const portal = (status = 200, text = '<p>Welcome. Please sign in.', type = 'text/html') => new Response(text, { status, headers: { 'Content-Type': type } });

/** @returns {Doc} */
const newDoc = (data) => ({ version: 1, data, saves: new Map() });
const etag = (doc) => `"${doc.version}"`;
const write = (doc, data, saveId) => Object.assign(doc, { data, version: doc.version + 1, saveId, ...(saveId && { lastSaves: { ...doc.lastSaves, [saveId[0]]: saveId } }) });

class Refusal extends Error {
  constructor(status, more) {
    super(String(status));
    Object.assign(this, { status, more });
  }
}

function answered(run) {
  try {
    const { status = 200, data, doc } = run();
    const headers = { 'Content-Type': 'application/json', ...(doc && { ETag: etag(doc) }) };
    return new Response(status === 204 || status === 304 ? null : JSON.stringify(data), { status, headers });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return problem(error.status, error.more);
  }
}

const told = (doc) => ({ ...doc.data, updated_by: { save_id: doc.saveId }, ...(doc.lastSaves && { last_saves: doc.lastSaves }) });
const shown = (doc, status = 200) => ({ status, data: told(doc), doc });

function unchanged(doc, headers) {
  const { 'If-Match': seen } = headers;
  if (seen && seen !== etag(doc)) throw new Refusal(412, { current: told(doc), etag: etag(doc), updated_by: { save_id: doc.saveId } });
}

function valid(self, state, under) {
  const errors = self.refused(state);
  if (errors) throw new Refusal(422, { errors: Object.fromEntries(Object.entries(errors).map(([path, why]) => [under + path, why])) });
}

function route(self, uid, method, path, body, headers) {
  const [route, query] = path.split('?');
  const { session, projects, objects } = self.of(uid);
  const saveId = headers['X-Save-Id'];
  const [, tool, rest = ''] = /^\/api\/session\/tools\/(\w+)(\/.*)?$/.exec(route) ?? [];
  if (tool) return draft(self, uid, method, tool, rest, body, headers);
  if (route === '/api/session/recover') return recovered(self, uid, body);
  if (route === '/api/session/claim') return { data: { accepted: {}, done: true } };
  if (route === '/api/client-errors') return { status: 204 };
  if (route.startsWith('/api/session')) {
    const [, id] = /^\/api\/session\/saves\/(.+)$/.exec(route) ?? [];
    if (id) return saveOf(session, method, id);
    if (route === '/api/session/saves') return { data: { saves: listed(session) } };
    if (route !== '/api/session') return { data: write(session, session.data, saveId) && { etag: etag(session) }, doc: session };
    if (method === 'PUT') return shown(session);
    if (method === 'GET') return headers['If-None-Match'] === etag(session) ? { status: 304, doc: session } : shown(session);
    unchanged(session, headers);
    const { current_tool, active_project_id } = body;
    const pointer = current_tool && active_project_id !== undefined ? { [current_tool]: { ...session.data[current_tool], current_project_id: active_project_id ?? undefined } } : {};
    return shown(write(session, { ...session.data, ...body, ...pointer }, saveId));
  }
  const [, kind, id, verb] = /^\/api\/(\w+)\/projects(?:\/([^/]+))?(\/.*)?$/.exec(route) ?? [];
  if (kind) return ofProjects(self, uid, method, kind, id, verb, body, headers, query);
  const [, objectId, act] = /^\/api\/objects\/([^/]+)(\/\w+)?$/.exec(route) ?? [];
  const object = objects[objectId];
  if (!object) throw new Refusal(404);
  if (!act) return { data: object, doc: newDoc() };
  const opened = { draft_id: body.draft_id, active_object_id: objectId, search_context: object.words };
  write(session, { ...session.data, ruleslawyer: opened });
  return { data: { tool: 'ruleslawyer', draft: opened }, doc: session };
}

function draft(self, uid, method, tool, rest, body, headers) {
  const { session, projects } = self.of(uid);
  const now = session.data[tool] ?? {};
  const put = (state) => write(session, { ...session.data, [tool]: state }, headers['X-Save-Id']);
  const { conflicts, current_project_id, ...state } = now;
  if (rest === '/merge') {
    valid(self, body.mine, 'mine.');
    if (session.saveId === headers['X-Save-Id']) return { data: { state, conflicts: conflicts ?? [], etag: etag(session) }, doc: session };
    unchanged(session, headers);
    if (now.draft_id && body.mine.draft_id && now.draft_id !== body.mine.draft_id) {
      const id = `${uid}.${body.mine.draft_id}`;
      projects[id] ??= newDoc({ id, name: 'Untitled', state: body.mine });
      return { data: { project: projects[id].data, state, conflicts: conflicts ?? [], etag: etag(session) }, doc: session };
    }
    const next = mergedInto(session, state, conflicts, body, headers);
    put({ ...next.state, ...(next.conflicts.length && { conflicts: next.conflicts }) });
    return { data: { ...next, etag: etag(session) }, doc: session };
  }
  if (rest === '/conflicts/choose') {
    unchanged(session, headers);
    const next = chosen(session, state, conflicts ?? [], body);
    put({ ...next.state, ...(next.conflicts.length && { conflicts: next.conflicts }) });
    return { data: { ...next, etag: etag(session) }, doc: session };
  }
  if (rest === '/saves') return { status: 201, data: kept(session, { state, tool, ...body }) };
  unchanged(session, headers);
  valid(self, body, '');
  put(method === 'PUT' ? body : patched(now, body));
  return { data: { etag: etag(session) }, doc: session };
}

function ofProjects(self, uid, method, tool, id, verb, body, headers, query = '') {
  const { session, projects } = self.of(uid);
  if (!id && method === 'POST') return created(self, uid, tool, body);
  if (!id) return { data: { projects: Object.values(projects).map(({ data: { state, ...one } }) => one).filter((one) => Boolean(one.trashed) === query.includes('trashed')) } };
  const project = projects[id];
  if (!project) throw new Refusal(404);
  const { state = {}, conflicts = [], trashed } = project.data;
  const put = (more) => write(project, { ...project.data, ...more }, headers['X-Save-Id']);
  if (method === 'GET' && !verb) return headers['If-None-Match'] === etag(project) ? { status: 304, doc: project } : shown(project);
  if (verb === '/undelete') return shown(put({ trashed: false }));
  if (verb?.startsWith('/saves/')) return saveOf(project, method, verb.slice('/saves/'.length));
  if (verb === '/saves' && method === 'GET') return { data: { saves: listed(project) } };
  if (trashed) throw new Refusal(409, { detail: `"${project.data.name}" is in the trash: take it out of there first.` });
  if (verb === '/saves') return { status: 201, data: kept(project, { state, ...body }) };
  if (verb === '/merge') {
    valid(self, body.mine, 'mine.');
    if (project.saveId === headers['X-Save-Id']) return { data: { state, conflicts, name: project.data.name, etag: etag(project) }, doc: project };
    unchanged(project, headers);
    put(mergedInto(project, state, conflicts, body, headers));
    return { data: { state: project.data.state, conflicts: project.data.conflicts, name: project.data.name, etag: etag(project) }, doc: project };
  }
  if (verb === '/conflicts/choose') {
    unchanged(project, headers);
    put(chosen(project, state, conflicts, body));
    return { data: { state: project.data.state, conflicts: project.data.conflicts, etag: etag(project) }, doc: project };
  }
  if (method === 'DELETE') return put({ trashed: true }) && { status: 204 };
  unchanged(project, headers);
  if (body.state) valid(self, body.state, 'state.');
  put({ ...body, state: patched(state, body.state ?? {}) });
  return { data: { etag: etag(project) }, doc: project };
}

function created(self, uid, tool, { id, from_draft, ...body }) {
  const { session, projects } = self.of(uid);
  if (projects[id]) return shown(projects[id]);
  const { current_project_id, conflicts, ...draft } = session.data[tool] ?? {};
  if (from_draft && !Object.keys(draft).length) throw new Refusal(409, { detail: 'The session holds no draft of this tool to save.' });
  if (body.state) valid(self, body.state, 'state.');
  projects[id] = newDoc({ id, ...body, state: from_draft ? draft : body.state });
  if (from_draft) write(session, { ...session.data, active_project_id: id, [tool]: { current_project_id: id } });
  return shown(projects[id], 201);
}

/** docs/recovery.md, as far as a client notices. */
function recovered(self, uid, { tool, state, base = {}, projectId, newProjectId, raw }) {
  const { session, projects } = self.of(uid);
  if (raw !== undefined) return { data: { recovered: 'default', action: 'keep_as_save', why: 'It could not be read, and is kept as a save.', session: session.data, session_etag: etag(session) } };
  const project = projects[projectId];
  const done = (answer, action, doc) => ({ data: { recovered: answer, action, why: `It is ${action}.`, conflicts: [], ...(doc === session ? {} : { project: shown(doc).data, project_etag: etag(doc) }), session: shown(session).data, session_etag: etag(session) } });
  if (project && !project.data.trashed) {
    const next = mergedInto(project, project.data.state, project.data.conflicts, { base, mine: state, stands: 'stored' }, {});
    if (same(next.state, project.data.state) && !next.conflicts.length) return done('exact', 'none', project);
    return done('exact', 'merge', write(project, { ...project.data, ...next }));
  }
  const { conflicts, current_project_id, ...draft } = session.data[tool] ?? {};
  if (projectId === null && (!draft.draft_id || draft.draft_id === state.draft_id)) {
    const next = mergedInto(session, draft, conflicts, { base, mine: state, stands: 'stored' }, {});
    write(session, { ...session.data, [tool]: { ...next.state, ...(next.conflicts.length && { conflicts: next.conflicts }) } });
    return done('session', 'merge', session);
  }
  projects[newProjectId] ??= newDoc({ id: newProjectId, name: 'Recovered', state });
  return done('new', 'create', projects[newProjectId]);
}

/** @returns {{state: any, conflicts: any[]}} all that are open afterwards; what gave way is a save of the document */
function mergedInto(doc, stored, open = [], { base: seen, mine, stands = 'mine', attempts = [] }, headers) {
  const paths = [];
  /** A save without an answer came in if merging it once more changes nothing. */
  const cameIn = (attempt, told = []) => same(merged(seen, attempt, stored, 'mine', [], told), stored) && !told.length;
  const base = attempts.findLast((attempt) => cameIn(attempt)) ?? seen;
  const state = merged(base, mine, stored, stands, [], paths) ?? {};
  if (!paths.length) return { state, conflicts: open };
  const save = kept(doc, { state: stands === 'mine' ? stored : mine, reason: 'conflict', name: 'Gave way in a merge' });
  const more = paths.map((path) => ({ path, by: 'Alice', device: headers['X-Device-Id'] ?? '', at: '2026-11-26T10:00:00Z', save_id: save.id }));
  return { state, conflicts: [...open, ...more].slice(-20) };
}

function chosen(doc, state, open, { save_id, path, choice }) {
  const entry = open.find((one) => one.path === path && one.save_id === save_id);
  if (!entry) return { state, conflicts: open };
  const conflicts = open.filter((one) => one !== entry);
  if (choice === 'stored') return { state, conflicts };
  kept(doc, { state, reason: 'conflict', name: 'Gave way by choice' });
  const names = path.split('.');
  const other = names.reduce((found, name) => found?.[name], doc.saves.get(save_id).state);
  return { state: patched(state, names.reduceRight((inner, name) => ({ [name]: inner }), other ?? null)), conflicts };
}

let saves = 0;
function kept(doc, { id = `save-${++saves}`, ...save }) {
  const words = JSON.stringify(save.state ?? {}).replace(/[{}"[\]]/g, ' ');
  if (!doc.saves.has(id)) doc.saves.set(id, { id, created_at: new Date(1764_000_000_000 + 1000 * saves++).toISOString(), updated_by: { name: 'Alice', device: 'd' }, preview: words.slice(0, 200), ...save });
  return doc.saves.get(id);
}
const listed = (doc) => [...doc.saves.values()].map(({ state, ...summary }) => summary).reverse();
function saveOf(doc, method, id) {
  if (!doc.saves.has(id)) throw new Refusal(404);
  if (method === 'DELETE') return doc.saves.delete(id) && { status: 204 };
  return { data: doc.saves.get(id) };
}

/** Three ways: maps by field, texts by words, lists by elements. @param {string[]} path @param {string[]} conflicts  found */
export function merged(base, mine, stored, stands, path, conflicts) {
  if (same(mine, stored) || same(base, mine)) return stored;
  if (same(base, stored)) return mine;
  if (isMap(mine) && isMap(stored)) {
    const names = [...new Set([...Object.keys(stored), ...Object.keys(mine)])];
    const all = names.map((name) => [name, merged(isMap(base) ? base[name] : undefined, mine[name], stored[name], stands, [...path, name], conflicts)]);
    return Object.fromEntries(all.filter(([, value]) => value !== undefined));
  }
  if (mine === undefined) return stored; // an edit stands against a deletion
  if (stored === undefined) return mine;
  const [areLists, areTexts] = [Array.isArray(mine) && Array.isArray(stored), typeof mine === 'string' && typeof stored === 'string'];
  const both = areLists ? spliced(base ?? [], mine, stored) : areTexts ? words(base ?? '', mine, stored) : undefined;
  if (both !== undefined) return both;
  conflicts.push(path.join('.'));
  return stands === 'mine' ? mine : stored;
}

function words(base, mine, stored) {
  const tokens = (text) => String(text).split(' ').filter(Boolean);
  return spliced(tokens(base), tokens(mine), tokens(stored))?.join(' ');
}

/** Both sides' edits; what both put in the same place once, or stored first. Undefined where both replaced the same. */
function spliced(base, mine, stored) {
  const [ours, theirs] = [hunks(base, mine), hunks(base, stored)];
  const result = [];
  let at = 0;
  while (ours.length || theirs.length) {
    const start = Math.min(ours[0]?.start ?? Infinity, theirs[0]?.start ?? Infinity);
    let end = start;
    const group = [[], []];
    for (let more = true; more; ) {
      more = false;
      for (const [i, side] of [ours, theirs].entries()) {
        if (!side.length || !(side[0].start < end || side[0].start === start)) continue;
        end = Math.max(end, side[0].end);
        group[i].push(side.shift());
        more = true;
      }
    }
    const now = combined(...group.map((side) => side.length && region(base, side, start, end)), start === end);
    if (!now) return undefined;
    result.push(...base.slice(at, start), ...now);
    at = end;
  }
  return [...result, ...base.slice(at)];
}

/** What a side has instead of base[start:end]. */
const region = (base, side, start, end) => [...side.flatMap((one, i) => [...base.slice(i ? side[i - 1].end : start, one.start), ...one.now]), ...base.slice(side.at(-1).end, end)];

function combined(mine, stored, areInsertions) {
  if (!mine || !stored) return mine || stored;
  const holds = (one, other) => ` ${one.map((x) => JSON.stringify(x)).join(' ')} `.includes(` ${other.map((x) => JSON.stringify(x)).join(' ')} `);
  if (!mine.length || !stored.length) return mine.length ? mine : stored; // an edit stands against a deletion
  if (holds(mine, stored)) return mine;
  if (holds(stored, mine)) return stored;
  return areInsertions ? [...stored, ...mine] : undefined;
}

/** By the longest common part. @returns {{start: number, end: number, now: any[]}[]} */
function hunks(base, side) {
  const length = base.map(() => new Array(side.length + 1).fill(0)).concat([new Array(side.length + 1).fill(0)]);
  for (let i = base.length - 1; i >= 0; i--) for (let j = side.length - 1; j >= 0; j--) length[i][j] = same(base[i], side[j]) ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
  const found = [];
  for (let [i, j] = [0, 0]; i < base.length || j < side.length; ) {
    if (i < base.length && j < side.length && same(base[i], side[j])) {
      [i, j] = [i + 1, j + 1];
      continue;
    }
    const hunk = { start: i, end: i, now: [] };
    while ((i < base.length || j < side.length) && !(i < base.length && j < side.length && same(base[i], side[j]))) {
      if (j >= side.length || (i < base.length && length[i + 1][j] >= length[i][j + 1])) hunk.end = ++i;
      else hunk.now.push(side[j++]);
    }
    found.push(hunk);
  }
  return found;
}
