/** Where the person is: #/cards, #/cards/<project id>, #/library, #/library/public, #/library/trash, #/kept/cards,
 *  #/kept/cards/<what of it>. */

const START = '#/cards';

/** Of an address that somebody typed or cut off, what can be read.
 *  @param {string} [hash] @returns {{view: string, id?: string, part?: string}} */
export function route(hash = location.hash) {
  const [, view, id, part] = (hash || START).split('/');
  return { view: view || 'cards', ...(id && { id: decoded(id) }), ...(part && { part: decoded(part) }) };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // `%` alone, say
  }
}

/** Whether it can be the id of a project. The API would take another one for another address.
 *  @param {string} id */
export const isId = (id) => /^[A-Za-z0-9._~:@+-]{1,128}$/.test(id) && !/^\.{1,2}$/.test(id);

/** @param {string} view @param {...(string | undefined)} parts */
export const addressOf = (view, ...parts) => `#/${[view, ...parts.filter(Boolean).map((part) => encodeURIComponent(part ?? ''))].join('/')}`;

/** Go there, as a link would.
 *  @param {string} view @param {...(string | undefined)} parts */
export function go(view, ...parts) {
  location.hash = addressOf(view, ...parts);
}

/** Say in the address what is shown already, without another entry in the history.
 *  @param {string} view @param {string} [id] */
export function note(view, id) {
  const address = addressOf(view, id);
  if (location.hash !== address) history.replaceState(null, '', address);
}

/** @param {() => void} arrived */
export const onRoute = (arrived) => addEventListener('hashchange', arrived);
