/** A guest who signs in to an account takes his work along; interrupted, it goes on at the next start. */
import { del, entries, set } from '../vendor/idb-keyval.js';
import { store } from './backups.js';
import { validated } from './choice.js';
/** @import {Env} from './types' */

const PREFIX = 'claim/';

/** @param {Env} env @param {{guestToken: string, guestUid: string, marked?: boolean}} guest
 *  @returns {Promise<Record<string, number>>} how many projects, objects, drafts and saves came along */
export async function claim(env, guest) {
  const key = `${PREFIX}${env.uid}/${guest.guestUid}`;
  await set(key, guest, store);
  if (!guest.marked) await untilDone(env, { transfer_to: env.uid }, guest.guestToken);
  await set(key, { ...guest, marked: true }, store);
  const taken = await untilDone(env, { from: guest.guestUid });
  await inherit(env, guest.guestUid);
  await del(key, store);
  env.log(`claimed the work of ${guest.guestUid}`);
  return taken;
}

/** What an earlier page began. @param {Env} env */
export async function resumeClaims(env) {
  const begun = (await entries(store)).filter(([key]) => String(key).startsWith(`${PREFIX}${env.uid}/`));
  for (const [, guest] of begun) await claim(env, guest);
}

/** @param {Env} env @param {any} body @param {string} [token] */
async function untilDone(env, body, token) {
  /** @type {Record<string, number>} */
  const sums = {};
  for (let done = false; !done; ) {
    const { data } = await env.request('POST', '/api/session/claim', { body, token });
    for (const [name, count] of Object.entries(data.taken ?? {})) sums[name] = (sums[name] ?? 0) + Number(count);
    done = data.done;
  }
  return sums;
}

/** What the guest's pages could not store is the account's now. @param {Env} env @param {string} guestUid */
async function inherit(env, guestUid) {
  for (const { key, value } of await env.backups.kept()) {
    const record = validated(value);
    if (record?.userId !== guestUid) continue;
    const ours = (/** @type {string} */ id) => id.replace(guestUid, env.uid);
    await env.backups.put({ ...record, key: ours(key), userId: env.uid, tab: 'claimed', newProjectId: ours(record.newProjectId) });
    env.backups.remove(key);
  }
}
