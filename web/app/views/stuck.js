/** Work that was left behind with something in it that is not stored and will not be by itself: named, with its ways out. */

import { html, render } from '/vendor/lit-html/lit-html.js';
import { repeat } from '/vendor/lit-html/directives/repeat.js';
import { byHand } from '../parts/by-hand.js';
import { plainlyAll } from '../parts/refusals.js';
import { asText } from '../parts/values.js';
import { addressOf, go } from '../route.js';
import { TOOLS } from '../tools.js';
import { whyNot } from '../parts/why-not.js';

const WAYS = /** @type {Record<string, string>} */ ({
  retry: 'Try again',
  undelete: 'Take it out of the trash',
  saveAsNew: 'Save as a new project',
  open: 'Open it',
  discard: 'Discard',
});
const DONE = /** @type {Record<string, string>} */ ({
  retry: 'is saved.',
  undelete: 'is out of the trash, and saved.',
  saveAsNew: 'is a project of its own now.',
  discard: 'is discarded. This browser keeps a copy of it.',
});

/** @param {HTMLElement} place
 *  @param {{storage: any, tell: any, formOf: (tool: import('../tools.js').Tool) => HTMLElement, changed: () => void}} context  changed: there are others now */
export function stuckOf(place, { storage, tell, formOf, changed }) {
  /** @type {Set<string>} being settled */
  const going = new Set();
  const show = (/** @type {any[]} */ all) => {
    place.hidden = all.length === 0;
    render(all.length ? html`<h2>Not saved</h2><ul>${repeat(all, ({ id }) => id, entry)}</ul>` : [], place);
    changed();
  };
  /** @param {any} one @param {import('../tools.js').Tool | undefined} tool */
  const why = (one, tool) => plainlyAll(one.message || 'It could not be stored.', tool ? formOf(tool) : null);

  /** @param {any} one */
  function entry(one) {
    const tool = TOOLS.find(({ tool: name }) => name === one.tool);
    const id = `stuck-${one.id}`;
    return html`<li>
      <h3 id=${id}>${asText(one.name) || `Unnamed ${tool?.noun ?? 'work'}`}</h3>
      <p>${why(one, tool)} What you wrote is <a href=${addressOf('kept', tool?.slug ?? '')}>kept</a> in this browser.</p>
      <div class="buttons">
        ${one.can.map(
          (/** @type {string} */ how) =>
            html`<button type="button" class="small" aria-describedby=${id} aria-disabled=${going.has(one.id)} @click=${() => settle(one, tool, how)}>
              ${WAYS[how]}
            </button>`,
        )}
      </div>
    </li>`;
  }

  /** @param {any} one @param {import('../tools.js').Tool | undefined} tool @param {string} how */
  async function settle(one, tool, how) {
    if (going.has(one.id) || !tool) return;
    going.add(one.id);
    const index = storage.stuck.get().findIndex((/** @type {any} */ { id }) => id === one.id);
    try {
      const work = storage.work(tool.tool);
      await byHand(() => storage.settle(one, how));
      const still = storage.stuck.get().find((/** @type {any} */ { id }) => id === one.id);
      if (still && (how === 'retry' || how === 'undelete')) {
        return void tell.say(`“${asText(one.name)}” was refused again. ${why(still, tool)}`, { bad: true, once: one.id });
      }
      if (how === 'open' || how === 'saveAsNew') go(tool.slug, work.home.get().id);
      const kept = how === 'discard' && { action: ['Show what is kept', () => go('kept', tool.slug)] };
      if (DONE[how]) tell.say(`“${asText(one.name)}” ${DONE[how]}`, { once: one.id, ...kept });
    } catch (error) {
      const reason = /** @type {any} */ (error);
      const errors = Object.entries(reason.errors ?? {}).map(([path, says]) => `${path}: ${[says].flat().join(' ')}`);
      const still = storage.stuck.get().find((/** @type {any} */ { id }) => id === one.id);
      const because = errors.length ? errors.join(' ') : still && reason.status ? still.message : whyNot(reason);
      const again = how === 'retry' && reason.status ? ' was refused again.' : ':';
      tell.say(`“${asText(one.name)}”${again} ${plainlyAll(because, formOf(tool))}`, { bad: true, once: one.id });
    } finally {
      going.delete(one.id);
      show(storage.stuck.get());
      focusAfter(one, index);
    }
  }

  /** Whoever pressed a button that is gone goes on at what is left. @param {any} one @param {number} index  where it was */
  function focusAfter(one, index) {
    if (document.activeElement && document.activeElement !== document.body) return;
    const items = [...place.querySelectorAll('li')];
    const left = items.find((item) => item.querySelector('h3')?.id === `stuck-${one.id}`) ?? items[Math.min(index, items.length - 1)];
    const main = /** @type {HTMLElement} */ (document.querySelector('#main'));
    /** @type {HTMLElement} */ (left?.querySelector('button') ?? main).focus({ preventScroll: !left });
  }

  storage.stuck.subscribe(show);
}
