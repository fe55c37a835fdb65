/** The page: who is here, and what stands around the work: the status, notices, what is not saved. */

import { connect } from '/storage/index.js';
import { accounts } from './account/accounts.js';
import { guestsWelcome, openAuth } from './account/firebase.js';
import { signInDialog } from './account/sign-in.js';
import { whoIsHere } from './account/who.js';
import { deviceLabel } from './device.js';
import { h } from './dom.js';
import { opensOffline } from './offline.js';
import { pagesOf, toolOf } from './pages.js';
import { asText } from './parts/values.js';
import { addressOf, go, onRoute, route } from './route.js';
import { TOOLS } from './tools.js';
import { absent } from './views/absent.js';
import { notices, tellRecovered } from './views/notices.js';
import { debugLog, reportButton } from './views/report.js';
import { saveKey } from './views/save-key.js';
import { showStatus } from './views/status.js';
import { steady } from './views/steady.js';
import { stuckOf } from './views/stuck.js';

const find = (/** @type {string} */ selector) => /** @type {any} */ (document.querySelector(selector));
const main = find('#main');
const LATE = 'What you made as a guest could not be brought along just now. It is kept, and comes along when you open this page again.';
const tell = notices(find('.notices'));

/** What a guest made is found again, by its name. @param {{tool: string, id: string, name: string}[]} projects */
function cameAlong(projects) {
  const fewest = projects.slice(0, 3);
  for (const { tool, id, name } of fewest) {
    const known = TOOLS.find((one) => one.tool === tool);
    if (!known) continue;
    const said = `What you wrote as a guest is the project “${asText(name)}” in ${known.title}.`;
    tell.say(said, { lasting: true, action: ['Open it', () => go(known.slug, id)] });
  }
  const more = projects.length - fewest.length;
  if (more) tell.say(`${more} more came along: “Projects” in each tool lists them.`, { lasting: true });
}

async function start() {
  const { auth, local } = await openAuth();
  const storage = connect({ auth, label: deviceLabel(navigator.userAgent), platform: 'web' });
  Object.assign(window, { storage });
  const { enter } = guestsWelcome(auth);
  const who = accounts({ auth, storage, local, enter, changed: () => showWho(), late: () => tell.say(LATE, { lasting: true }), cameAlong, shown: () => pages.open() });
  const showWho = whoIsHere(find('.who'), who, tell.say);
  storage.user.subscribe(showWho);
  find('.foot').append(
    reportButton(storage, tell.say, () => addressOf('kept', toolOf(route()).slug)),
    h('a', { href: addressOf('library', 'trash') }, 'Trash'),
    h('a', { href: '/developers/' }, 'For developers'),
  );
  if (new URLSearchParams(location.search).has('debug')) find('.foot').before(debugLog(storage.log));
  saveKey(storage, tell.say);
  steady();
  tellRecovered(storage, tell.say, () => go('kept', toolOf(route()).slug));
  const pages = pagesOf({ main, tools: find('.tools'), storage, tell });
  const signIn = () => signInDialog(who, tell.say);
  const drawStatus = showStatus(find('.status'), find('.status-says'), storage.status, (state) => pages.waysOut(state, signIn));
  onRoute(drawStatus);
  pages.onWays(drawStatus);
  stuckOf(find('.stuck'), { storage, tell, formOf: pages.formOf, changed: drawStatus });
  absent({ main, place: find('.absent'), storage, signIn, enter, left: pages.clear, back: pages.show });
  storage.ready.then(
    () => opensOffline(storage.log.add),
    () => {},
  );
}

start().catch((error) => {
  main.replaceChildren(h('p.plain', {}, 'The workshop cannot be opened just now. What you made is kept. Load the page again in a moment.'));
  tell.fail(error);
});
