/** The session in this tab: the document as it was seen last, and writes to it beside the drafts. */
import { see, sees } from './follow.js';
import { Problem } from './problem.js';
import { inOrder } from './tabs.js';
/** @import {Answer, Env, Observable, Session, State} from './types' */

const EXPIRED = 'You were away for a long time, so a new session began. What the last one held is kept as saves.';
const DAY = 20 * 60 * 60 * 1000; // ms; opened again at least that often, it lives while only projects are saved

/** @param {Env} env @param {State} device @param {Observable<any>} doc @returns {Session} */
export function session(env, device, doc) {
  let etag = '';
  let openedAt = 0;
  let asked = 0;
  let answered = 0;
  /** @type {Promise<unknown>} */
  let looking = Promise.resolve();

  /** @param {() => Promise<Answer>} ask */
  async function seen(ask) {
    const before = new Map(env.drafts().map((copy) => [copy, [copy.etag, copy.base]]));
    const mine = ++asked;
    const answer = await ask();
    if (env.ended) throw Problem.ended();
    if (mine < answered) return answer; // it was overtaken by a later one
    answered = mine;
    if (answer.status === 304) return answer;
    etag = answer.etag;
    doc.set(answer.data);
    for (const [copy, [then, base]] of before) {
      // What was saved while the answer was on its way is newer than the answer.
      if (env.copies.has(copy) && copy.isDraft && copy.etag === then && copy.base === base) await see(copy, sees(copy, answer.data, answer.etag));
    }
    return answer;
  }

  /** @param {any} error */
  const begin = (error) => {
    if (error instanceof Problem && error.status === 404) return self.open();
    throw error;
  };

  const self = {
    doc,
    etag: () => etag,
    async open() {
      const answer = await seen(() => env.request('PUT', '/api/session', { body: { device }, document: true }));
      openedAt = Date.now();
      const { kept_as } = answer.data;
      if (kept_as?.length) env.tellRecovered({ recovered: 'expired', why: EXPIRED, kept_as });
      return answer;
    },
    look() {
      const isDue = Math.abs(Date.now() - openedAt) > DAY;
      const now = isDue ? self.open() : seen(() => env.request('GET', '/api/session', { seen: etag || undefined, document: true })).catch(begin);
      looking = now.catch(() => {}); // whoever asked hears of it
      return now;
    },
    /** A save that waits for it spares a refusal. */
    looked: () => looking,
    /** @param {string} method @param {string} path @param {any} [body] */
    write: (method, path, body) =>
      inOrder(`${env.uid}/session`, async () => {
        const answer = await env.request(method, `/api/session${path}`, { body });
        await self.look();
        env.post('session', etag);
        return answer.data;
      }),
  };
  return self;
}
