import { button, h } from '../dom.js';
import { box, formDialog } from '../parts/dialog.js';
import { whySignInFailed } from './accounts.js';

/** The dialog in which a guest's work gets an owner.
 *  @param {any} who  accounts(...) @param {(text: string, options?: object) => unknown} say */
export function signInDialog(who, say) {
  const guest = who.guest();
  const create = h('button', { type: 'submit', value: 'create' }, 'Create account');
  const google = button('Continue with Google', () => withGoogle(who, say, opened), { kind: 'full' });
  const forgot = button('I forgot my password', forgotten, { kind: 'link' });
  const opened = formDialog({
    title: guest ? 'Keep your work' : 'Sign in',
    content: [
      guest && h('p', {}, 'What you made as a guest comes along, and is found again on every device.'),
      google,
      h('p.or', {}, 'or with an e-mail address'),
      box('E-mail', { name: 'email', type: 'email', autocomplete: 'email', required: true }),
      box('Password', { name: 'password', type: 'password', autocomplete: 'current-password', required: true }),
      forgot,
    ].filter((one) => one instanceof Node),
    confirm: 'Sign in',
    others: [create],
    why: whySignInFailed,
    send: async ({ email, password }, pressed) => {
      await (pressed === 'create' ? who.create : who.signIn)(email, password);
      say(`Signed in as ${email}.`, { once: 'who' });
    },
  });

  async function forgotten() {
    const email = /** @type {any} */ (opened.form.elements.namedItem('email'));
    try {
      await who.forgotten(email.value);
      opened.alert.textContent = `A letter with a link for a new password is on its way to ${email.value}.`;
    } catch (error) {
      opened.alert.textContent = whySignInFailed(error);
      email.focus();
    }
  }
}

/** @param {any} who @param {(text: string, options?: object) => unknown} say @param {any} before  the dialog that was open */
function withGoogle(who, say, before) {
  const done = () => (before.close(), say(`Signed in as ${who.email()}.`, { once: 'who' }));
  if (!who.local) return who.google().then(done, (/** @type {any} */ error) => (before.alert.textContent = whySignInFailed(error)));
  return formDialog({
    title: 'Google, on this machine',
    content: [
      h('p', {}, 'The local stack has no Google to ask. Say whom to be.'),
      box('Google e-mail', { name: 'email', type: 'email', required: true, autocomplete: 'off' }),
    ],
    confirm: 'Continue',
    why: whySignInFailed,
    send: ({ email }) => who.google(email).then(done),
  });
}
