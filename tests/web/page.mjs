/** A whole page: connect() with a sign-in that the test decides, in a browser that keeps what earlier pages left. */
import { area, settled, until } from './browser.mjs';
import { clear } from '../../web/vendor/idb-keyval.js';
import { connect } from '../../web/storage/index.js';
import { store } from '../../web/storage/store.js';
import { page as leaving, releaseTab } from '../../web/storage/tabs.js';

/** @type {any[]} */
const open = [];

/** @param {{user?: string | null, delay?: number, again?: boolean, tool?: any}} [options]  again: the same tab, reloaded */
export function tab({ user = 'alice', delay = 20, again = false, tool = 'ruleslawyer' } = {}) {
  if (!again) globalThis.sessionStorage = area();
  let signed = () => {};
  const auth = { onAuthStateChanged: (listener) => ((signed = listener), () => {}) };
  const storage = connect({ auth, delay });
  const tokens = { refused: null };
  const getIdToken = (uid) => async () => {
    if (tokens.refused) throw tokens.refused;
    return uid;
  };
  const signIn = (uid) => signed(uid && { uid, isAnonymous: uid.startsWith('guest'), getIdToken: getIdToken(uid) });
  if (user) signIn(user);
  const work = storage.work(tool);
  const one = {
    storage, work, auth, tokens, signIn,
    write: (words) => work.update({ search_context: words }),
    words: () => work.state.get().search_context ?? {},
    state: () => storage.status.get().state,
    detail: () => storage.status.get().detail ?? '',
    saved: () => until(() => storage.status.get().state === 'saved', `saved, but ${JSON.stringify(storage.status.get())}`),
    /** As a crash does it: nothing is sent any more; what it kept stays. */
    kill() {
      const { env } = work.copy();
      env.end();
      releaseTab(env.uid, env.tab);
    },
  }; // prettier-ignore
  open.push(one);
  return one;
}

export const started = async (options) => {
  const one = tab(options);
  await one.storage.ready;
  return one;
};

/** Before each test. */
export async function fresh() {
  globalThis.localStorage.kept.clear();
  leaving.leaving = false;
  await clear(store);
}

/** After each test. */
export async function closeAll() {
  await Promise.all(open.splice(0).map(({ storage }) => storage.close()));
  await settled();
}
