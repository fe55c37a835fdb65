/** The session in this tab: the document as it was seen last, the drafts in it, and its verbs. */
import { observable } from './observable.js';
import { Problem } from './problem.js';
import { inOrder } from './tabs.js';
/** @import {Answer, Copy, Observable, Request, Session, State} from './types' */

const DAY = 20 * 60 * 60 * 1000; // ms; opened again at least that often, it lives while only projects are saved

/** @param {{uid: string, request: Request, device: State, post: (key: string, etag: string) => void, doc?: Observable<any>}} env
 *  @returns {Session} */
export function session({ uid, request, device, post, doc = observable(null) }) {
  let etag = '';
  let openedAt = 0;
  /** @type {Set<Copy>} */
  const copies = new Set();

  /** Whatever changed hands while the answer was on its way is left as it is. @param {() => Promise<Answer>} ask */
  async function seen(ask) {
    const before = new Map([...copies].map((copy) => [copy, copy.get().etag]));
    const answer = await ask();
    if (answer.status === 304) return answer;
    etag = answer.etag;
    doc.set(answer.data);
    for (const copy of copies) {
      if (copy.get().etag === before.get(copy)) await copy.sawSession(answer.data[copy.tool], etag);
    }
    return answer;
  }

  const self = {
    doc,
    copies,
    etag: () => etag,
    async open() {
      const answer = await seen(() => request('PUT', '/api/session', { body: { device } }));
      openedAt = Date.now();
      return answer;
    },
    async look() {
      if (Date.now() - openedAt > DAY) return void (await self.open());
      try {
        await seen(() => request('GET', '/api/session', { seen: etag || undefined }));
      } catch (error) {
        if (!(error instanceof Problem && error.status === 404)) throw error;
        await self.open();
      }
    },
    /** @param {string} from @param {string} to */
    advance(from, to) {
      for (const copy of copies) copy.advance(from, to);
    },
    /** A write to the session beside its drafts. @param {string} method @param {string} path @param {any} [body] */
    write: (method, path, body) =>
      inOrder(`${uid}/session`, async () => {
        const answer = await request(method, `/api/session${path}`, { body });
        await self.look();
        post('session', etag);
        return answer.data;
      }),
  };
  return self;
}
