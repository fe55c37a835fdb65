/** What is shown at which address: the bench of a tool, what is kept beside its work, the library. */

import { h } from './dom.js';
import { isEmpty } from './paths.js';
import { byHand, isByHand } from './parts/by-hand.js';
import { look } from './parts/look.js';
import { goTo, labelOf } from './parts/places.js';
import { asText } from './parts/values.js';
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
  let shown = '';
  let waysChanged = () => {};
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
    for (const list of [made.work.refused, made.work.conflicts]) list.subscribe(() => waysChanged());
    tellBecome(made.work, tool);
    tellEditKept(made);
    made.work.home.subscribe(() => route().view === tool.slug && called(tool, made.work.home.get()));
    return made;
  }

  /** What became of a draft without anybody's doing here. @param {any} work @param {import('./tools.js').Tool} tool */
  function tellBecome(work, tool) {
    let before = { home: work.home.get(), state: {} };
    let found = false; // whether there was a home that the server named
    /** What is on the page counts as somebody's own only when it was found. */
    const settled = () => !['loading', 'restoring', 'another user'].includes(storage.status.get().state);
    work.home.subscribe((/** @type {any} */ home) => {
      const had = tool.content.some((name) => !isEmpty(/** @type {any} */ (before.state)[name]));
      const became = before.home.kind === 'session' && home.kind === 'project' && had && found && !isByHand();
      before = { home, state: work.state.get() };
      found = found || settled();
      if (!became) return;
      const open = work.home.get().id === home.id && toolOf(route()).slug === tool.slug;
      tell.say(`Your ${tool.noun} is the project “${asText(home.name)}” now: another tab or device made one of it, or began another ${tool.noun}.`, {
        lasting: true,
        ...(!open && { action: ['Open it', () => go(tool.slug, home.id)] }),
      });
    });
    work.state.subscribe((/** @type {any} */ state) => {
      if (work.home.get() === before.home) before.state = state;
    });
    storage.status.subscribe(() => (found = settled()));
  }

  /** Somebody's edit stood against what was removed here. @param {ReturnType<typeof bench>} made */
  function tellEditKept({ work, form, tool }) {
    let told = 0;
    /** @type {any} */ (work).told?.subscribe((/** @type {any[]} */ all) => {
      for (const one of all.slice(Math.min(told, all.length))) {
        if (one.kind !== 'edit kept' || !one.paths?.length) continue;
        const labels = [...new Set(one.paths.map((/** @type {string} */ path) => `“${labelOf(form, path)}”`))].join(', ');
        const show = () => (go(tool.slug, work.home.get().id), setTimeout(() => goTo(form, one.paths[0])));
        tell.say(`${labels}: it was removed in one place and changed in another. The change stands, so it is back.`, {
          lasting: true,
          action: ['Show it', show],
        });
      }
      told = all.length;
    });
  }

  /** @param {string} view  of the address */
  function mark(view) {
    for (const link of links) {
      if (link.getAttribute('href') === addressOf(view)) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }

  let begun = false;

  /** Whoever was at a button of the page before is at the head of this one. @param {...HTMLElement} elements */
  function replaced(...elements) {
    // Not at the start: whoever opens the page begins with its first link.
    const was = begun && (main.contains(document.activeElement) || document.activeElement === document.body);
    begun = true;
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
    if (shown && shown !== view) look(storage).catch(() => {}); // as getting the focus does
    shown = view;
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
    onWays: (/** @type {() => void} */ changed) => (waysChanged = changed),
    /** The tools that were shown. */
    open: () => [...benches.values()].map(({ tool }) => tool.tool),
    formOf: (/** @type {import('./tools.js').Tool} */ tool) => benchOf(tool).form,
    /** @param {string} state  of the status @param {() => void} signIn @returns {import('./views/status.js').Way[]} */
    waysOut(state, signIn) {
      if (state === 'signed out') return [{ label: 'Sign in', press: signIn }];
      const list = /** @type {Record<string, 'conflicts' | 'refused'>} */ ({ 'changed elsewhere': 'conflicts', refused: 'refused', 'storage full': 'refused' })[state];
      if (!list) return [];
      const all = [...benches.values()].filter(({ work }) => work[list].get().length > 0);
      const here = all.find(({ element }) => element.isConnected);
      const stuck = list === 'refused' && !document.querySelector('.stuck')?.hasAttribute('hidden');
      if (here) return [wayTo(here.boxes[list], list === 'conflicts' ? 'Show both texts' : 'Show it', here.says(list))];
      if (stuck) return [wayTo(/** @type {HTMLElement} */ (document.querySelector('.stuck')), 'Show it', 'Something is not saved. It is kept in this browser.')];
      return all.map(({ tool, work }) => ({ label: `Show it in ${tool.title}`, press: () => go(tool.slug, work.home.get().id) }));
    },
  };
}

/** @param {HTMLElement} box @param {string} label @param {string} says @returns {import('./views/status.js').Way} */
function wayTo(box, label, says) {
  const press = () => {
    box.scrollIntoView({ block: 'start' });
    (box.querySelector('button') ?? box).focus({ preventScroll: true });
  };
  return { box, label, says, press };
}

/** Say what is open, in the address and the window's title.
 *  @param {import('./tools.js').Tool} tool @param {any} home */
function called(tool, home) {
  note(tool.slug, home.kind === 'project' ? home.id : undefined);
  document.title = `${home.kind === 'project' ? home.name : `New ${tool.noun}`} · ${tool.title} · DungeonMind`;
}
