/** What can be done with an object of the library, wherever it is shown. */

import { button } from '../dom.js';
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
    if (!tool) return tell.say(`No tool here opens a ${object.type} yet.`);
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

  return {
    open,
    /** @param {any} object @param {string} described  the id of the element that names it */
    buttons(object, described) {
      const about = { 'aria-describedby': described };
      const pinned = ids('pinned_objects').includes(object.id);
      return [
        toolByType(object.type) && button('Open', () => open(object), about),
        button('Copy to clipboard', () => put('clipboard', object, `“${object.name}” is on the clipboard, for every tool.`), about),
        pinned
          ? button('Unpin', () => session.remove('pinned_objects', object.id).catch(tell.fail), about)
          : button('Pin', () => put('pinned_objects', object, `“${object.name}” is pinned.`), about),
      ].filter(Boolean);
    },
  };
}
