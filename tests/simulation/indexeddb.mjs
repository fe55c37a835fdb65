/** A browser's IndexedDB: fake-indexeddb on the world's own queue of tasks, with the faults that real ones have.
 *
 *  The tabs of a profile share the databases. What a dead tab had not committed is rolled back. */
import { buildSync } from 'esbuild';
import { createRequire } from 'node:module';
import vm from 'node:vm';

const entry = createRequire(import.meta.url).resolve('fake-indexeddb');
const code = buildSync({ entryPoints: [entry], bundle: true, format: 'iife', globalName: 'fake', platform: 'node', write: false }).outputFiles[0].text;
/** With its own copy of the library, which asks globalThis for its queue. */
const load = vm.runInThisContext(`(function (globalThis, setImmediate) { ${code}; return fake; })`);

/** @type {ReturnType<typeof import('./clock.mjs').clock>} the world that runs */
let clock;
const later = (run) => clock.task(run);
const { IDBFactory, IDBKeyRange } = load(Object.assign(Object.create(globalThis), { setImmediate: later }), later);
export { IDBKeyRange };

/** @param {typeof clock} its */
export function databases(its) {
  clock = its;
  /** @type {Map<string, any>} */
  const all = new Map();
  const keep = all.set.bind(all);
  all.set = (name, database) => keep(name, tagged(database));

  return {
    /** Pages open one after the other while the store is made, in a browser; fake-indexeddb knows of those of one factory. So it is made before. */
    begin() {
      const factory = new IDBFactory();
      factory._databases = all;
      const request = factory.open('dungeonmind-storage');
      request.onupgradeneeded = () => request.result.createObjectStore('kept');
      request.onsuccess = () => request.result.close();
    },
    /** @param {() => string | undefined} fault  throw, hang or full */
    factory(fault) {
      const factory = new IDBFactory();
      factory._databases = all;
      return {
        open: (...asked) => (fault() === 'hang' ? {} : fault() === 'throw' ? refused() : opened(factory.open(...asked), fault)),
        deleteDatabase: (name) => factory.deleteDatabase(name),
        databases: () => factory.databases(),
        cmp: factory.cmp,
      };
    },
    /** @param {any} tab */
    kill(tab) {
      for (const database of all.values()) {
        for (const transaction of database.transactions.filter((one) => one.tab === tab && one._state !== 'finished')) {
          for (const undo of transaction._rollbackLog.reverse()) undo();
          transaction._requests = [];
          transaction._markFinished();
        }
        database.connections = database.connections.filter((one) => one.tab !== tab);
        as(null, () => database.processTransactions());
      }
    },
    /** All that is committed. @returns {{key: any, value: any}[]} */
    records: () => [...all.values()].flatMap((database) => [...database.rawObjectStores.values()].flatMap((store) => [...store.records.values()])),
  };
}

/** What is queued in it is the tab's: a dead one's is dropped. @param {any} tab @param {() => void} run */
function as(tab, run) {
  const { current } = clock;
  clock.current = tab;
  try {
    run();
  } finally {
    clock.current = current;
  }
}

/** Transactions and connections know whose they are. @param {any} database */
function tagged(database) {
  const tag = (list) => Object.assign(list, { push: (one) => Array.prototype.push.call(list, Object.assign(one, { tab: clock.current })) });
  let connections = tag(database.connections);
  const { transactions } = database;
  // Whichever tab's transaction ended before, this one is its own tab's.
  transactions.push = (one) => {
    const { current: tab } = clock;
    const start = one._start.bind(one);
    return Array.prototype.push.call(transactions, Object.assign(one, { tab, _start: () => as(tab, start) }));
  };
  return Object.defineProperty(database, 'connections', { get: () => connections, set: (list) => (connections = tag(list)) });
}

function refused() {
  const request = { error: new DOMException('Internal error opening backing store', 'UnknownError') };
  clock.task(() => request.onerror?.({ target: request }));
  return request;
}

/** @param {any} request @param {() => string | undefined} fault */
function opened(request, fault) {
  request.addEventListener('success', () => {
    const { result: database } = request;
    const begin = database.transaction.bind(database);
    database.transaction = (...asked) => {
      if (fault() === 'throw') throw new DOMException('The database connection is closing', 'InvalidStateError');
      if (fault() === 'hang') return hanging();
      return fault() === 'full' && asked[1] === 'readwrite' ? full(begin(...asked)) : begin(...asked);
    };
  });
  return request;
}

function hanging() {
  const store = new Proxy({}, { get: (_, name) => (name === 'transaction' ? transaction : () => ({})) });
  const transaction = { objectStore: () => store, abort() {}, commit() {}, addEventListener() {} };
  return transaction;
}

/** What it puts aborts it; what it deletes is deleted. @param {any} transaction */
function full(transaction) {
  const objectStore = transaction.objectStore.bind(transaction);
  transaction.objectStore = (name) => {
    const store = objectStore(name);
    const put = store.put.bind(store);
    store.put = (...given) => {
      clock.task(() => transaction._state !== 'finished' && transaction._abort('QuotaExceededError'));
      return put(...given);
    };
    return store;
  };
  return transaction;
}
