/** What belongs to one user in this tab: their copies, backups, and what is asked in their name. */
import { backups as newBackups } from './backups.js';
import { told } from './follow.js';
import { Problem } from './problem.js';
import { seen as newSeen } from './seen.js';
import { session as newSession } from './session.js';
import { detailed, unsaved } from './status.js';
import { channel, tabId } from './tabs.js';
/** @import {Env, Tool, User} from './types' */
/** @import {WorkingCopy} from './copy.js' */

/** @param {any} app  what connect() made @param {Pick<User, 'uid' | 'isAnonymous'>} user @returns {Env} */
export function newEnv(app, { uid, isAnonymous: isGuest }) {
  const { request, status, log } = app;
  /** Its failure is told elsewhere, or does not matter. @param {Promise<any> | undefined} promise */
  const quietly = (promise) => void promise?.catch((error) => log.add(String(error.message)));
  /** @param {string} key @param {string} etag @param {WorkingCopy} [from] */
  const hear = (key, etag, from) => {
    if (key === 'session' && !from) return quietly(env.session.look());
    for (const copy of env.copies) if (copy !== from && copy.key === key && !copy.isDraft) quietly(told(copy, etag));
  };
  const others = channel(uid, hear);

  const env = /** @type {Env} */ ({
    uid,
    isGuest,
    tab: tabId(),
    delay: app.delay,
    ended: false,
    async request(...asked) {
      if (env.ended) throw Problem.ended();
      const answer = await request(...asked);
      if (env.ended) throw Problem.ended();
      return answer;
    },
    copies: new Set(),
    backups: newBackups(),
    seen: newSeen(uid),
    quietly,
    post(key, etag, from) {
      if (env.ended) return;
      others.post(key, etag);
      if (from) hear(key, etag, from);
    },
    log: log.add,
    tellRecovered(...found) {
      if (found.length && !env.ended) app.recovered.set([...app.recovered.get(), ...found]);
    },
    setAside: (snapshot) => app.snapshots.keep(snapshot, uid),
    tell(copy, saved, error) {
      status.tell(copy, ...said(copy, saved, error));
      app.stuck.refresh();
    },
    drafts: () => [...env.copies].filter((copy) => copy.isDraft),
    find: (tool, id) => [...env.copies].find((copy) => copy.tool === tool && copy.projectId === id && (id !== null || copy.isDraft)),
    project: (tool, id) => projectOf(env, tool, id),
    end() {
      env.ended = true; // no verb that is under way finishes for the next user
      env.backups.copyAll();
      for (const copy of [...env.copies]) copy.close();
      env.seen.close();
      others.close();
    },
  });
  env.session = newSession(env, app.device, app.doc);
  return env;
}

/** A project that can be worked on; null: it is gone, or in the trash. @param {Env} env @param {Tool} tool @param {string} id */
async function projectOf(env, tool, id) {
  try {
    const answer = await env.request('GET', `/api/${tool}/projects/${id}`, { document: true });
    return answer.data.trashed ? null : answer;
  } catch (error) {
    if (!(error instanceof Problem) || ![403, 404].includes(error.status)) throw error; // any other refusal says nothing of it
    env.log(`there is no project ${id}`);
    return null;
  }
}

/** What a copy has to tell. @param {WorkingCopy} copy @param {'unsaved' | 'saving' | 'saved' | 'gone'} saved @param {any} error
 *  @returns {[any, string | undefined]} */
function said(copy, saved, error) {
  const name = copy.isWatched || !copy.name ? '' : `"${copy.name}": `;
  const waiting = copy.held.list().map(({ path, message }) => `${path}: ${message}`);
  if (saved === 'gone') return ['gone', undefined];
  const why = error ?? (saved === 'unsaved' ? copy.failed : undefined);
  if (why && unsaved(why) !== 'unsaved') return [unsaved(why), name + detailed(why)];
  if (waiting.length) return ['refused', `${name}${waiting.join(' ')} This field waits until it is changed; the others are stored.`];
  return [saved === 'unsaved' ? unsaved(why) : saved, why && name + detailed(why)];
}
