/** What can be done with an object of the library, wherever it is shown. */

import { html, nothing } from '/vendor/lit-html/lit-html.js';
import { asText } from '../parts/values.js';
import { go } from '../route.js';
import { toolByType } from '../tools.js';

/** @param {{storage: any, tell: any}} context */
export function objectActions({ storage, tell }) {
  const session = storage.session;
  const ids = (/** @type {string} */ list) => session.get()?.[list] ?? [];

  /** Open it in its tool, as a draft: what lay there becomes a project first if it was edited.
   *  @param {any} object */
  async function open(object) {
    const tool = toolByType(object.type);
    if (!tool) return tell.say(`No tool here opens a ${asText(object.type)} yet.`);
    try {
      await storage.work(tool.tool).takeOver(object.id);
      await session.add('recently_viewed', object.id);
      go(tool.slug);
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
    /** @param {any} object @param {string} described  the id of the element that names it */
    buttons(object, described) {
      const name = `“${asText(object.name)}”`;
      const pinned = ids('pinned_objects').includes(object.id);
      const unpin = () => session.remove('pinned_objects', object.id).catch(tell.fail);
      return [
        toolByType(object.type) ? action('Open', described, () => open(object)) : nothing,
        action('Copy to clipboard', described, () => put('clipboard', object, `${name} is on the clipboard, for every tool.`)),
        pinned ? action('Unpin', described, unpin) : action('Pin', described, () => put('pinned_objects', object, `${name} is pinned.`)),
      ];
    },
  };
}
