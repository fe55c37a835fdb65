/** The save status, in words, always in sight; and a sentence where there is something to know, with the way out as a button. */

import { html, render } from '/vendor/lit-html/lit-html.js';

const WORDS = /** @type {Record<string, string>} */ ({
  loading: 'Loading …',
  restoring: 'Restoring …',
  saved: 'Saved',
  saving: 'Saving …',
  unsaved: 'Not saved yet',
  offline: 'Offline, kept here',
  'changed elsewhere': 'Changed elsewhere',
  'storage full': 'Storage full',
  refused: 'Not all is saved',
  'signed out': 'Signed out',
  'another user': 'Somebody else is here',
  'no copy': 'Saved, no copy here',
});
const SENTENCES = /** @type {Record<string, string>} */ ({
  offline: 'There is no connection. What you write is kept on this device, and saved when the connection is back.',
  'changed elsewhere': 'The same words were changed in another tab or on another device: choose what is to stay.',
  'storage full': 'There is no room for this save. Make something shorter, then it is saved.',
  'no copy':
    'This browser keeps no copy of what you write: it is a private window, or its store is full or broken. Wait for “Saved” before you close the page.',
  refused: 'Something cannot be stored as it is. It is kept in this browser, and named where it belongs.',
});
const SAID_BY_US = ['offline', 'refused', 'no copy']; // the library's detail says the same, in words for those who build

const ROUTINE = ['saved', 'saving', 'unsaved']; // told to the eye at every pause, to the ear only when it is news

/** @typedef {{says?: string, label: string, press: () => void, box?: HTMLElement}} Way
 *    says: in place of the sentence; box: where it is said and settled, if that is on the page */

/** @param {HTMLElement} place @param {HTMLElement} below  where the sentence goes @param {any} status  storage.status
 *  @param {(state: string) => Way[]} waysOut
 *  @returns {() => void}  draws it again, where the ways out are others now */
export function showStatus(place, below, status, waysOut) {
  place.replaceChildren();
  /** @type {HTMLElement[]} where it is said and settled already */
  let boxes = [];
  const inSight = new Set();
  const watch = new IntersectionObserver(
    (all) => {
      for (const { target, isIntersecting } of all) inSight[isIntersecting ? 'add' : 'delete'](target);
      show();
    },
    { rootMargin: '-90px 0px -40px' }, // what is below the head, and more than its edge
  );

  /** Where the box itself is in sight, nothing else need say it; where it is not, the sentence hides no word by moving it. */
  function show() {
    below.hidden = !below.textContent?.trim() || status.get().state === 'another user' || boxes.some((box) => inSight.has(box));
    below.classList.toggle('over', boxes.length > 0);
  }

  /** @param {HTMLElement[]} next */
  function watched(next) {
    if (next.length === boxes.length && next.every((box, i) => box === boxes[i])) return;
    watch.disconnect();
    inSight.clear();
    boxes = next;
    for (const box of boxes) watch.observe(box);
  }

  function draw() {
    const { state, detail } = /** @type {{state: string, detail?: string}} */ (status.get());
    const news = ![state, place.dataset.state].every((one) => ROUTINE.includes(one ?? ''));
    place.setAttribute('aria-live', news ? 'polite' : 'off');
    place.dataset.state = state;
    const ways = waysOut(state);
    const word = WORDS[state];
    render(ways.length ? html`<button type="button" class="link" @click=${ways[0].press}>${word}</button>` : word, place);
    const sentence = [SENTENCES[state], SAID_BY_US.includes(state) ? '' : detail].filter(Boolean).join(' ');
    below.dataset.state = state;
    watched(ways.flatMap(({ box }) => (box ? [box] : [])));
    const said = ways.map(({ says }) => says).find(Boolean) ?? sentence;
    const buttons = ways.map(({ label, press }) => html`<button type="button" class="small" @click=${press}>${label}</button>`);
    render(said ? html`<span>${said}</span>${buttons}` : [], below);
    show();
  }
  status.subscribe(draw);
  return draw;
}
