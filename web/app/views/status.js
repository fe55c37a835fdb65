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
  'changed elsewhere':
    'The same words were changed in another tab or on another device. Open the work they belong to, and choose what is to stay.',
  'storage full': 'There is no room for this save. Make something shorter, then it is saved.',
  'no copy':
    'This browser keeps no copy of what you write: it is a private window, or its store is full or broken. Wait for “Saved” before you close the page.',
  refused: 'Something cannot be stored as it is. It is kept in this browser, and named where it belongs.',
});
const SAID_BY_US = ['offline', 'refused', 'no copy']; // the library's detail says the same, in words for those who build

const ROUTINE = ['saved', 'saving', 'unsaved']; // told to the eye at every pause, to the ear only when it is news

/** @param {HTMLElement} place @param {HTMLElement} below  where the sentence goes @param {any} status  storage.status
 *  @param {(state: string) => [string, () => void][]} waysOut  labels and what they do
 *  @returns {() => void}  draws it again, where the ways out are others now */
export function showStatus(place, below, status, waysOut) {
  function draw() {
    const { state, detail } = /** @type {{state: string, detail?: string}} */ (status.get());
    const news = ![state, place.dataset.state].every((one) => ROUTINE.includes(one ?? ''));
    place.setAttribute('aria-live', news ? 'polite' : 'off');
    place.dataset.state = state;
    if (place.textContent !== WORDS[state]) place.textContent = WORDS[state];
    const sentence = [SENTENCES[state], SAID_BY_US.includes(state) ? '' : detail].filter(Boolean).join(' ');
    below.dataset.state = state;
    below.hidden = !sentence || state === 'another user';
    const buttons = waysOut(state).map(([label, press]) => html`<button type="button" class="small" @click=${press}>${label}</button>`);
    render(html`<span>${sentence}</span>${buttons}`, below);
  }
  status.subscribe(draw);
  return draw;
}
