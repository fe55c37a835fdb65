/** Firebase Auth of this page; on the local emulator where the local stack serves the page. */

import { initializeApp } from '/vendor/firebase-app.js';
import {
  browserLocalPersistence,
  connectAuthEmulator,
  indexedDBLocalPersistence,
  initializeAuth,
  signInAnonymously,
} from '/vendor/firebase-auth.js';

const LONGEST_WAIT = 30_000; // ms between two tries to become a guest

/** @returns {Promise<{auth: any, local: boolean}>} */
export async function openAuth() {
  const config = await json('/__/firebase/init.json');
  const local = config.apiKey === 'local';
  const emulator = local && `http://${(await json('/__/stack.json')).auth}`;
  // Without the popup resolver, which would load Google's script at once: it is given where a popup opens.
  const auth = initializeAuth(initializeApp(config), { persistence: [indexedDBLocalPersistence, browserLocalPersistence] });
  // At once: a moment later it would ask Google about the user it remembers.
  if (emulator) connectAuthEmulator(auth, emulator, { disableWarnings: true });
  return { auth, local };
}

/** Whoever comes without being signed in works as a guest at once. Where somebody was here and has signed out in another
 *  tab, this page waits until a person says so: `enter` is what makes them a guest then.
 *  @param {any} auth @returns {{enter: () => Promise<void>}} */
export function guestsWelcome(auth) {
  let wait = 1000;
  /** @type {Promise<void> | null} one at a time */
  let entering = null;

  const enter = () => {
    if (auth.currentUser) return Promise.resolve();
    entering ??= signInAnonymously(auth)
      .then(() => void (wait = 1000), later)
      .finally(() => (entering = null));
    return /** @type {Promise<void>} */ (entering);
  };
  const later = () => {
    setTimeout(enter, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };
  let somebody = false;
  auth.onAuthStateChanged((/** @type {any} */ user) => {
    somebody ||= user !== null;
    if (!somebody) enter();
  });
  return { enter };
}

/** @param {string} path */
async function json(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} answers ${response.status}`);
  return response.json();
}
