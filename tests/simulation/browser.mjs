/** Browser profiles and their tabs: what a page of the library finds around it, each part able to fail. */
import { drawn, random } from './clock.mjs';
import { IDBKeyRange, databases } from './indexeddb.mjs';

/** A device: its storage, its clock, its network, who is signed in, and its tabs. What fails is in `faults`:
 *  idb (absent, throw, hang, full), local (absent, throw, full), locks (absent), channels (absent).
 *  @param {any} world @param {string} name */
export function profile(world, name) {
  const self = {
    name,
    idb: databases(world.clock),
    local: new Map(),
    locks: new Map(),
    channels: new Set(),
    tabs: new Set(),
    offline: false,
    skew: 0, // ms
    /** @type {Record<string, string | undefined>} */
    faults: {},
    /** @type {any} */
    user: null,
    opened: 0,
    /** Somebody signs in, or out: each tab hears of it a moment later. @param {any} user */
    sign(user) {
      self.user = user;
      for (const tab of self.tabs) world.clock.at(5 + drawn(world.seed, tab.name, 'sign') * 40, () => tab.hearUser(user), tab);
    },
  };
  return self;
}

/** @param {any} world @param {any} on  profile @param {{lineage?: any}} [from]  the page that this one is the reload of */
export function tab(world, on, { lineage = { session: new Map() } } = {}) {
  const { clock } = world;
  const name = `${on.name}.${++on.opened}`;
  const rng = random(drawn(world.seed, name) * 2 ** 32);
  const listeners = new Map();
  const self = {
    name,
    profile: on,
    lineage,
    dead: false,
    requests: 0,
    /** @type {any} */
    storage: null,
    /** @type {(user: any) => void} */
    hearUser: () => {},
    /** @param {string} type  of an event of the window or the document */
    fire(type) {
      clock.run(self, () => {
        for (const run of [...(listeners.get(type) ?? [])]) run({ type, persisted: false });
      });
    },
    /** @param {'visible' | 'hidden'} state */
    show(state) {
      document.visibilityState = state;
      self.fire('visibilitychange');
    },
    kill() {
      if (self.dead) return;
      self.dead = true;
      on.tabs.delete(self);
      for (const channel of [...on.channels]) if (channel.tab === self) on.channels.delete(channel);
      for (const lock of on.locks.values()) lock.drop(self);
      on.idb.kill(self);
    },
    // Firebase's: whoever listens hears the present user, and each change.
    auth: {
      onAuthStateChanged(hear) {
        self.hearUser = hear;
        clock.at(world.signInTakes, () => hear(on.user), self);
        return () => void (self.hearUser = () => {});
      },
    },
  };
  const listen = (type, run, { signal } = /** @type {any} */ ({})) => {
    if (signal?.aborted) return;
    listeners.set(type, [...(listeners.get(type) ?? []), run]);
    signal?.addEventListener('abort', () => unlisten(type, run));
  };
  const unlisten = (type, run) => listeners.set(type, (listeners.get(type) ?? []).filter((one) => one !== run));
  const document = { visibilityState: 'visible', addEventListener: listen, removeEventListener: unlisten, title: '', hasFocus: () => true };
  const fault = (part) => on.faults[part];
  const absent = (part) => fault(part) === 'absent';
  self.storageFailed = absent('local') || absent('idb'); // for as long as the page lives
  const window = {
    ...timers(clock, self),
    ...clocks(clock, on, rng),
    document,
    addEventListener: listen,
    removeEventListener: unlisten,
    location: { href: 'https://here.test/', origin: 'https://here.test', hash: '' },
    navigator: navigatorOf(clock, self, on, absent('locks')),
    indexedDB: absent('idb') ? undefined : on.idb.factory(() => fault('idb')),
    IDBKeyRange,
    localStorage: absent('local') ? undefined : area(on.local, () => fault('local')),
    sessionStorage: absent('local') ? undefined : area(lineage.session, () => fault('local') === 'throw' && 'throw'),
    BroadcastChannel: absent('channels') ? undefined : channelOf(clock, self, on),
    crypto: { randomUUID: () => uuid(rng), getRandomValues: (array) => array.map(() => rng.int(256)) },
    fetch: (url, options) => world.network.fetch(self, url, options),
    console: { log() {}, warn() {}, error() {}, info() {}, debug() {} },
  };
  self.window = Object.assign(window, { globalThis: window, window, self: window });
  on.tabs.add(self);
  return self;
}

function timers(clock, tab) {
  const known = new Map();
  let count = 0;
  const setTimeout = (run, ms, ...given) => {
    const id = ++count;
    known.set(id, clock.at(ms, () => (known.delete(id), run(...given)), tab));
    return id;
  };
  const clearTimeout = (id) => {
    clock.cancel(known.get(id));
    known.delete(id);
  };
  const setInterval = (run, ms) => {
    const id = ++count;
    const again = () => known.set(id, clock.at(Math.max(1, ms), () => (again(), run()), tab));
    again();
    return id;
  };
  const aborted = (ms) => {
    const controller = new AbortController();
    clock.at(ms, () => controller.abort(new DOMException('signal timed out', 'TimeoutError')), tab);
    return controller.signal;
  };
  return {
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval: clearTimeout,
    requestAnimationFrame: (run) => setTimeout(run, 16),
    requestIdleCallback: (run) => setTimeout(run, 50),
    AbortSignal: { timeout: aborted, any: AbortSignal.any, abort: AbortSignal.abort },
  };
}

function clocks(clock, on, rng) {
  const now = () => Math.floor(clock.now() + on.skew);
  class VirtualDate extends Date {
    constructor(...given) {
      given.length ? super(...given) : super(now());
    }
    static now = now;
  }
  const maths = Object.create(Math, { random: { value: rng.next } });
  return { Date: VirtualDate, Math: maths, performance: { now: () => clock.now() - 1e12 } };
}

function uuid({ int }) {
  const h = () => int(65536).toString(16).padStart(4, '0');
  return `${h()}${h()}-${h()}-4${h().slice(1)}-8${h().slice(1)}-${h()}${h()}${h()}`;
}

/** localStorage, or sessionStorage. @param {Map<string, string>} kept @param {() => any} fault */
function area(kept, fault) {
  const refuse = () => {
    if (fault() === 'throw') throw new DOMException('Access is denied for this document.', 'SecurityError');
  };
  const methods = {
    getItem: (key) => (refuse(), kept.get(String(key)) ?? null),
    setItem(key, value) {
      refuse();
      if (fault() === 'full') throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
      kept.set(String(key), String(value));
    },
    removeItem: (key) => (refuse(), void kept.delete(String(key))),
    clear: () => (refuse(), kept.clear()),
    key: (i) => (refuse(), [...kept.keys()][i] ?? null),
  };
  return new Proxy(methods, {
    get: (_, name) => (name === 'length' ? (refuse(), kept.size) : methods[name] ?? kept.get(String(name))),
    ownKeys: () => (refuse(), [...kept.keys()]),
    getOwnPropertyDescriptor: (_, key) => (kept.has(String(key)) ? { enumerable: true, configurable: true, value: kept.get(String(key)) } : undefined),
  });
}

function navigatorOf(clock, tab, on, withoutLocks) {
  const storage = { persist: async () => true, persisted: async () => true, estimate: async () => ({ quota: 1e9, usage: 1e6 }) };
  return { locks: withoutLocks ? undefined : locksOf(clock, tab, on), storage, userAgent: 'simulation', get onLine() { return !on.offline; } };
}

/** Web Locks: a queue for each name, freed when the tab of the holder is gone. */
function locksOf(clock, tab, on) {
  const lockOf = (name) => {
    if (!on.locks.has(name)) on.locks.set(name, newLock(clock));
    return on.locks.get(name);
  };
  return {
    query: async () => ({ held: [...on.locks].filter(([, lock]) => lock.holder()).map(([name]) => ({ name })), pending: [] }),
    request(name, ...rest) {
      const run = rest.pop();
      const { ifAvailable, signal } = rest[0] ?? {};
      const lock = lockOf(name);
      if (ifAvailable && lock.holder()) return Promise.resolve().then(() => run(null));
      return new Promise((resolve, reject) => {
        const waiting = lock.wait(tab, () => Promise.resolve().then(() => run({ name, mode: 'exclusive' })).then(resolve, reject));
        signal?.addEventListener('abort', () => lock.leave(waiting) && reject(signal.reason));
      });
    },
  };
}

function newLock(clock) {
  /** @type {any} */
  let holder = null;
  /** @type {{tab: any, run: () => Promise<any>}[]} */
  let queue = [];
  function next() {
    holder = queue.shift() ?? null;
    if (!holder) return;
    const mine = holder;
    clock.at(0, () => mine.run().finally(() => holder === mine && next()), mine.tab);
  }
  return {
    holder: () => holder?.tab ?? null,
    wait(tab, run) {
      const waiting = { tab, run };
      queue.push(waiting);
      if (!holder) next();
      return waiting;
    },
    leave(waiting) {
      const there = queue.includes(waiting);
      queue = queue.filter((one) => one !== waiting);
      return there;
    },
    /** @param {any} tab  that is gone */
    drop(tab) {
      queue = queue.filter((one) => one.tab !== tab);
      if (holder?.tab === tab) next();
    },
  };
}

function channelOf(clock, tab, on) {
  return class Channel {
    /** @type {((event: {data: any}) => void) | null} */
    onmessage = null;
    constructor(name) {
      this.name = name;
      this.tab = tab;
      on.channels.add(this);
    }
    postMessage(data) {
      if (!on.channels.has(this)) throw new DOMException('Channel is closed', 'InvalidStateError');
      for (const other of on.channels) {
        if (other === this || other.name !== this.name) continue;
        const copy = structuredClone(data);
        clock.at(1, () => on.channels.has(other) && other.onmessage?.({ data: copy }), other.tab);
      }
    }
    addEventListener(type, run) {
      if (type === 'message') this.onmessage = run;
    }
    close() {
      on.channels.delete(this);
    }
  };
}
