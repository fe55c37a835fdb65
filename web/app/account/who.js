import { button, h } from '../dom.js';
import { signInDialog } from './sign-in.js';

/** Who is here, in the corner of the page, and what can be done about it.
 *  @param {HTMLElement} place @param {any} who  accounts(...) @param {(text: string, options?: object) => unknown} say */
export function whoIsHere(place, who, say) {
  const signIn = button('Sign in', () => signInDialog(who, say));
  const account = h('button.account', { type: 'button', 'data-testid': 'account', popovertarget: 'account-menu' }, 'Guest');
  const signOut = button('Sign out', async () => {
    menu.hidePopover();
    await who.signOut();
    say('Signed out. What you make now is a guest’s, in this browser.', { once: 'who' });
  });
  const explained = h('p', {}, '');
  const menu = h('div.menu', { id: 'account-menu', popover: true }, explained, signOut);
  place.replaceChildren(signIn, account, menu);

  return function show() {
    const guest = who.guest() || !who.email();
    signIn.hidden = !guest;
    signOut.hidden = guest;
    account.textContent = guest ? 'Guest' : who.email();
    explained.textContent = guest
      ? 'You work as a guest: everything is saved, for this browser. Sign in to have it on every device.'
      : `Signed in as ${who.email()}. What is saved is on every device where you sign in.`;
  };
}
