/** Bugs planted by name, each with a seed that catches it: texts of web/storage and of the functions that are replaced when they
 *  are loaded. A text has to be there exactly once; where it is not, the run says so and fails. */

/** @typedef {{file: string, find: string, replace: string}} Patch */

/** @type {Record<string, {seed: number, patches: Patch[]}>} */
export const PLANTS = {
  'autosave of an emptied form': {
    seed: 4,
    patches: [{ file: 'web/storage/copy.js', find: "this.receive(base, etag ?? '', {});", replace: "this.receive(base, etag ?? '', base);" }],
  },
  'backup without projectId': {
    seed: 13,
    patches: [{ file: 'web/storage/keeping.js', find: '...(copy.isPlaced && { projectId }), ', replace: '' }],
  },
  'save during restore': {
    seed: 15,
    patches: [
      { file: 'web/storage/copy.js', find: "    if (this.isPlaced) this.queue.changed();\n    else this.env.tell(this, this.dirty ? 'unsaved' : 'saved');", replace: '    this.queue.changed();' },
      { file: 'web/storage/copy.js', find: "return this.home.get().kind === 'session';", replace: "return this.home.get().kind !== 'project';" },
      { file: 'web/storage/send.js', find: 'copy.unsent && copy.isPlaced && !copy.closed', replace: 'copy.unsent && !copy.closed' },
      { file: 'web/storage/send.js', find: 'copy.etag && !inQuestion(copy) ? write', replace: '(copy.etag && !inQuestion(copy)) || !copy.isPlaced ? write' },
    ],
  },
  'stale save after a switch': {
    seed: 28,
    patches: [
      { file: 'web/storage/moves.js', find: '        if (copy()?.projectId !== id) use(next);', replace: '        if (now.dirty && now.projectId) (now.home.set(next.home.get()), (now.etag = next.etag));\n        use(next);' },
    ],
  },
  'blind retry after a 412': {
    seed: 7,
    patches: [{ file: 'web/storage/send.js', find: 'if (problem.status === 412) return', replace: 'if (problem.status === 412) return void (copy.etag = problem.etag);\n  if (problem.status === 412) return' }],
  },
  'whole-state overwrite': {
    seed: 4,
    patches: [
      {
        file: 'web/storage/send.js',
        find: "env.request(whole ? 'PUT' : 'PATCH', url, { body, etag, saveId, document: true })",
        replace: "env.request('PUT', copy.url, { body: isDraft ? sent : { name: copy.name || 'x', state: sent }, etag: undefined && { body, etag }, saveId, document: true })",
      },
    ],
  },
  'non-idempotent create': {
    seed: 1,
    patches: [{ file: 'functions/projects.py', find: 'sent.pop("id", None) or str(uuid.uuid4())', replace: '(sent.pop("id", None), str(uuid.uuid4()))[1]' }],
  },
  'lost flush on close': {
    seed: 2,
    patches: [{ file: 'web/storage/run.js', find: '    page.leaving = true;\n    env.backups.copyAll();\n    env.seen.writeAll();\n    flush();', replace: '    page.leaving = true;' }],
  },
  'listener of a former user': {
    seed: 3,
    patches: [{ file: 'web/storage/users.js', find: '      leave();\n      gone = active;', replace: '      gone = null;' }],
  },
  'copy closed while shown': {
    seed: 1,
    patches: [{ file: 'web/storage/copy.js', find: 'if (!this.isWatched && !this.dirty', replace: 'if (!this.dirty' }],
  },
  'status from the wrong copy': {
    seed: 5,
    patches: [{ file: 'web/storage/env.js', find: 'status.tell(copy, ...said', replace: 'status.tell(copy.tool, ...said' }],
  },
  'answer without ETag believed': {
    seed: 36,
    patches: [
      { file: 'web/storage/api.js', find: 'if (document && !answer.etag && answer.status !== 304) throw', replace: 'if (answer.status === 0) throw' },
      { file: 'web/storage/api.js', find: "(type.includes('json') && text !== '')", replace: 'status === 200' },
    ],
  },
  'backup of another user sent': {
    seed: 2,
    patches: [{ file: 'web/storage/choice.js', find: 'if (!record || record.userId !== uid', replace: 'if (!record' }],
  },
  'retry without back-off': {
    seed: 41,
    patches: [{ file: 'web/storage/run.js', find: 'await again(backOff(failures, LONGEST, error));', replace: 'await again(500);' }],
  },
  'conflict without its save': {
    seed: 5,
    patches: [{ file: 'shared/projects/add_merge.py', find: 'conflict_save(home, other, name) if new else None', replace: 'conflict_save(home, other, name) if not new else None' }],
  },
  'own unanswered save taken for another writer': {
    seed: 1408,
    patches: [
      { file: 'web/storage/attempts.js', find: 'if (!stored && !isFree && !last.some((id) => id.startsWith(copy.id))) return;', replace: 'return;' },
      { file: 'shared/projects/attempts.py', find: 'if _changes_nothing(was, sent, now) or _is_in(was, sent, now):', replace: 'if not sent:' },
    ],
  },
};
