/** One schedule, from the first tab to the verdict: everything in one synchronous run. */
import { createHash } from 'node:crypto';
import { profile as newProfile, tab as newTab } from './browser.mjs';
import { assertSynchronous, clock as newClock } from './clock.mjs';
import { driver as newDriver } from './driver.mjs';
import { network as newNetwork } from './network.mjs';
import { oracle as newOracle } from './oracle.mjs';
import { idToken } from './python.mjs';
import { TOOLS } from './tools.mjs';
import { wordsIn } from './words.mjs';

const HOUR = 3600_000;
const MONTH = 30 * 24 * HOUR;
const START = Date.UTC(2026, 10, 26, 12); // the clients' clock; the server's is real
const LOOP = { requests: 20, within: 45_000, verb: 4 }; // ms; the start and each draft have a back-off of their own; and so many more for each verb that is waited for

/** Of the simulation, not of what it looks at. */
class Bug extends Error {}

/** @param {{seed: number, setup: any, steps: any[]}} script @param {{server: any, library: (globals: any) => any, trace?: boolean | 'bodies'}} options  bodies: also what was sent and answered, and what the pages show */
export function play({ seed, setup, steps }, { server, library, trace = false }) {
  assertSynchronous();
  const clock = newClock(START);
  const rates = {};
  const lines = [];
  const hash = createHash('sha256');
  const names = new Map();
  const replayed = new Set();
  /** @type {{tab: any, at: number}[]} */
  const wrote = [];
  const known = { projects: new Map(), objects: new Map() };
  /** ids and times of the server's, by the order in which they came @param {string} line */
  const normal = (line) => line.replace(/[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|"\d{4}-\d\d-\d\dT[^"]*"/g, (id) => (names.has(id) || names.set(id, `#${names.size}`), names.get(id)));

  const world = {
    seed, setup, clock, server, start: START, tools: TOOLS, requests: 0, writes: 0,
    signInTakes: setup.signInTakes,
    /** @type {any[]} */
    tabs: [],
    /** @type {any[]} */
    users: [],
    /** @type {any} */
    network: null,
    /** @type {any} */
    oracle: null,
    note(line) {
      const text = normal(`${((clock.now() - START) / 1000).toFixed(2)} ${line}`);
      hash.update(text);
      if (trace) lines.push(text);
    },
    /** For who looks closely; no part of what two runs have to agree in. @param {() => any} line */
    detail(line) {
      if (trace === 'bodies') lines.push(`      ${normal(String(line()))}`);
    },
    count: (name, by = 1) => void (rates[name] = (rates[name] ?? 0) + by),
    fired: (kind) => (world.count(`fault ${kind}`), world.count('faults')),
    bug(what) {
      throw new Bug(`The simulation itself failed in seed ${seed}: ${what}`);
    },
    letterOfToken: (token) => world.users.find(({ tokens }) => Object.values(tokens).includes(token))?.letter,
    projectsOf: (tab, tool) => known.projects.get(`${tab.user?.uid} ${tool}`) ?? [],
    objectsOf: (tab) => known.objects.get(tab.user?.uid) ?? [],
    open,
    replaceTab,
    killAfter,
    online(profile) {
      profile.offline = false;
      for (const tab of profile.tabs) tab.fire('online');
    },
    sleep,
  };
  world.oracle = newOracle(world);
  world.network = newNetwork({ clock, server, seed, heard: { sent, answered, fired: world.fired } });
  world.users = setup.users.map((kind, i) => newUser(server.project, seed, kind, i));
  const profiles = Object.fromEntries(Object.entries(setup.devices).map(([name, given]) => [name, profileOf(name, given)]));
  const driver = newDriver(world);
  /** @type {Map<any, {turns: number, then: () => void}>} */
  const doomed = new Map();
  clock.turned = turned;
  clock.threw = (tab, error) => {
    if (error instanceof Bug) throw error;
    world.oracle.fail('broken', `${tab.name} threw ${error?.message}`);
    world.note(String(error?.stack));
  };

  function profileOf(name, { user, skew, faults }) {
    const made = newProfile(world, name);
    return Object.assign(made, { user: world.users[user], skew, faults: { ...faults } });
  }

  /** A page that begins. @param {any} profile @param {any} [lineage]  of the page that it is the reload of */
  function open(profile, lineage) {
    const tab = newTab(world, profile, lineage ? { lineage } : {});
    Object.assign(tab, { deletions: [], recent: [], touched: clock.now(), user: null, person: null });
    const hear = { ...tab.auth };
    tab.auth.onAuthStateChanged = (listener) => hear.onAuthStateChanged((user) => (listener(user), heard(tab, user)));
    clock.run(tab, () => {
      try {
        tab.storage = library(tab.window).connect({ auth: tab.auth, label: profile.name });
        for (const tool of setup.tools) tab.storage.work(tool);
        tab.storage.status.subscribe(({ state, detail }) => {
          world.note(`${tab.name} says ${state}${detail ? `: ${detail}` : ''}`);
          tab.said = true;
        });
        tab.storage.recovered.subscribe((all) => all.forEach((one) => one && world.oracle.told(one)));
      } catch (error) {
        tab.storage = null;
        world.oracle.fail('broken', `a page does not start: ${error.message}`);
      }
    });
    return tab;
  }

  /** Who sits there changes a moment after the user did. */
  function heard(tab, user) {
    world.note(`${tab.name} hears of ${user?.uid.split('-')[0] ?? 'nobody'}`);
    if (tab.user && tab.user !== user) world.oracle.killing(tab); // what they had not stored is in this browser, or the page said that it keeps none
    tab.user = user;
    tab.heard = (tab.heard ?? 0) + 1;
    if (user) world.oracle.came(tab, user);
    const change = () => (tab.person = user);
    if (!tab.person || tab.person === user || tab.acts) return change();
    clock.at(2500, () => tab.user === user && (change(), tab.storage?.proceed?.()), tab);
  }

  function replaceTab(tab, by, { others = 1 } = {}) {
    const at = world.tabs.indexOf(tab);
    if (at < 0) return;
    world.tabs[at] = by;
    if (!tab.dead && !others) killNow(tab);
  }

  /** @param {any} tab @param {number} turns  events and tasks of it that still run */
  function killAfter(tab, turns, then) {
    if (turns <= 0) return killNow(tab, then);
    doomed.set(tab, { turns, then });
    clock.at(1500, () => doomed.has(tab) && killNow(tab, then)); // it has nothing more to do
  }

  function killNow(tab, then = () => {}) {
    doomed.delete(tab);
    if (tab.dead) return;
    world.note(`${tab.name} is gone`);
    tab.kill(); // first: what it had not committed is rolled back
    if (tab.storage) world.oracle.killing(tab, tab.reloading);
    then();
  }

  /** What the page says and shows when nothing of its code is under way is what a person sees. */
  function turned(tab) {
    if (tab.said) world.oracle.check(tab);
    tab.said = false;
    const doom = doomed.get(tab);
    if (doom && --doom.turns <= 0) killNow(tab, doom.then);
  }

  function sent(tab, request) {
    world.requests = request.id;
    world.count('requests');
    world.oracle.sent(tab, request);
    const name = `${request.method} ${request.path.split('?')[0]}`;
    const since = Math.max(clock.now() - LOOP.within, tab.touched);
    tab.recent = [...tab.recent.filter((one) => one.at > since), { name, at: clock.now() }];
    const others = wrote.filter((one) => one.at > since && one.tab !== tab).length; // each is looked at
    // With a token that the API finds expired each request is sent twice.
    const times = (tab.user?.expiredUntil ?? 0) > since ? 2 : 1;
    if (tab.recent.filter((one) => one.name === name).length > times * (LOOP.requests + others + LOOP.verb * (tab.asking ?? 0))) world.oracle.fail('loop', `${name} again and again`);
  }

  function answered(tab, request, got) {
    const { method, path, fault } = request;
    world.note(`${tab.name} ${method} ${path} ${got.status}${fault ? ` (${fault})` : ''}${got.status >= 400 ? ` ${got.body.slice(0, 200)}` : ''}`);
    if (method !== 'GET') world.detail(() => `${request.body ?? ''}\n        -> ${brief(got.body)}`);
    world.oracle.accepted(tab, request, got);
    if (method !== 'GET' && got.status < 300) world.writes++, wrote.push({ tab, at: clock.now() });
    if (got.status >= 500) world.oracle.fail('server', `${method} ${path.replace(/[\w.-]{30,}/, '…')} ${got.status}`);
    if (path.endsWith('/merge') && got.status === 200) world.count('merges'), /"conflicts": ?\[\]/.test(got.body) || world.count('conflicts');
    if (path.endsWith('/recover') && got.status === 200) world.count('recoveries');
    if (got.status === 412) world.count('refusals by If-Match');
    const name = request.headers['X-Save-Id'] ?? (method === 'POST' && request.body?.match(/"(?:id|draft_id|newProjectId)":"([^"]+)"/)?.[1]);
    if (name && got.status < 500) replayed.has(path + name) ? world.count('replays') : replayed.add(path + name);
    learn(tab, request, got);
  }

  /** The projects and objects that there are, as a list in the page would show them. */
  function learn(tab, { path, body, method }, got) {
    if (got.status >= 300 || method !== 'POST') return;
    const uid = tab.user?.uid;
    const put = (map, key, id) => id && !(map.get(key) ?? []).includes(id) && map.set(key, [...(map.get(key) ?? []), id]);
    const tool = path.match(/^\/api\/(?:session\/tools\/)?(\w+)\/(?:projects$|merge)/)?.[1];
    if (tool && TOOLS.includes(tool)) {
      const data = JSON.parse(got.body);
      put(known.projects, `${uid} ${tool}`, path.endsWith('/merge') ? data.project?.id : data.id);
    }
    if (path === '/api/objects/promote') put(known.objects, uid, JSON.parse(got.body).id);
    if (path.endsWith('/recover')) {
      const { project } = JSON.parse(got.body);
      put(known.projects, `${uid} ${JSON.parse(body).tool}`, project?.id);
    }
  }

  /** A device is shut for a while; the world goes on where it was, later. @param {any} profile @param {number} ms */
  function sleep(profile, ms) {
    clock.jump(ms);
    if (ms >= HOUR) for (const user of world.users) user.hasExpired = true;
    if (ms >= MONTH) for (const user of world.users) server.ask({ do: 'expire', uid: user.uid }), (user.lostSession = true);
    for (const tab of profile.tabs) clock.at(10, () => tab.fire('focus'), null);
  }

  /** All is well again, for long enough. */
  function calm() {
    world.note('all is well');
    world.network.calm();
    for (const user of world.users) user.trouble = null;
    for (const profile of Object.values(profiles)) {
      profile.faults = profile.faults.locks || profile.faults.channels ? { ...pick(profile.faults, ['locks', 'channels']) } : {};
      if (profile.offline) world.online(profile);
    }
    // Without locks a tab that is gone seems to live for 90 s, and longer where the clock was set back.
    clock.advance(Object.values(profiles).some(({ faults }) => faults.locks) ? 400_000 : 70_000);
    mend();
    look();
  }

  function mend() {
    for (const profile of Object.values(profiles)) for (const tab of profile.tabs) if (tab.storage && !tab.closing) driver.mend(tab);
  }

  /** @returns {boolean} whether anything was stored by it, so that others have not seen it yet */
  function look() {
    const before = world.writes;
    for (const profile of Object.values(profiles)) for (const tab of [...profile.tabs]) tab.show('visible'), tab.fire('focus');
    clock.advance(20_000);
    return world.writes > before;
  }

  /** Every page is closed; each user comes back on each device, and stays in the last. */
  function comeBack() {
    for (const profile of Object.values(profiles)) for (const tab of [...profile.tabs]) leave(tab);
    for (const profile of Object.values(profiles)) {
      const users = [...world.users.filter((user) => user !== profile.user && profile.had?.has(user)), profile.user ?? world.users[0]];
      for (const user of users) {
        profile.user = user;
        const tab = open(profile);
        clock.advance(3000);
        mend();
        clock.advance(4000);
        if (user !== users.at(-1)) leave(tab);
      }
    }
    for (let i = 0; i < 3 && look(); i++);
  }

  function leave(tab) {
    tab.reloading = true;
    tab.show('hidden');
    tab.fire('pagehide');
    killNow(tab);
    clock.advance(200);
  }

  /** What a page offers to settle, as its view of kept things shows it. @param {any} tab @returns {string[]} */
  function stuckOn(tab) {
    const { stuck, kept } = tab.storage;
    const words = [];
    clock.run(tab, () => stuck.get().forEach(({ id, tool }) => kept.get({ place: 'unsaved', id, tool }).then((state) => words.push(...wordsIn(state)))));
    return words;
  }

  const pagesOf = () =>
    Object.values(profiles).flatMap((profile) =>
      [...profile.tabs].filter(({ storage }) => storage).map((tab) => ({
        name: tab.name,
        letter: tab.user?.letter,
        state: tab.storage.status.get().state,
        works: setup.tools.map((tool) => ({ tool, home: tab.storage.work(tool).home.get(), state: tab.storage.work(tool).state.get() })),
        shown: wordsIn(setup.tools.map((tool) => tab.storage.work(tool).state.get())),
        stuck: stuckOn(tab),
        snapshots: wordsIn(profile.idb.records().filter(({ key }) => String(key).startsWith('snapshot/')).map(({ value }) => value)),
        browser: wordsIn([profile.idb.records().map(({ value }) => value), [...profile.local.values()]]),
      })),
    );

  function run() {
    server.ask({ do: 'begin' });
    for (const { idb } of Object.values(profiles)) idb.begin();
    clock.advance(5);
    world.tabs = setup.tabs.map((name) => open(profiles[name]));
    if (!setup.typesAtOnce) clock.advance(1500);
    const noteUsers = () => Object.values(profiles).forEach((profile) => profile.user && (profile.had ??= new Set()).add(profile.user));
    noteUsers();
    for (const step of steps) {
      world.count('steps');
      driver.do(step);
      clock.advance(step.wait ?? 0);
      for (const tab of world.tabs) world.oracle.check(tab), world.detail(() => shown(world, tab));
      noteUsers();
    }
    doomed.clear();
    calm();
    for (const tab of world.tabs) world.oracle.check(tab);
    comeBack();
    const pages = pagesOf();
    for (const profile of Object.values(profiles)) for (const tab of profile.tabs) world.oracle.check(tab);
    world.oracle.judge(server.ask({ do: 'dump' }), pages, () => savesOf(server.ask({ do: 'dump', saves: true })));
    for (const profile of Object.values(profiles)) for (const tab of [...profile.tabs]) tab.kill();
  }
  run();
  world.count('words', world.oracle.words.size);
  return { seed, failures: world.oracle.found, rates, trace: hash.digest('hex'), lines };
}

const pick = (map, names) => Object.fromEntries(names.filter((name) => map[name]).map((name) => [name, map[name]]));
/** @param {any} tab */
const shown = ({ setup: { tools } }, { name, storage }) => `${name} shows ${JSON.stringify(tools.map((tool) => storage?.work(tool)).map((work) => [work?.home.get(), work?.state.get()]))}`;

/** An answer without what every session holds. @param {string} body */
const brief = (body) => body.replace(/"(preferences|devices|members|clipboard|recently_viewed|pinned_objects|readers)":\s?(\{[^{}]*(\{[^{}]*\}[^{}]*)*\}|\[[^\]]*\]),?/g, '').slice(0, 3000);

const savesOf = (stored) => [...stored.card_sessions, ...stored.tool_saves];

/** As Firebase's SDK gives one out. @param {string} project @param {number} seed @param {string} kind @param {number} i */
function newUser(project, seed, kind, i) {
  const user = { uid: `${kind}${i}-${seed}`, guest: kind === 'guest' };
  const good = idToken(project, user, 7 * 24 * 3600);
  const old = idToken(project, user, -60);
  const self = {
    ...user,
    letter: 'abcde'[i],
    isAnonymous: user.guest,
    displayName: user.guest ? null : `Name of ${user.uid}`,
    tokens: { good, old },
    old,
    hasExpired: false,
    /** @type {string | null} expired, unreachable or refused */
    trouble: null,
    async getIdToken(force = false) {
      if (self.trouble === 'unreachable' && (force || self.hasExpired)) throw Object.assign(new Error('network error'), { code: 'auth/network-request-failed' });
      if (self.trouble === 'refused') throw Object.assign(new Error('The user has been disabled'), { code: 'auth/user-disabled' });
      if (!force && self.trouble === 'expired') return old;
      if (force) self.hasExpired = false;
      return good;
    },
  };
  return self;
}
