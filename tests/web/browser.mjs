/** What of a browser the client library asks for, in Node: storage, locks, channels, events. Imported before the library. */
import 'fake-indexeddb/auto';

/** A localStorage or sessionStorage; `kept` is what is in it. */
export const area = () => {
  const kept = new Map();
  return new Proxy(
    { kept, getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, String(value)), removeItem: (key) => void kept.delete(key) },
    { ownKeys: () => [...kept.keys()], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) },
  );
};

/** The names of the locks that are held. @type {Map<string, number>} */
export const held = new Map();
const turns = new Map();
const locks = {
  query: async () => ({ held: [...held.keys()].map((name) => ({ name })) }),
  request(name, ...rest) {
    const run = rest.pop();
    if (rest[0]?.ifAvailable && held.has(name)) return run(null);
    const now = (turns.get(name) ?? Promise.resolve()).then(() => (held.set(name, 1), run({ name }))).finally(() => held.delete(name));
    turns.set(name, now.catch(() => {}));
    return now;
  },
};

/** Of window and document together. */
export const events = new EventTarget();
export const fire = (name) => events.dispatchEvent(new Event(name));

globalThis.BroadcastChannel = class extends BroadcastChannel {
  constructor(name) {
    super(name);
    this.unref(); // one that is open keeps no test alive
  }
};
/** Node 20 lets go of a signal's own listener when memory is collected: the event comes after the abort all the same. */
const addEventListener = (type, run, { signal, ...options } = {}) => {
  events.addEventListener(type, run, options);
  signal?.addEventListener('abort', () => events.removeEventListener(type, run));
};
const removeEventListener = (type, run) => events.removeEventListener(type, run);
Object.assign(globalThis, { localStorage: area(), sessionStorage: area(), addEventListener, removeEventListener, location: { href: 'http://here/' } });
globalThis.document = { addEventListener, visibilityState: 'visible' };
Object.defineProperty(globalThis, 'navigator', { value: { locks, onLine: true, userAgent: 'node' }, configurable: true, writable: true });

export const later = (ms = 10) => new Promise((resolve) => setTimeout(resolve, ms));

/** What was set going, as writes to the database, has come to its end. */
export async function settled() {
  for (let i = 0; i < 100; i++) await new Promise(setImmediate);
}

/** @param {() => any} found @param {string} [what] */
export async function until(found, what = String(found)) {
  for (let i = 0; i < 300; i++) {
    if (await found()) return;
    await later();
  }
  throw new Error(`never: ${what}`);
}
