/** Two texts side by side, with the words marked that only one of them has. */

import { html } from '/vendor/lit-html/lit-html.js';
import { asLines } from './values.js';
import { difference } from './words.js';

/** @param {any} one @param {any} other  any JSON @returns {[unknown, unknown]}  templates of both */
export function marked(one, other) {
  const pieces = difference(asLines(one), asLines(other));
  const side = (/** @type {'gone' | 'new'} */ own) => {
    const shown = pieces.filter(({ kind }) => kind === 'same' || kind === own);
    if (!shown.length) return html`<p class="value empty">(empty)</p>`;
    return html`<p class="value" tabindex="0">${shown.map(({ kind, text }) => (kind === 'same' ? text : html`<mark>${text}</mark>`))}</p>`;
  };
  return [side('gone'), side('new')];
}
