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

/** Whoever is not signed in works as a guest: at once, and again after signing out.
 *  @param {any} auth */
export function guestsWelcome(auth) {
  let wait = 1000;
  const enter = () => {
    if (auth.currentUser) return;
    signInAnonymously(auth).then(() => (wait = 1000), later);
  };
  const later = () => {
    setTimeout(enter, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };
  auth.onAuthStateChanged((/** @type {any} */ user) => user || enter());
}

/** @param {string} path */
async function json(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} answers ${response.status}`);
  return response.json();
}
