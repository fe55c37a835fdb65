/** A guest who signs in to an account takes his work along; interrupted, it goes on at the next start. */
import { validated } from './choice.js';
import { Problem } from './problem.js';
import { claimBackup } from './recovery.js';
import { allKept, keep, kept } from './store.js';
/** @import {Env} from './types' */

const PREFIX = 'claim/';
const INTENT = 'claim'; // by whom an account is about to be opened
const HOUR = 60 * 60 * 1000; // ms: as long as an ID token lives

/** A guest is about to sign in: were the page closed in between, the account's next start would go on from here.
 *  @param {string | null} guestToken  null: it came to nothing @param {string} [guestUid] */
export const intend = (guestToken, guestUid) =>
  keep([[INTENT, guestToken ? { guestToken, guestUid, at: Date.now() } : undefined]]);

/** @param {Env} env @param {{guestToken: string, guestUid: string, offered?: boolean}} guest
 *  @returns {Promise<Record<string, number>>} how many projects, objects, drafts and saves came along */
export async function claim(env, guest) {
  const key = `${PREFIX}${env.uid}/${guest.guestUid}`;
  await keep([[key, guest], [INTENT, undefined]]);
  if (!guest.offered) await offer(env, guest);
  await keep([[key, { ...guest, offered: true }]]);
  const accepted = await untilDone(env, { from: guest.guestUid });
  await inherit(env, guest.guestUid);
  await keep([[key, undefined]]);
  env.log(`claimed the work of ${guest.guestUid}`);
  return accepted;
}

/** What an earlier page began. What the server refuses for good holds nobody up. @param {Env} env */
export async function resumeClaims(env) {
  const begun = (await allKept(`${PREFIX}${env.uid}/`)).map(([, guest]) => guest);
  const intent = await kept(INTENT);
  const ours = intent && !env.isGuest && Math.abs(Date.now() - intent.at) < HOUR;
  for (const guest of ours ? [...begun, intent] : begun) {
    await claim(env, guest).catch((error) => {
      if (!(error instanceof Problem) || error.passing) throw error;
      env.log(`the work of ${guest.guestUid} cannot be claimed (${error.status}): ${error.message}`);
    });
  }
}

/** @param {Env} env @param {{guestToken: string, guestUid: string}} guest */
async function offer(env, guest) {
  try {
    await untilDone(env, { transfer_to: env.uid }, guest.guestToken);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    env.log(`the token of ${guest.guestUid} is over: only what was offered before comes along`);
  }
}

/** @param {Env} env @param {any} body @param {string} [token] */
async function untilDone(env, body, token) {
  /** @type {Record<string, number>} */
  const sums = {};
  for (let done = false; !done; ) {
    const { data } = await env.request('POST', '/api/session/claim', { body, token });
    if (typeof data?.done !== 'boolean') throw Problem.noAnswer();
    for (const [name, count] of Object.entries(data.accepted ?? {})) sums[name] = (sums[name] ?? 0) + Number(count);
    for (const { path, reason } of data.left ?? []) env.log(`${path} stays the guest's: ${reason}`);
    done = data.done;
  }
  return sums;
}

/** What the guest's pages could not store is the account's now. @param {Env} env @param {string} guestUid */
async function inherit(env, guestUid) {
  for (const { key, value } of await env.backups.kept()) {
    const record = validated(value);
    if (record?.userId !== guestUid) continue;
    await claimBackup(env, { ...record, key }, guestUid, { tab: 'claimed' });
  }
  const snapshots = await allKept(`snapshot/${guestUid}/`);
  await keep(snapshots.flatMap(([key, one]) => [[key.replace(guestUid, env.uid), { ...one, userId: env.uid }], [key, undefined]]));
}
