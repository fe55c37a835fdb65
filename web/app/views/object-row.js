/** An object of the library in a list. */

import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { rosette } from '../cards/rosette.js';
import { ago } from '../parts/ago.js';
import { asText } from '../parts/values.js';
import { addressOf } from '../route.js';
import { TOOLS, toolByType } from '../tools.js';

/** What a row says of its object.
 *  @param {any} object @param {string} id  for the heading */
export function said(object, id) {
  const [name, description] = [asText(object.name), asText(object.description)];
  const kind = toolByType(object.type)?.noun ?? asText(object.type);
  return html`<div class="called">
      ${engraved(name)}
      <h2 id=${id}>${name}</h2>
      <p class="kind">${kind}${object.updated_at ? `, ${ago(object.updated_at)}` : ''}</p>
    </div>
    ${description ? html`<p class="about">${description}</p>` : nothing}`;
}

/** @type {Map<string, Element>} the drawings of this page, which are not made anew at every key of a search */
const drawings = new Map();

/** @param {string} name */
function engraved(name) {
  const known = drawings.get(name) ?? rosette(name, Array.from(name.trim())[0] ?? '', 1 / 4);
  drawings.set(name, known);
  return known.isConnected ? known.cloneNode(true) : known; // two things of one name
}

export const exampleRow = () =>
  html`<li class="object example-row">
    <p class="example-says"><strong>An example</strong></p>
    ${said({ type: 'item', name: 'Sunblade', description: TOOLS[0].example.itemDetails.description }, 'object-example')}
    <div class="buttons"><a class="button" href=${addressOf('cards')}>Make a card</a></div>
  </li>`;
