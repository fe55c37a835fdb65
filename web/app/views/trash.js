import { button, h } from '../dom.js';
import { ago } from '../parts/ago.js';
import { TOOLS } from '../tools.js';

/** What was deleted in the last 30 days, of all tools and of the library, and a way back.
 *  @param {{storage: any, tell: any}} context */
export function trash({ storage, tell }) {
  const list = h('ul.objects', {});
  const says = h('p.hint', { role: 'status' }, 'Reading …');

  /** @param {{name: string, kind: string, when: string, restore: () => Promise<unknown>}} thing */
  function row({ name, kind, when, restore }) {
    const id = `trashed-${crypto.randomUUID()}`;
    const back = button('Put back', () => restore().then(() => (element.remove(), tell.say(`“${name}” is back.`)), tell.fail), {
      'aria-describedby': id,
    });
    const element = h(
      'li.object',
      {},
      h('div', {}, h('h2', { id }, name), h('p.kind', {}, `${kind}${when ? `, deleted ${when}` : ''}`)),
      h('div.buttons', {}, back),
    );
    return element;
  }

  const projects = TOOLS.map(async (tool) => {
    await storage.ready;
    const { projects: found } = await storage.projects.list(tool.tool, { trashed: true });
    return found.map((/** @type {any} */ one) => ({
      name: one.name,
      kind: `${tool.noun} project`,
      when: ago(one.updated_at),
      restore: () => storage.projects.undelete(tool.tool, one.id),
    }));
  });
  const objects = storage.ready
    .then(() => storage.objects.list({ trashed: true }))
    .then((/** @type {any} */ answer) =>
      answer.objects.map((/** @type {any} */ one) => ({
        name: one.name,
        kind: `${one.type} of the library`,
        when: ago(one.updated_at),
        restore: () => storage.objects.undelete(one.id),
      })),
    );
  Promise.all([...projects, objects]).then(
    (all) => {
      const things = all.flat();
      list.replaceChildren(...things.map(row));
      says.textContent = things.length
        ? 'Kept for 30 days after it was deleted.'
        : 'The trash is empty. A deleted “Sunblade” would lie here for 30 days, with a button to put it back.';
    },
    (error) => (says.textContent = error.detail ?? String(error)),
  );
  return h('div', {}, says, list);
}
