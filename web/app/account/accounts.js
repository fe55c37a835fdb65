/** From guest to account, and what the guest made comes along. */

import {
  browserPopupRedirectResolver,
  createUserWithEmailAndPassword,
  EmailAuthProvider,
  GoogleAuthProvider,
  linkWithCredential,
  linkWithPopup,
  sendPasswordResetEmail,
  signInWithCredential,
  signInWithEmailAndPassword,
  signInWithPopup,
  signOut,
} from '/vendor/firebase-auth.js';

import { guestsWork, projectsOf } from './came-along.js';
import { whyNot } from '../parts/why-not.js';

const TAKEN = ['auth/email-already-in-use', 'auth/credential-already-in-use', 'auth/account-exists-with-different-credential'];
const PATIENCE = 8000; // ms to store a guest's last edits before the account is opened

/** @param {{auth: any, storage: any, local: boolean, enter: () => Promise<void>, changed: () => void, late: () => void,
 *    cameAlong: (projects: {tool: string, id: string, name: string}[]) => void, shown: () => string[]}} options
 *    enter: become a guest; changed: called when the user is another or has an e-mail now; late: when the guest's work comes along later;
 *    cameAlong: with what the guest's drafts and projects are now; shown: the tools that the page shows */
export function accounts({ auth, storage, local, enter, changed, late, cameAlong, shown }) {
  const guest = () => (auth.currentUser?.isAnonymous ? auth.currentUser : null);

  /** All that was typed, if that can be done in time; what cannot stays as a backup. */
  const stored = () => Promise.race([storage.whenStored().catch(() => {}), new Promise((done) => setTimeout(done, PATIENCE))]);

  /** Whoever signs in or out in this very tab means to go on in it. @param {() => Promise<unknown>} change */
  const goingOn = (change) => storage.switching(change);

  /** Open an account, and take along what the guest made.
   *  @param {() => Promise<unknown>} open */
  async function moveTo(open) {
    const before = guest();
    if (!before) return goingOn(open);
    await stored();
    const theirs = await guestsWork(storage, shown());
    const token = await before.getIdToken();
    await storage.willClaim(token, before.uid);
    try {
      await goingOn(open);
    } catch (error) {
      await storage.willClaim(null);
      throw error;
    }
    try {
      await storage.claim(token, before.uid);
    } catch {
      return late(); // the library remembers it, and goes on at the next start
    }
    projectsOf(storage, theirs).then(cameAlong, () => {});
  }

  /** The guest becomes the account; if that account exists already, it is opened instead.
   *  @param {(user: any) => Promise<unknown>} link @param {(error: any) => Promise<unknown>} open */
  async function join(link, open) {
    const before = guest();
    try {
      if (before) await link(before);
      else await goingOn(() => open(null));
    } catch (error) {
      if (!before || !TAKEN.includes(/** @type {any} */ (error).code)) throw error;
      await moveTo(() => open(error));
    }
    await auth.currentUser.getIdToken(true); // the old one still says "anonymous"
    changed();
  }

  return {
    local,
    guest: () => guest() !== null,
    email: () => auth.currentUser?.email ?? '',

    /** @param {string} email @param {string} password */
    create: (email, password) =>
      join(
        (user) => linkWithCredential(user, EmailAuthProvider.credential(email, password)),
        (taken) => (taken ? signInWithEmailAndPassword : createUserWithEmailAndPassword)(auth, email, password),
      ),

    /** @param {string} email @param {string} password */
    async signIn(email, password) {
      await moveTo(() => signInWithEmailAndPassword(auth, email, password));
      changed();
    },

    /** @param {string} [email]  with the emulator, which has no Google to ask: whom to be */
    google(email) {
      const provider = new GoogleAuthProvider();
      if (!local) {
        return join(
          (user) => linkWithPopup(user, provider, browserPopupRedirectResolver),
          (taken) => {
            const credential = taken && GoogleAuthProvider.credentialFromError(taken);
            return credential ? signInWithCredential(auth, credential) : signInWithPopup(auth, provider, browserPopupRedirectResolver);
          },
        );
      }
      const credential = GoogleAuthProvider.credential(JSON.stringify({ sub: email, email, email_verified: true }));
      return join(
        (user) => linkWithCredential(user, credential),
        () => signInWithCredential(auth, credential),
      );
    },

    /** @param {string} email */
    forgotten: (email) => sendPasswordResetEmail(auth, email),

    async signOut() {
      await stored();
      await goingOn(async () => {
        await signOut(auth);
        await enter();
      });
      changed();
    },
  };
}

const SAYS = /** @type {Record<string, string>} */ ({
  'auth/invalid-email': 'That is not an e-mail address.',
  'auth/missing-email': 'Enter your e-mail address first.',
  'auth/missing-password': 'Enter a password.',
  'auth/weak-password': 'The password needs at least 6 characters.',
  'auth/wrong-password': 'That is not the password of this account.',
  'auth/invalid-credential': 'E-mail and password do not belong together.',
  'auth/invalid-login-credentials': 'E-mail and password do not belong together.',
  'auth/user-not-found': 'There is no account with this e-mail yet: create one.',
  'auth/email-already-in-use': 'There is an account with this e-mail already: sign in instead.',
  'auth/network-request-failed': 'The sign-in service cannot be reached. Your work is kept on this device; try again when you are online.',
  'auth/too-many-requests': 'Too many tries. Wait a minute, then try again.',
  'auth/popup-blocked': 'The browser blocked Google’s window. Allow it for this page, then try again.',
  'auth/popup-closed-by-user': 'Google’s window was closed before you were signed in.',
  'auth/cancelled-popup-request': 'Google’s window was closed before you were signed in.',
});

/** @param {any} error @returns {string}  a sentence for people */
export const whySignInFailed = (error) => SAYS[error.code] ?? `That did not work: ${whyNot(error)}`;
