/** When the user of this page has signed out or another has come, in another tab or because the sign-in ended, the page
 *  is inert and says so: nobody goes on writing under another's name without knowing it. */

import { button, h } from '../dom.js';

/** @param {{main: HTMLElement, place: HTMLElement, storage: any, signIn: () => void, enter: () => void, left: () => void, back: () => void}} page
 *    enter: become a guest; left: nothing of theirs may stay on the page; back: somebody works here again */
export function absent({ main, place, storage, signIn, enter, left, back }) {
  let here = { uid: '', name: '' }; // who works on this page, and what people call them
  let shown = '';

  function show() {
    const { state } = storage.status.get();
    const next = storage.user.get();
    const gone = state === 'another user' || (state === 'signed out' && !next);
    main.inert = gone;
    place.hidden = !gone;
    if (!gone) {
      if (next) here = { uid: next.uid, name: nameOf(next) };
      if (shown) back();
      shown = '';
      return;
    }
    const now = next ? nameOf(next) : '';
    if (shown === `${state} ${now}`) return;
    shown = `${state} ${now}`;
    for (const one of document.querySelectorAll('dialog[open]')) /** @type {HTMLDialogElement} */ (one).close();
    left();
    place.replaceChildren(...content(now));
    place.querySelector('button')?.focus();
  }

  /** @param {string} now  who is here; '' for nobody */
  function content(now) {
    const goOn = () => {
      if (!now) enter();
      storage.proceed();
    };
    const before = here.name || 'somebody else';
    return [
      h('h2', { id: 'absent-title' }, now ? `${capital(now)} is signed in now` : `${capital(before)} signed out`),
      h('p', {}, `${capital(before)} worked on this page. What was written is kept for them, and is here again when they sign in.`),
      h(
        'div.buttons',
        {},
        button(now ? `Go on as ${now}` : 'Go on as a guest', goOn, { kind: 'primary' }),
        button('Sign in', signIn),
      ),
    ];
  }

  storage.status.subscribe(show);
  // The library tells of another user first, and then that the page is inert.
  storage.user.subscribe((/** @type {any} */ next) => {
    if (next?.uid === here.uid || !place.hidden) show();
  });
}

/** @param {any} user */
const nameOf = (user) => user.email ?? (user.isAnonymous ? 'a guest' : 'somebody else');

/** @param {string} text */
const capital = (text) => (text.includes('@') ? text : text.charAt(0).toUpperCase() + text.slice(1));
