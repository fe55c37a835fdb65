/** The page: who is here, what is open, and the tool that it is open in. */

import { connect } from '/storage/index.js';
import { accounts } from './account/accounts.js';
import { guestsWelcome, openAuth } from './account/firebase.js';
import { signInDialog } from './account/sign-in.js';
import { whoIsHere } from './account/who.js';
import { deviceLabel } from './device.js';
import { h } from './dom.js';
import { opensOffline } from './offline.js';
import { addressOf, go, isId, note, onRoute, route } from './route.js';
import { TOOLS, toolBySlug } from './tools.js';
import { absent } from './views/absent.js';
import { bench } from './views/bench.js';
import { kept } from './views/kept.js';
import { library } from './views/library.js';
import { notices, tellRecovered } from './views/notices.js';
import { debugLog, reportButton } from './views/report.js';
import { saveKey } from './views/save-key.js';
import { shelf } from './views/shelf.js';
import { showStatus } from './views/status.js';
import { stuckOf } from './views/stuck.js';
import { undoKeys } from './views/undo.js';

const find = (/** @type {string} */ selector) => /** @type {any} */ (document.querySelector(selector));
const main = find('#main');
const LATE = 'What you made as a guest could not be brought along just now. It is kept, and comes along when you open this page again.';
const tell = notices(find('.notices'));

async function start() {
  const { auth, local } = await openAuth();
  const storage = connect({ auth, label: deviceLabel(navigator.userAgent), platform: 'web' });
  Object.assign(window, { storage });
  const { enter } = guestsWelcome(auth);
  const who = accounts({ auth, storage, local, enter, changed: () => showWho(), late: () => tell.say(LATE, { lasting: true }) });
  const showWho = whoIsHere(find('.who'), who, tell.say);
  storage.user.subscribe(showWho);
  find('.foot').append(
    reportButton(storage, tell.say),
    h('a', { href: addressOf('library', 'trash') }, 'Trash'),
    h('a', { href: '/developers/' }, 'For developers'),
  );
  if (new URLSearchParams(location.search).has('debug')) find('.foot').before(debugLog(storage.log));
  saveKey(storage, tell.say);
  tellRecovered(storage.recovered, tell.say, () => go('kept', toolOf(route()).slug));
  const pages = views(storage);
  const signIn = () => signInDialog(who, tell.say);
  onRoute(showStatus(find('.status'), find('.status-says'), storage.status, (state) => pages.waysOut(state, signIn)));
  stuckOf(find('.stuck'), { storage, tell });
  absent({ main, place: find('.absent'), storage, signIn, enter, left: pages.clear, back: pages.show });
  storage.ready.then(
    () => opensOffline(storage.log.add),
    () => {},
  );
}

/** The tool that an address is about. @param {{view: string, id?: string}} address */
const toolOf = ({ view, id }) => toolBySlug(view === 'kept' ? (id ?? '') : view) ?? TOOLS[0];

/** @param {any} storage */
function views(storage) {
  /** @type {Map<string, ReturnType<typeof bench>>} */
  const benches = new Map();
  const atHand = shelf({ storage, tell });
  const links = [...TOOLS.map((tool) => [tool.slug, tool.title]), ['library', 'Library']].map(([slug, title]) =>
    h('a', { href: addressOf(slug) }, title),
  );
  find('.tools').replaceChildren(...links);

  /** @param {import('./tools.js').Tool} tool */
  function benchOf(tool) {
    const known = benches.get(tool.slug);
    if (known) return known;
    const made = bench(storage, tool, tell);
    benches.set(tool.slug, made);
    made.work.home.subscribe(() => route().view === tool.slug && called(tool, made.work.home.get()));
    return made;
  }

  async function show() {
    const { view, id, part } = route();
    for (const link of links) {
      if (link.getAttribute('href') === addressOf(view === 'kept' ? toolOf({ view, id }).slug : view)) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    if (view === 'library') return showPage(library({ storage, tell }, id), 'Library');
    if (view === 'kept') {
      const tool = toolOf({ view, id });
      return showPage(kept({ storage, tell }, tool, benchOf(tool), part), `Kept · ${tool.title}`);
    }
    const known = toolBySlug(view);
    const tool = known ?? TOOLS[0];
    const { element, work } = benchOf(tool);
    if (!element.isConnected) {
      main.replaceChildren(element, atHand);
      scrollTo(0, 0);
    }
    if (known && id && !isId(id)) tell.say('There is nothing at this address. Your work is where you left it.', { bad: true });
    else if (known && id && work.home.get().id !== id) await work.open(id).catch(tell.fail);
    if (route().view === view) called(tool, work.home.get()); // unless they went on meanwhile
  }

  onRoute(show);
  undoKeys(() => [...benches.values()].find(({ element }) => element.isConnected) ?? null);
  show();
  return {
    show,
    /** Nothing of who was here stays on the page. The benches are emptied by the library. */
    clear: () => ['library', 'kept'].includes(route().view) && main.replaceChildren(),
    /** @param {string} state  of the status @param {() => void} signIn @returns {[string, () => void][]} */
    waysOut(state, signIn) {
      if (state === 'signed out') return [['Sign in', signIn]];
      const list = { 'changed elsewhere': 'conflicts', refused: 'refused' }[state];
      if (!list) return [];
      const there = [...benches.values()].filter(({ work, element }) => work[list].get().length > 0 && !element.isConnected);
      return there.map(({ tool }) => [`Show it in ${tool.title}`, () => go(tool.slug, benchOf(tool).work.home.get().id)]);
    },
  };
}

/** @param {HTMLElement} element @param {string} title */
function showPage(element, title) {
  main.replaceChildren(element);
  scrollTo(0, 0);
  document.title = `${title} · DungeonMind`;
}

/** Say what is open, in the address and the window's title.
 *  @param {import('./tools.js').Tool} tool @param {any} home */
function called(tool, home) {
  note(tool.slug, home.kind === 'project' ? home.id : undefined);
  document.title = `${home.kind === 'project' ? home.name : `Unsaved ${tool.noun}`} · ${tool.title} · DungeonMind`;
}

start().catch((error) => {
  main.replaceChildren(h('p.plain', {}, 'The workshop cannot be opened just now. What you made is kept. Load the page again in a moment.'));
  tell.fail(error);
});
