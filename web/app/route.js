/** Where the person is: #/cards, #/cards/<project id>, #/library, #/library/public, #/library/trash. */

const START = '#/cards';

/** @returns {{view: string, id?: string}} */
export function route() {
  const [, view, id] = (location.hash || START).split('/');
  return { view: view || 'cards', ...(id && { id: decodeURIComponent(id) }) };
}

/** @param {string} view @param {string} [id] */
export const addressOf = (view, id) => `#/${view}${id ? `/${encodeURIComponent(id)}` : ''}`;

/** Go there, as a link would.
 *  @param {string} view @param {string} [id] */
export function go(view, id) {
  location.hash = addressOf(view, id);
}

/** Say in the address what is shown already, without another entry in the history.
 *  @param {string} view @param {string} [id] */
export function note(view, id) {
  const address = addressOf(view, id);
  if (location.hash !== address) history.replaceState(null, '', address);
}

/** @param {() => void} arrived */
export const onRoute = (arrived) => addEventListener('hashchange', arrived);
