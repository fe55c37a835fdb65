/** What is shown at which address: the bench of a tool, what is kept beside its work, the library. */

import { h } from './dom.js';
import { byHand } from './parts/by-hand.js';
import { addressOf, go, isId, note, onRoute, route } from './route.js';
import { TOOLS, toolBySlug } from './tools.js';
import { bench } from './views/bench.js';
import { kept } from './views/kept.js';
import { library } from './views/library.js';
import { shelf } from './views/shelf.js';
import { undoKeys } from './views/undo.js';

/** The tool that an address is about. @param {{view: string, id?: string}} address */
export const toolOf = ({ view, id }) => toolBySlug(view === 'kept' ? (id ?? '') : view) ?? TOOLS[0];

/** @param {{main: HTMLElement, tools: HTMLElement, storage: any, tell: any}} page */
export function pagesOf({ main, tools, storage, tell }) {
  /** @type {Map<string, ReturnType<typeof bench>>} */
  const benches = new Map();
  /** @type {ReturnType<typeof kept> | null} */
  let keeps = null;
  const atHand = shelf({ storage, tell });
  const links = [...TOOLS.map((tool) => [tool.slug, tool.title]), ['library', 'Library']].map(([slug, title]) =>
    h('a', { href: addressOf(slug) }, title),
  );
  tools.replaceChildren(...links);

  /** @param {import('./tools.js').Tool} tool */
  function benchOf(tool) {
    const known = benches.get(tool.slug);
    if (known) return known;
    const made = bench(storage, tool, tell);
    benches.set(tool.slug, made);
    made.work.home.subscribe(() => route().view === tool.slug && called(tool, made.work.home.get()));
    return made;
  }

  /** @param {string} view  of the address */
  function mark(view) {
    for (const link of links) {
      if (link.getAttribute('href') === addressOf(view)) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }

  /** Whoever was at a button of the page before is at the head of this one. @param {...HTMLElement} elements */
  function replaced(...elements) {
    const was = main.contains(document.activeElement) || (main.childElementCount > 0 && document.activeElement === document.body);
    main.replaceChildren(...elements);
    scrollTo(0, 0);
    if (was) main.focus({ preventScroll: true });
  }

  /** @param {HTMLElement} element @param {string} title */
  function showPage(element, title) {
    replaced(element);
    document.title = `${title} · DungeonMind`;
  }

  async function show() {
    const { view, id, part } = route();
    mark(view === 'kept' ? toolOf({ view, id }).slug : view);
    if (view === 'library') showPage(library({ storage, tell }, id), 'Library');
    else if (view === 'kept') showKept(toolOf({ view, id }), part);
    else await showBench(toolBySlug(view), id);
  }

  /** @param {import('./tools.js').Tool} tool @param {string} [wanted] */
  function showKept(tool, wanted) {
    keeps = kept({ storage, tell }, tool, benchOf(tool), wanted);
    showPage(keeps.element, `Kept · ${tool.title}`);
  }

  /** @param {import('./tools.js').Tool | undefined} known  none: of an address that is none @param {string} [id]  of the project to open */
  async function showBench(known, id) {
    const { view } = route();
    const tool = known ?? TOOLS[0];
    const { element, work } = benchOf(tool);
    if (!element.isConnected) {
      replaced(element, atHand);
    }
    if (known && id && !isId(id)) tell.say('There is nothing at this address. Your work is where you left it.', { bad: true });
    else if (known && id && work.home.get().id !== id) await byHand(() => work.open(id)).catch(tell.fail);
    if (route().view === view) called(tool, work.home.get()); // unless they went on meanwhile
  }

  onRoute(show);
  undoKeys(() => [...benches.values(), keeps].find((one) => one?.element.isConnected) ?? null);
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

/** Say what is open, in the address and the window's title.
 *  @param {import('./tools.js').Tool} tool @param {any} home */
function called(tool, home) {
  note(tool.slug, home.kind === 'project' ? home.id : undefined);
  document.title = `${home.kind === 'project' ? home.name : `New ${tool.noun}`} · ${tool.title} · DungeonMind`;
}
