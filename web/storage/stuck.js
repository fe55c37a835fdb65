/** What is not stored and will not be by itself: named, each with its ways out. */
import { parsed } from './choice.js';
import { follow } from './follow.js';
import { copied, diff, same } from './json.js';
import { projectCopy } from './moves.js';
import { observable, observed } from './observable.js';
import { Problem } from './problem.js';
import { detailed, unsaved } from './status.js';
import { persistable, titleOf } from './tools.js';
/** @import {WorkingCopy} from './copy.js' */
/** @import {Env, Settling, Stuck, Work} from './types' */
/** @import {Sent} from './recovery.js' */

/** @param {{status: any, works: Map<any, Work>}} app @param {() => Env | null} env */
export function stuck({ status, works }, env) {
  const shown = observable(/** @type {Stuck[]} */ ([]));
  /** @type {Map<string, {one: Sent, ways: {retry: () => Promise<any>, drop: () => any}}>} backups that recovery could not place */
  const left = new Map();

  function refresh() {
    const copies = [...(env()?.copies ?? [])].filter((copy) => copy.dirty && (copy.failed || (copy.held.size && !copy.isWatched)));
    const next = [...copies.map(ofCopy), ...[...left].map(([key, { one }]) => ofBackup(key, one))];
    if (!same(next, shown.get())) shown.set(next);
  }

  /** @param {string} key @param {Sent} one */
  function tell(key, one) {
    status.tell(`stuck ${key}`, unsaved(one.error), `"${nameOf(one)}", typed earlier, is not stored: ${detailed(one.error)} It is kept in this browser.`);
    refresh();
  }

  /** @param {string} key */
  function settled(key) {
    left.delete(key);
    status.tell(`stuck ${key}`, 'gone');
    refresh();
  }

  return {
    ...observed(shown),
    refresh,
    /** @param {Sent} one @param {{retry: () => Promise<any>, drop: () => any}} ways */
    leave(one, ways) {
      left.set(one.key, { one, ways });
      tell(one.key, one);
    },
    /** @param {Sent} one @param {Problem} [error] */
    retried(one, error) {
      if (!error) return settled(one.key);
      one.error = error;
      tell(one.key, one);
    },
    /** What of it a person has not stored. @param {string} id */
    stateOf: (id) => left.get(id)?.one.body.state ?? [...(env()?.copies ?? [])].find((copy) => copy.id === id)?.mine,
    forget() {
      for (const key of left.keys()) status.tell(`stuck ${key}`, 'gone');
      left.clear();
      refresh();
    },
    /** @param {Stuck} entry @param {Settling} how */
    async settle({ id, tool }, how) {
      const mine = /** @type {Env} */ (env());
      const backup = left.get(id);
      const copy = [...mine.copies].find((one) => one.id === id);
      const state = copied(backup?.one.body.state ?? copy?.mine ?? {});
      if (how === 'retry' || how === 'undelete') {
        if (how === 'undelete' && copy) await mine.request('POST', `${copy.url}/undelete`);
        if (backup) {
          const error = await backup.ways.retry();
          if (error) throw error;
          return;
        }
        copy?.tryAgain();
        await copy?.whenStored();
        return;
      }
      if (how === 'open') return copy && works.get(tool)?.use(copy);
      const name = titleOf(tool, state);
      if (how === 'saveAsNew') {
        // Empty at first: what can be stored follows, as any change does, and what cannot waits there.
        const body = { id: newId(mine, id), name, state: {} };
        const made = await mine.request('POST', `/api/${tool}/projects`, { body, document: true });
        const into = copy && !copy.closed ? copy : projectCopy(mine, tool, made);
        if (into === copy) {
          follow(copy, made, persistable(tool, made.data.state ?? {})); // all that the project does not hold is to be stored there
          copy.tryAgain();
        } else into.change(diff(into.mine, state), { undoable: false });
        works.get(tool)?.use(into);
        await into.queue.flush().catch((error) => mine.log(`not stored yet: ${error.message}`)); // the status says so
      } else {
        await mine.setAside({ tool, reason: 'discarded', name, state, projectId: copy?.projectId });
        copy?.discard();
      }
      if (backup) {
        await backup.ways.drop();
        settled(id);
      }
    },
  };
}

/** The same each time, so that a repetition makes no second one. @param {Env} env @param {string} id */
const newId = (env, id) => `${env.uid}.${id.replace(/[^\w-]/g, '-').slice(-100)}-new`;

/** @param {WorkingCopy} copy @returns {Stuck} */
function ofCopy(copy) {
  const { id, tool, projectId, failed } = copy;
  const status = /** @type {any} */ (failed)?.status;
  const message = failed ? (detailed(failed) ?? '') : copy.held.list().map(({ path, message: why }) => `${path}: ${why}`).join(' ');
  const ways = /** @type {Settling[]} */ (['retry', 'saveAsNew']);
  if (status === 409 && projectId) ways.unshift('undelete');
  if (!copy.isWatched) ways.push('open');
  return { id, tool, projectId, name: copy.name || titleOf(tool, copy.mine), message, can: [...ways, 'discard'] };
}

/** @param {string} id @param {Sent} one @returns {Stuck} */
const ofBackup = (id, one) => ({
  id,
  tool: one.body.tool,
  projectId: one.body.projectId ?? null,
  name: nameOf(one),
  message: detailed(one.error) ?? '',
  can: one.body.state ? ['retry', 'saveAsNew', 'discard'] : ['retry', 'discard'],
});

/** @param {Sent} one */
const nameOf = ({ body }) => titleOf(body.tool, body.state ?? /** @type {any} */ (parsed(body.raw ?? null)) ?? {});
