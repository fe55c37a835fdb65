/** What became of the backups of earlier pages: told, tried again where there was no answer, and back on the page where a field
 *  has to wait. */
import { backOff } from './autosave.js';
import { recover, sent, tellAll, waitAgain } from './recovery.js';
/** @import {Env} from './types' */
/** @import {Sent} from './recovery.js' */

const LONGEST = 60_000; // ms between two tries
const GONE = 'A text that could not be saved belongs to work that is gone, or in the trash. It is kept in this browser.';
const TYPED_AGAIN = 'A text that could not be saved stood where you typed again. It is kept in this browser.';

/** @param {any} app  what connect() made @param {Env} env
 *  @param {{after: (ms: number, run: () => Promise<any>) => void, look: () => unknown}} page  after: unless the user is gone by then */
export function newRecovered(app, env, { after, look }) {
  /** @type {Sent[]} what was recovered but for fields that the server refused */
  const waiting = [];

  /** @param {Sent} one */
  function leave(one) {
    app.stuck.leave(one, { retry: () => tryAgain(one), drop: () => env.backups.remove(one.key) });
    if (one.error?.passing || one.error?.status === 401) later(one, 0);
  }

  /** @param {Sent} one @param {number} failures */
  function later(one, failures) {
    after(backOff(failures, LONGEST), async () => (await tryAgain(one))?.passing && later(one, failures + 1));
  }

  /** @param {Sent} one */
  async function tryAgain(one) {
    const again = await sent(env, one);
    app.stuck.retried(one, again.error);
    if (again.error) return again.error;
    tellAll(env, [again]);
    look();
  }

  return {
    /** Those that were found at the start. */
    async send() {
      const found = await recover(env, true);
      if (!found.length) return;
      await env.session.look().catch((error) => env.log(`not seen since: ${error.message}`)); // what was recovered is told all the same
      if (env.ended) return;
      waiting.push(...found.filter((one) => one.waiting && !one.error));
      tellAll(env, found);
      for (const one of found.filter(({ error }) => error)) leave(one);
    },
    /** As soon as each tool shows what there is. */
    async waitAgain() {
      for (const one of waiting.splice(0)) {
        const { fields, gone } = await waitAgain(env, one).catch((error) => (env.log(`what waits: ${error.message}`), { fields: [], gone: false }));
        if (fields.length) env.tellRecovered({ recovered: 'set aside', why: gone ? GONE : TYPED_AGAIN, unreadable: fields });
      }
    },
  };
}
