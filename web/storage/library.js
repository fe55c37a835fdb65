/** Projects, objects and the session's lists: the API's routes as verbs. */
import { Problem } from './problem.js';
/** @import {Request, Session} from './types' */

/** What a proxy answers instead of a save, in JSON even, is no save. @param {string} id */
export const only = (id) => (/** @type {any} */ save) => {
  if (save?.id !== id) throw Problem.noAnswer('it is not this save');
  return save;
};

/** @param {Request} request @param {() => {note: Function, noted: (name: string) => Promise<any>} | null} [seen]  what this browser keeps */
export function projects(request, seen = () => null) {
  const at = (/** @type {string} */ tool, /** @type {string} */ rest = '') => `/api/${tool}/projects${rest}`;
  const data = of(request);
  return {
    /** A page of summaries, and the cursor `next`; `offline` marks the newest that this browser saw. @param {string} tool @param {{cursor?: string, public?: boolean, trashed?: boolean}} [which] @returns {Promise<any>} */
    async list(tool, which) {
      if (query(which)) return data('GET', at(tool, query(which)));
      const mine = seen(); // of who asks, whoever is here when it is answered
      try {
        const found = await data('GET', at(tool));
        void mine?.note(`projects/${tool}`, found);
        return found;
      } catch (error) {
        const last = error instanceof Problem && error.status === 0 && (await mine?.noted(`projects/${tool}`));
        if (last) return { ...last, next: undefined, offline: true };
        throw error;
      }
    },
    /** @param {string} tool @param {string} id @returns {Promise<any>} */
    get: (tool, id) => data('GET', at(tool, `/${id}`)),
    /** @param {string} tool @param {{name: string, state?: any, [more: string]: any}} project @returns {Promise<any>} */
    create: (tool, project) => data('POST', at(tool), { id: crypto.randomUUID(), ...project }),
    /** Into the trash, for 30 days. @param {string} tool @param {string} id @returns {Promise<any>} */
    remove: (tool, id) => data('DELETE', at(tool, `/${id}`)),
    /** @param {string} tool @param {string} id @returns {Promise<any>} */
    undelete: (tool, id) => data('POST', at(tool, `/${id}/undelete`)),
    /** A page of the project's saves, and the cursor `next`. @param {string} tool @param {string} id @param {{cursor?: string}} [which] @returns {Promise<any>} */
    savesPage: (tool, id, which) => data('GET', at(tool, `/${id}/saves${query(which)}`)),
    /** The newest: what gave way in a merge or a restore. @param {string} tool @param {string} id @returns {Promise<any>} */
    saves: async (tool, id) => (await data('GET', at(tool, `/${id}/saves`))).saves,
    /** For good. @param {string} tool @param {string} id @param {string} saveId @returns {Promise<any>} */
    deleteSave: (tool, id, saveId) => data('DELETE', at(tool, `/${id}/saves/${saveId}`)),
    /** @param {string} tool @param {string} id @param {string} saveId @returns {Promise<any>} */
    getSave: (tool, id, saveId) => data('GET', at(tool, `/${id}/saves/${saveId}`)).then(only(saveId)),
  };
}

/** @param {Request} request */
export function objects(request) {
  const data = of(request);
  return {
    /** @param {{cursor?: string, type?: string, public?: boolean, trashed?: boolean, project?: string}} [which] @returns {Promise<any>} */
    list: (which) => data('GET', `/api/objects${query(which)}`),
    /** @param {string} id @returns {Promise<any>} */
    get: (id) => data('GET', `/api/objects/${id}`),
    /** @param {any} object @returns {Promise<any>} */
    create: (object) => data('POST', '/api/objects', { id: crypto.randomUUID(), ...object }),
    /** @param {string} id @param {any} patch @returns {Promise<any>} */
    change: (id, patch) => data('PATCH', `/api/objects/${id}`, patch),
    /** @param {string} id @returns {Promise<any>} */
    remove: (id) => data('DELETE', `/api/objects/${id}`),
    /** @param {string} id @returns {Promise<any>} */
    undelete: (id) => data('POST', `/api/objects/${id}/undelete`),
    /** @param {{project_id: string, tool: string, ruleset?: string}} promotion @returns {Promise<any>} */
    promote: (promotion) => data('POST', '/api/objects/promote', promotion),
  };
}

/** The verbs of the session beside its drafts.
 *  @param {Request} request @param {() => Promise<Session>} ready */
export function sessionVerbs(request, ready) {
  const data = of(request);
  /** @param {string} method @param {string} path @param {any} [body] */
  const write = async (method, path, body) => (await ready()).write(method, path, body);
  return {
    restore: async () => (await (await ready()).open()).data,
    /** @param {any} context  current_tool, preferences and the like */
    patch: (context) => write('PATCH', '', context),
    /** @param {string} name  clipboard, recently_viewed or pinned_objects @returns {Promise<any>} */
    list: (name) => data('GET', `/api/session/${name}`),
    /** @param {string} name @param {string} id */
    add: (name, id) => write('PUT', `/${name}/${id}`),
    /** @param {string} name @param {string} id */
    remove: (name, id) => write('DELETE', `/${name}/${id}`),
    /** @param {string} name */
    clear: (name) => write('DELETE', `/${name}`),
    /** @returns {Promise<any>} */
    devices: async () => (await data('GET', '/api/session/devices')).devices,
    /** @param {string} id */
    endDevice: (id) => write('DELETE', `/devices/${id}`),
    /** A page of what is kept beside the session, and the cursor `next`. @param {{cursor?: string}} [which] @returns {Promise<any>} */
    savesPage: (which) => data('GET', `/api/session/saves${query(which)}`),
    /** @returns {Promise<any>} */
    saves: async () => (await data('GET', '/api/session/saves')).saves,
    /** @param {string} id @returns {Promise<any>} */
    getSave: (id) => data('GET', `/api/session/saves/${id}`).then(only(id)),
    /** @param {string} id @returns {Promise<any>} */
    deleteSave: (id) => data('DELETE', `/api/session/saves/${id}`),
  };
}

/** @param {Request} request */
const of = (request) => async (/** @type {string} */ method, /** @type {string} */ path, /** @type {any} */ body = undefined) =>
  (await request(method, path, { body, document: ['POST', 'PUT', 'PATCH'].includes(method) })).data; // what was stored has an ETag

/** @param {Record<string, any>} [which] */
function query(which = {}) {
  const given = Object.entries(which).filter(([, value]) => value != null && value !== false);
  return given.length ? `?${new URLSearchParams(given)}` : '';
}
