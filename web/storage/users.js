/** Who is here. The work of one user never goes on under another: when the user changes, the page is inert until it says that
 *  the new one may go on, or until the former one is back. */
import { forgetOthers } from './seen.js';
/** @import {Auth, Observable, User} from './types' */

const PATIENCE = 10_000; // ms for a sign-in, which may not come while it cannot be reached

/** @param {{auth: Auth, user: Observable<User | null>, status: any, begin: (user: User) => void, leave: () => void,
 *    back: () => void}} page  back: the same user once more, as with another token */
export function users({ auth, user, status, begin, leave, back }) {
  /** @type {string | null} who was here, and is gone */
  let gone = null;
  /** @type {string | null} who is here and works */
  let active = null;
  let own = 0; // changes that this page makes itself, under way
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;

  function wait() {
    const offline = () => status.phase('offline');
    clearTimeout(waiting);
    status.phase('loading');
    if (globalThis.navigator?.onLine === false) offline();
    else waiting = setTimeout(offline, PATIENCE);
  }

  /** @param {User} next */
  function enter(next) {
    gone = null;
    active = next.uid;
    clearTimeout(waiting);
    begin(next);
  }

  /** @param {User | null} next */
  function changed(next) {
    const same = next && next.uid === active;
    if (active && !same) {
      leave();
      gone = active;
      active = null;
      void forgetOthers(next?.uid);
    }
    user.set(next);
    if (same) return back();
    if (gone && (own || next?.uid === gone)) gone = null;
    if (gone) status.phase(next ? 'another user' : 'signed out');
    else if (next) enter(next);
    else wait();
  }

  wait();
  const unsubscribe = auth.onAuthStateChanged(changed);

  const self = {
    isInert: () => gone !== null,
    /** Signs somebody in or out: the next user may go on at once. @template T @param {() => Promise<T>} run @returns {Promise<T>} */
    async switching(run) {
      own++;
      try {
        const done = await run();
        self.proceed();
        return done;
      } finally {
        own--;
      }
    },
    proceed() {
      if (!gone) return;
      gone = null;
      const next = user.get();
      if (next) enter(next);
      else wait();
    },
    close() {
      unsubscribe();
      clearTimeout(waiting);
    },
  };
  return self;
}
