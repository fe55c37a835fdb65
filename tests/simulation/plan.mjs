/** What happens in a schedule, drawn from its seed before anything runs: plain data, so that a part of it can be replayed.
 *
 *  A script is {seed, setup, steps}. A step is {do, ..., wait}: what a person, a network or a browser does, and how long until
 *  the next (ms). Tabs, tools and projects are named by numbers: of what there is then, counted round. */
import { random } from './clock.mjs';
import { KINDS } from './network.mjs';
import { TOOLS } from './tools.mjs';

const HOUR = 3600_000;
const DAY = 24 * HOUR;
const WAITS = [0, 20, 50, 120, 300, 1500, 2100, 2500, 6000]; // ms
const MEAN = { steps: 40, faults: 3 };

/** What people do, by how often. */
const EDITS = { type: 30, replaceWord: 5, deleteWord: 3, empty: 2, addRow: 5, editRow: 4, removeRow: 2, moveRow: 1, replaceAll: 1.5, undo: 2, redo: 1, refusedText: 0.7 };
const MOVES = { saveAs: 4, open: 6, toAndFro: 3, startNew: 3, promote: 2, takeOver: 2, rename: 1, trash: 1, undelete: 1.5, choose: 8, restoreKept: 0.7, settle: 1 };
const LIFE = { focus: 7, hide: 2, show: 3, reload: 3, kill: 2, close: 0.7, newTab: 1 };

/** @param {number} seed @param {{calm?: boolean}} [options]  calm: without faults */
export function plan(seed, { calm = false } = {}) {
  const rng = random(seed);
  const setup = setupOf(rng, calm);
  const count = Math.round(MEAN.steps * (0.6 + 0.8 * rng.next()));
  const context = { rng, setup, editors: setup.tabs.map((_, i) => i).filter((i) => i !== setup.watcher) };
  const steps = [];
  while (steps.length < count) steps.push(...(rng.chance(0.14) ? motif(context) : [ordinary(context)]));
  if (calm) return { seed, setup, steps };
  for (let left = faultsOf(rng); left > 0; left--) {
    const at = rng.int(steps.length);
    steps.splice(at, 0, ...fault(context));
  }
  return { seed, setup, steps };
}

/** How many: three on average, in some none, in others many. */
const faultsOf = (rng) => (rng.chance(0.12) ? 0 : Math.round(2 * MEAN.faults * rng.next() * 1.55));

function setupOf(rng, calm) {
  const kind = rng.next();
  const users = kind < 0.62 ? ['account'] : kind < 0.8 ? ['account', 'account'] : kind < 0.94 ? ['guest', 'account'] : ['account', 'guest', 'account'];
  const tabs = rng.pick([['laptop', 'phone'], ['laptop', 'phone'], ['laptop', 'laptop'], ['laptop', 'laptop', 'phone'], ['laptop', 'phone', 'tablet']]);
  const tools = rng.chance(0.6) ? ['cardgenerator'] : [rng.pick(TOOLS)];
  if (rng.chance(0.3)) tools.push(rng.pick(TOOLS.filter((tool) => tool !== tools[0])));
  const account = users.indexOf('account');
  // A guest is in one browser, and cannot come back once somebody else has signed in there.
  const device = (first) => ({
    user: users.length > 1 && rng.chance(0.25) ? account : first || users[0] === 'account' ? 0 : account,
    skew: calm || rng.chance(0.7) ? 0 : rng.pick([-7, 3, 20, -40, 24 * 60 * 400, -24 * 60 * 800]) * 60_000,
    faults: calm ? {} : rng.chance(0.06) ? { [rng.pick(['locks', 'channels'])]: 'absent' } : {},
  });
  return {
    users,
    tools,
    tabs,
    devices: Object.fromEntries([...new Set(tabs)].map((name, i) => [name, device(i === 0)])),
    watcher: tabs.length > 2 || rng.chance(0.1) ? rng.int(tabs.length) : -1,
    signInTakes: rng.pick([0, 3, 40, 400]), // ms
    typesAtOnce: rng.chance(0.35), // before anything is restored
  };
}

function weighted(rng, table) {
  let left = rng.next() * Object.values(table).reduce((sum, weight) => sum + weight, 0);
  for (const [name, weight] of Object.entries(table)) if ((left -= weight) < 0) return name;
  return Object.keys(table)[0];
}

const wait = (rng) => rng.pick(WAITS);

/** @returns {any} */
function ordinary({ rng, setup, editors }) {
  const what = rng.next();
  const step = { tab: rng.pick(editors), tool: rng.int(setup.tools.length) };
  if (what < 0.62) return { do: weighted(rng, EDITS), ...step, n: rng.int(1000), wait: wait(rng) };
  if (what < 0.82) return { do: weighted(rng, MOVES), ...step, n: rng.int(1000), wait: wait(rng) };
  if (setup.users.length > 1 && what < 0.86) return person({ rng, setup, editors });
  return { ...life(rng, rng.int(setup.tabs.length)), wait: wait(rng) };
}

function life(rng, tab) {
  const what = weighted(rng, LIFE);
  return { do: what, tab, ...(what === 'kill' || what === 'reload' ? { turns: rng.chance(0.5) ? 0 : rng.int(80) } : {}) };
}

function person({ rng, setup, editors }) {
  const tab = rng.pick(editors);
  if (setup.users.includes('guest') && rng.chance(0.45)) return { do: 'claim', tab, user: setup.users.indexOf('account'), n: rng.int(1000), wait: wait(rng) };
  return { do: 'switchUser', tab, user: rng.int(setup.users.length), gap: rng.pick([0, 5, 200, 3000]), wait: wait(rng) };
}

/** Everyday situations that chance would put together too seldom. @returns {any[]} */
function motif({ rng, setup, editors }) {
  const [tab, other] = [rng.pick(editors), rng.int(setup.tabs.length)];
  const tool = rng.int(setup.tools.length);
  const step = (what, more = {}) => ({ do: what, tab, tool, n: rng.int(1000), wait: wait(rng), ...more });
  const some = (what) => Array.from({ length: 1 + rng.int(3) }, () => step(what));
  const field = rng.int(1000);
  return rng.pick([
    // the same field on two devices, neither having looked
    () => [step('type', { n: field, wait: 20 }), step('type', { n: field, tab: other, wait: 3000 }), step('focus')],
    () => [step('replaceWord', { n: field, wait: 20 }), step('replaceWord', { n: field, tab: other, wait: 3000 }), step('focus', { wait: 3000 }), step('choose'), step('choose', { tab: other })],
    () => [step('type', { n: field, wait: 5000 }), step('focus', { tab: other, wait: 300 }), step('replaceWord', { n: field, wait: 20 }), step('replaceWord', { n: field, tab: other, wait: 6000 }), step('choose', { wait: 3000 }), step('choose', { tab: other })],
    () => [step('saveAs', { wait: 2500 }), step('startNew', { wait: 2500 }), step('saveAs', { wait: 2500 })],
    () => [step('type', { wait: 0 }), step('toAndFro', { wait: 20 }), step('type', { wait: 2500 })],
    () => [step('type', { wait: 100 }), step('kill', { turns: rng.int(30), wait: 0 }), ...some('type')],
    () => [step('saveAs', { wait: 3000 }), step('promote', { wait: 3000 }), step('startNew', { wait: 3000 }), step('takeOver', { wait: 3000 }), ...some('type')],
    () => [...some('type'), step('empty', { n: field, wait: 2500 }), step('reload', { turns: 0, wait: 500 }), step('undo')],
    () => [...some('type'), step('saveAs', { wait: 50 }), step('type'), step('trash', { tab: other }), step('type'), step('undelete', { tab: other })],
    () => [step('addRow', { wait: 2500 }), step('addRow', { wait: 2500, tab: other }), step('editRow', { n: field, wait: 20 }), step('removeRow', { n: field, tab: other }), step('focus')],
    () => [step('newTab', { wait: 0 }), ...some('type'), step('type', { tab: other })],
    () => [step('type', { wait: 0 }), step('reload', { turns: 0, wait: 500 }), ...some('type')],
    () => [step('type'), step('replaceAll', { wait: 20 }), step('undo'), step('type', { tab: other })],
  ])();
}

/** @returns {any[]} one fault, and what belongs to it */
function fault({ rng, setup, editors }) {
  const tab = rng.pick(editors);
  const what = rng.next();
  const method = rng.pick([undefined, undefined, 'PATCH', 'PATCH', 'POST', 'PUT', 'GET']);
  if (what < 0.56) return [{ do: 'fault', tab, kind: rng.pick(KINDS), method, skip: rng.int(3), after: rng.chance(0.4), wait: 0 }];
  if (what < 0.72) return [{ do: 'offline', tab, for: rng.pick([1000, 5000, 40_000, 200_000]), wait: wait(rng) }];
  if (what < 0.76) return [{ do: 'sleep', tab, for: rng.pick([2 * HOUR, 8 * DAY, 20 * DAY, 45 * DAY]), wait: wait(rng) }];
  if (what < 0.8) return [{ do: 'token', tab, what: rng.pick(['expired', 'expired', 'unreachable', 'refused']), for: rng.pick([3000, 30_000, 90_000]), wait: 0 }];
  if (what < 0.86) return [{ do: 'storage', tab, part: 'idb', fault: rng.pick(['throw', 'hang', 'full', 'absent']), for: rng.pick([4000, 30_000, 300_000]), wait: 0 }];
  if (what < 0.9) return [{ do: 'storage', tab, part: 'local', fault: rng.pick(['throw', 'full', 'absent']), for: rng.pick([4000, 30_000, 300_000]), wait: 0 }];
  if (what < 0.92) return [{ do: 'skew', tab, by: rng.pick([-3, 5, 90, -600, 24 * 60 * 365, -24 * 60 * 365]) * 60_000, wait: 0 }];
  if (what < 0.95) return [{ do: 'restart', wait: 0 }];
  return [{ do: 'kill', tab, turns: rng.int(60), wait: 20 }];
}
