/** Ask the server what others did meanwhile, as the page does when it gets the focus.
 *  @param {any} storage @returns {Promise<unknown>}  when it is known, or nobody answers for a while */
export function look(storage) {
  const looked = storage.look ? storage.look() : dispatchEvent(new Event('focus'));
  const known = looked?.then ? looked.catch(() => {}) : after(ANSWERED);
  return Promise.race([known, after(3000)]);
}

const ANSWERED = 800; // ms: mostly it has, where nobody says when

/** @param {number} ms @returns {Promise<void>} */
const after = (ms) => new Promise((late) => setTimeout(late, ms));
