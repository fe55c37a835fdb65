/** The network between tabs and functions: slow by a bit, and by order of the script as bad as networks are.
 *
 *  A fault waits for the next request of its tab that it fits. What it says of a request:
 *  drop        it never arrives, and nobody says so             dropAnswer  it is processed; the answer never arrives
 *  late        it arrives after the client gave up (35 s)       lateAnswer  its answer does
 *  slow        it arrives 3 s later, after others               slowAnswer  its answer does
 *  double      it arrives twice; the first answer counts        reset       the connection breaks after it was processed
 *  ANSWERS     somebody else answers, before or (after: true) after it was processed */
import { drawn } from './clock.mjs';

const problem = (status, more = {}, headers = {}) => ({
  status,
  headers: { 'Content-Type': 'application/problem+json', ...headers },
  body: JSON.stringify({ status, title: 'Refused', detail: `Refused by the simulation (${status}).`, ...more }),
});
const html = (status) => ({ status, headers: { 'Content-Type': 'text/html' }, body: '<!doctype html><title>Sign in to the hotel</title>' });

export const ANSWERS = {
  html200: html(200),
  html403: html(403),
  html404: html(404),
  html502: html(502),
  empty200: { status: 200, headers: {}, body: '' },
  json200: { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{}' },
  401: problem(401),
  409: problem(409),
  413: problem(413),
  422: problem(422),
  429: problem(429, {}, { 'Retry-After': '5' }),
  500: problem(500),
  503: problem(503, {}, { 'Retry-After': '1' }),
};
export const KINDS = ['drop', 'dropAnswer', 'late', 'lateAnswer', 'slow', 'slowAnswer', 'double', 'reset', ...Object.keys(ANSWERS)];
const DELAYS = { slow: 3000, slowAnswer: 3000, late: 35_000, lateAnswer: 35_000 }; // ms

/** @param {{clock: any, server: {ask(asked: any): any}, seed: number, heard: {sent(tab: any, request: any): void, answered(tab: any, request: any, got: any): void, fired(kind: string): void}}} world */
export function network({ clock, server, seed, heard }) {
  let count = 0;
  let calm = false;
  /** @type {{kind: string, tab: any, method?: string, skip: number, after?: boolean}[]} */
  let faults = [];

  /** @param {any} tab @param {string} method */
  function faultOf(tab, method) {
    const found = faults.findIndex((one) => one.tab === tab.lineage && (!one.method || one.method === method) && one.skip-- <= 0);
    if (calm || found < 0) return {};
    const [fault] = faults.splice(found, 1);
    heard.fired(fault.kind);
    return fault;
  }

  /** @param {any} tab @param {string} url @param {any} [options] @returns {Promise<any>} */
  function fetch(tab, url, { method = 'GET', headers = {}, body, signal, keepalive } = {}) {
    const request = { id: ++count, method, path: url, headers: { ...headers }, body };
    const chance = (name) => drawn(seed, tab.name, tab.requests, name);
    tab.requests++;
    heard.sent(tab, request);
    return new Promise((resolve, reject) => {
      const broken = () => reject(new TypeError('Failed to fetch'));
      if (tab.dead) return;
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', () => reject(signal.reason));
      if (tab.profile.offline) return clock.at(5, broken, tab);
      const { kind = '', after } = faultOf(tab, method);
      request.fault = kind;
      if (kind === 'drop') return;
      const answer = (got) => {
        if (kind === 'dropAnswer') return;
        const wait = 10 + chance('down') * 40 + (kind.endsWith('Answer') ? DELAYS[kind] : 0);
        clock.at(wait, () => (kind === 'reset' || tab.profile.offline ? broken() : resolve(response(got))), tab);
      };
      const process = () => {
        if (tab.dead && !keepalive && chance('torn') < 0.5) return; // the browser ended it with the page
        const instead = ANSWERS[kind];
        const got = instead && !after ? null : server.ask({ method, path: request.path, headers: request.headers, body });
        if (got) heard.answered(tab, request, got);
        if (kind === 'double') heard.answered(tab, request, server.ask({ method, path: request.path, headers: request.headers, body }));
        answer(instead ?? got);
      };
      clock.at(20 + chance('up') * 60 + (kind === 'slow' || kind === 'late' ? DELAYS[kind] : 0), process);
    });
  }

  return {
    fetch,
    /** @param {{kind: string, tab: any, method?: string, skip?: number, after?: boolean}} fault */
    arm: (fault) => void faults.push({ skip: 0, ...fault }),
    /** All is well from now on. */
    calm() {
      calm = true;
      faults = [];
    },
  };
}

/** @param {{status: number, headers: Record<string, string>, body: string}} got */
function response({ status, headers, body }) {
  const all = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { status, ok: status >= 200 && status < 300, headers: { get: (name) => all[name.toLowerCase()] ?? null }, text: async () => body, json: async () => JSON.parse(body) };
}
