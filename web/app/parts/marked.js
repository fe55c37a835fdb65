/** Two texts side by side, with the words marked that only one of them has. */

import { html } from '/vendor/lit-html/lit-html.js';
import { asLines } from './values.js';
import { difference } from './words.js';

/** @param {any} one @param {any} other  any JSON @returns {[unknown, unknown]}  templates of both */
export function marked(one, other) {
  const pieces = difference(asLines(one), asLines(other));
  const side = (/** @type {'gone' | 'new'} */ own) => {
    const shown = wholeWords(pieces.filter(({ kind }) => kind === 'same' || kind === own));
    if (!shown.length) return html`<p class="value empty">(empty)</p>`;
    return html`<p class="value" tabindex="0">${shown.map(({ kind, text }) => (kind === 'same' ? text : html`<mark>${text}</mark>`))}</p>`;
  };
  return [side('gone'), side('new')];
}

/** A mark goes on over the blank between two words that are marked.
 *  @param {import('./words.js').Piece[]} pieces  of one side */
function wholeWords(pieces) {
  const marks = pieces.map(({ kind, text }, i) => {
    const blank = !text.trim() && [pieces[i - 1], pieces[i + 1]].every((beside) => beside && beside.kind !== 'same');
    return kind !== 'same' || blank ? { kind: 'marked', text } : { kind, text };
  });
  return marks.reduce((/** @type {typeof marks} */ found, one) => {
    const last = found[found.length - 1];
    if (last?.kind === one.kind) last.text += one.text;
    else found.push(one);
    return found;
  }, []);
}
