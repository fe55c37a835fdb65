/** One request to the API as the signed-in user, from this device. */
import { Problem } from './problem.js';
import { page } from './tabs.js';
import { within } from './within.js';
/** @import {Answer, Request, User} from './types' */

const PATIENCE = 30_000; // ms for an answer, and for a token
const LONGEST = 600; // s that an answer may ask to wait
const KEEPALIVE = 60_000; // bytes: browsers let the bodies that outlive a page share 64 KiB

/** @param {() => User | null} user  @param {string} device
 *  @returns {Request} rejects with a Problem, also where there is no answer */
export function api(user, device) {
  /** @type {{by: User | null, token: string}} the last one; a page that goes away has no time to ask for another */
  let known = { by: null, token: '' };

  /** @param {boolean} renewed */
  async function tokenNow(renewed) {
    const by = user();
    if (!page.leaving || renewed || known.by !== by || !by) known = { by, token: await idToken(by, renewed) };
    return known.token;
  }

  return async function request(method, path, { body, etag, seen, saveId, token, document } = {}) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    /** @param {boolean} renewed */
    const attempt = async (renewed) => {
      const headers = { Authorization: `Bearer ${token ?? (await tokenNow(renewed))}`, 'X-Device-Id': device };
      const known = { 'Content-Type': text && 'application/json', 'If-Match': etag, 'If-None-Match': seen, 'X-Save-Id': saveId };
      const sent = Object.fromEntries(Object.entries(known).filter(([, value]) => value));
      const keepalive = page.leaving && new Blob([text ?? '']).size < KEEPALIVE;
      const options = { method, body: text, headers: { ...headers, ...sent }, keepalive, cache: /** @type {const} */ ('no-store') };
      return fetched(path, { ...options, signal: AbortSignal.timeout(PATIENCE) });
    };
    let answer = await attempt(false);
    if (answer.status === 401 && !token) answer = await attempt(true);
    if (answer.status >= 400) throw new Problem(answer.status, answer.data, answer.retryAfter);
    if (answer.status === 304 && !seen) throw Problem.noAnswer('it is of another request');
    if (document && !answer.etag && answer.status !== 304) throw Problem.noAnswer('it has no ETag, so nothing was stored'); // a proxy's empty 200
    return answer;
  };
}

/** @param {User | null} user  @param {boolean} renewed */
async function idToken(user, renewed) {
  if (!user) throw new Problem(401, { detail: 'Nobody is signed in.' });
  try {
    return await within(PATIENCE, user.getIdToken(renewed), () => Problem.noAnswer('the sign-in took too long'));
  } catch (error) {
    if (error instanceof Problem) throw error;
    const { code, message } = /** @type {{code?: string, message?: string}} */ (error);
    throw new Problem(code === 'auth/network-request-failed' ? 0 : 401, { detail: message });
  }
}

/** @param {string} path  @param {RequestInit} options  @returns {Promise<Answer>} */
async function fetched(path, options) {
  try {
    const response = await fetch(path, options);
    const text = await response.text();
    const type = response.headers.get('Content-Type') ?? '';
    if (!isOurs(response, type, text)) throw Problem.noAnswer();
    const etag = response.headers.get('ETag')?.replace(/^W\//, '') ?? '';
    const retryAfter = Math.min(Number(response.headers.get('Retry-After')) || 0, LONGEST) || undefined;
    const data = text ? JSON.parse(text) : null;
    if (text && (typeof data !== 'object' || data === null)) throw Problem.noAnswer();
    return { status: response.status, data, etag, retryAfter };
  } catch (error) {
    throw error instanceof Problem ? error : Problem.noAnswer(/** @type {Error} */ (error).message);
  }
}

/** Whether the API said that, and not a hotel's sign-in page, a proxy or a balancer on the way: a refusal is a problem
 *  document (RFC 9457), and whatever else has a body is JSON.
 *  @param {Response} response @param {string} type @param {string} text */
function isOurs({ status }, type, text) {
  if (status >= 400) return type.includes('application/problem+json');
  return status === 204 || status === 304 || (type.includes('json') && text !== '');
}
