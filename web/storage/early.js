/** What is shown and typed before the restore is through, as while the server is away: kept like everything else. */
import { adoptable } from './recovery.js';
import { draftField, persistable } from './tools.js';
/** @import {Backup, Env, State, Tool, Work} from './types' */

/** @param {Env} env @param {Map<Tool, Work>} works */
export function early(env, works) {
  /** @type {Map<Tool, Backup>} */
  const kept = new Map();
  /** @type {Set<string>} keys of what was begun on this very page: it comes on top of what is restored, by load() */
  const own = new Set();
  const self = {
    own,
    /** @param {Tool} tool @param {State} state */
    typed(tool, state) {
      const key = [env.uid, tool, `shown.${crypto.randomUUID()}`, env.tab].join('/');
      const known = kept.get(tool) ?? { key, tool, userId: env.uid, projectId: null, newProjectId: `${env.uid}.${state[draftField(tool)]}` };
      const record = { ...known, tab: env.tab || 'unknown', state: persistable(tool, state), timestamp: Date.now() };
      if (!kept.has(tool)) own.add(key);
      kept.set(tool, record);
      void env.backups.put(record);
    },
    /** The words are on the page, though nothing can be restored yet. */
    async show() {
      for (const backup of await adoptable(env, own)) {
        if (kept.has(backup.tool) || !works.has(backup.tool)) continue;
        kept.set(backup.tool, backup);
        works.get(backup.tool)?.show(backup.state);
      }
    },
    /** @param {Tool} tool @param {Work} work @param {{key: string, state: any, answer: any}[]} [recovered] */
    async load(tool, work, recovered = []) {
      if (work.isLoaded()) return;
      const sent = recovered.find(({ key }) => key === kept.get(tool)?.key);
      if (sent) work.recovered(sent.state);
      await work.load(env, sent?.answer.project?.id);
      self.drop(tool);
    },
    /** Kept elsewhere now. @param {Tool} tool */
    drop(tool) {
      const record = kept.get(tool);
      if (record && kept.delete(tool)) env.backups.remove(record.key);
      return record;
    },
  };
  return self;
}
