/** What can be done with an object of the library, wherever it is shown. */

import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { byHand } from '../parts/by-hand.js';
import { asText } from '../parts/values.js';
import { go } from '../route.js';
import { toolByType } from '../tools.js';

/** @param {{storage: any, tell: any}} context */
export function objectActions({ storage, tell }) {
  const session = storage.session;
  const ids = (/** @type {string} */ list) => session.get()?.[list] ?? [];

  /** Open it in its tool: one's own as the project or draft that it was made from, another's or a copy as a new draft. A
   *  draft that lay there and was edited becomes a project first.
   *  @param {any} object @param {{asCopy?: boolean}} [how] */
  async function open(object, how = {}) {
    const tool = toolByType(object.type);
    if (!tool) return tell.say(`No tool here opens a ${asText(object.type)} yet.`);
    try {
      const work = storage.work(tool.tool);
      const { kept_as_project: kept } = await byHand(() => work.takeOver(object.id, how));
      go(tool.slug, work.home.get().id);
      if (kept) tell.say(`What lay there before is kept as a project.`, { action: ['Open it', () => go(tool.slug, kept)] });
      await session.add('recently_viewed', object.id);
    } catch (error) {
      tell.fail(error);
    }
  }

  /** @param {string} list @param {any} object @param {string} done */
  const put = (list, object, done) => session.add(list, object.id).then(() => tell.say(done), tell.fail);

  /** @param {string} label @param {string} described @param {() => unknown} press */
  const action = (label, described, press) =>
    html`<button type="button" aria-describedby=${described} @click=${press}>${label}</button>`;

  return {
    open,
    /** @param {any} object @param {string} described  the id of the element that names it @param {boolean} mine */
    buttons(object, described, mine) {
      const name = `“${asText(object.name)}”`;
      const opens = toolByType(object.type);
      const pinned = ids('pinned_objects').includes(object.id);
      const unpin = () => session.remove('pinned_objects', object.id).catch(tell.fail);
      return [
        opens && mine ? action('Open', described, () => open(object)) : nothing,
        opens ? action('Open a copy', described, () => open(object, { asCopy: true })) : nothing,
        action('Copy to clipboard', described, () => put('clipboard', object, `${name} is on the clipboard, for every tool.`)),
        pinned ? action('Unpin', described, unpin) : action('Pin', described, () => put('pinned_objects', object, `${name} is pinned.`)),
      ];
    },
  };
}
