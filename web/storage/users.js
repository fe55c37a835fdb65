/** Who is here. The work of one user never goes on under another: when the user changes, the page is inert until it says that
 *  the new one may go on, or until the former one is back. */
import { forgetOthers } from './seen.js';
/** @import {Auth, Observable, User} from './types' */

const PATIENCE = 10_000; // ms for a sign-in, which may not come while it cannot be reached
const AT_ONCE = 5000; // ms: who says so before the change means the change that comes

/** @param {{auth: Auth, user: Observable<User | null>, status: any, begin: (user: User) => void, leave: () => void,
 *    back: () => void}} page  back: the same user once more, as with another token */
export function users({ auth, user, status, begin, leave, back }) {
  /** @type {string | null} who was here, and is gone */
  let gone = null;
  /** @type {string | null} who is here and works */
  let active = null;
  let welcome = -Infinity;
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
    const isExpected = Math.abs(Date.now() - welcome) < AT_ONCE;
    if (gone && (isExpected || next?.uid === gone)) gone = null;
    if (isExpected) welcome = -Infinity; // it was for this change alone
    if (gone) status.phase(next ? 'another user' : 'signed out');
    else if (next) enter(next);
    else wait();
  }

  wait();
  const unsubscribe = auth.onAuthStateChanged(changed);

  return {
    isInert: () => gone !== null,
    proceed() {
      if (!gone) return void (welcome = Date.now());
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
}
