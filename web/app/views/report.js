import { button, h } from '../dom.js';
import { box, formDialog } from '../parts/dialog.js';
import { addressOf } from '../route.js';

/** "Something is missing": tell those who run this, with what they need to find it.
 *  @param {any} storage @param {(text: string) => void} say @param {() => string} keptAddress  of what is kept beside the open work */
export function reportButton(storage, say, keptAddress) {
  return button(
    'Something is missing',
    () =>
      formDialog({
        title: 'Something is missing',
        content: [
          h('p', {}, 'Look here first: ', h('a', { href: keptAddress(), onclick: leave }, 'Kept'), ' has what gave way to something else, “Projects” every project, and the ', h('a', { href: addressOf('library', 'trash'), onclick: leave }, 'Trash'), ' what was deleted.'),
          h('p', {}, 'Sent along: the save status, the ids of what is open, and which fields changed when. Never what you wrote in them.'),
          box('What did you expect to find?', { name: 'message', rows: 4, maxlength: 2000, required: true }),
        ],
        confirm: 'Send',
        send: async ({ message }) => {
          await storage.report(message);
          say('Thank you. It is on its way to those who can look.');
        },
      }),
    { kind: 'link' },
  );
}

/** @param {any} event */
const leave = (event) => event.target.closest('dialog').close();

/** The debug log, which `?debug` shows: what happened when, by the names of fields.
 *  @param {any} log  storage.log */
export function debugLog(log) {
  const list = h('ol', { 'data-testid': 'debug-log', tabindex: '0', 'aria-label': 'Debug log' });
  log.subscribe(() =>
    list.replaceChildren(
      ...log.lines().map((/** @type {any} */ line) => h('li', {}, typeof line === 'string' ? line : JSON.stringify(line))),
    ),
  );
  return h('section.debug', { 'aria-label': 'Debugging' }, h('h2', {}, 'Debug log'), list);
}
