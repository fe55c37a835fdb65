/** A page without a browser: the client library on a browser's storage, against the real functions over HTTP.
 *
 *  It reads one line, {url, uid, token, kept: {key: value}}, where `kept` is what earlier pages left; answers "stored"
 *  once it started and stored all; after another line it begins a new card, and answers what is left in localStorage.
 *  Only the library's front door is used: what is inside it is its own affair. */
import 'fake-indexeddb/auto';
import { createInterface } from 'node:readline';
import { createStore, set } from '../web/vendor/idb-keyval.js';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const line = async () => (await lines.next()).value;
const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
const { url, uid, token, kept } = JSON.parse(await line());

function area() {
  const texts = new Map();
  const verbs = {
    getItem: (key) => texts.get(String(key)) ?? null,
    setItem: (key, value) => void texts.set(String(key), String(value)),
    removeItem: (key) => void texts.delete(String(key)),
    key: (number) => [...texts.keys()][number] ?? null,
  };
  return new Proxy(verbs, {
    get: (_, name) => (name === 'length' ? texts.size : (verbs[name] ?? texts.get(name))),
    ownKeys: () => [...texts.keys()],
    getOwnPropertyDescriptor: (_, key) => texts.has(key) && { value: texts.get(key), enumerable: true, configurable: true },
  });
}

const turns = new Map(); // the last request for each lock
const held = new Set();
const locks = {
  query: async () => ({ held: [...held].map((name) => ({ name })), pending: [] }),
  async request(name, ...given) {
    const run = given.pop();
    if (given[0]?.ifAvailable && held.has(name)) return run(null);
    const before = turns.get(name);
    const now = (async () => {
      await before?.catch(() => {});
      held.add(name);
      return run({ name });
    })().finally(() => held.delete(name));
    turns.set(name, now);
    return now;
  },
};

const page = new EventTarget();
const listeners = { addEventListener: page.addEventListener.bind(page), removeEventListener: page.removeEventListener.bind(page), dispatchEvent: page.dispatchEvent.bind(page) };
const document = Object.assign(new EventTarget(), { visibilityState: 'visible', hidden: false });
const network = globalThis.fetch;
Object.assign(globalThis, listeners, { window: globalThis, document, location: new URL(url), localStorage: area(), sessionStorage: area() });
Object.defineProperty(globalThis, 'navigator', { value: { locks, onLine: true, userAgent: 'node' }, configurable: true });
globalThis.fetch = (path, options) => network(new URL(path, url), options);

for (const [key, value] of Object.entries(kept)) {
  const name = key.replace('indexeddb:', '');
  if (name === key) localStorage.setItem(key, value);
  else await set(name, value, createStore('dungeonmind-storage', 'kept'));
}

const { connect } = await import('../web/storage/index.js');
const user = { uid, isAnonymous: false, getIdToken: async () => token };
const auth = { currentUser: user, onAuthStateChanged: (listener) => (queueMicrotask(() => listener(user)), () => {}) };
const storage = connect({ auth, delay: 50 });
const work = storage.work('cardgenerator');
await storage.ready;
await storage.whenStored();
say('stored');

await line();
await work.startNew();
work.update({ itemDetails: { name: 'Written afterwards' } });
await storage.whenStored();
await storage.close();
say({ ...localStorage });
process.exit();
