/** What somebody did on this page, told apart from what happened to it. */

let running = 0;

/** @template T @param {() => T | Promise<T>} act @returns {Promise<T>} */
export async function byHand(act) {
  running += 1;
  try {
    return await act();
  } finally {
    setTimeout(() => (running -= 1)); // what it brought about is told by then
  }
}

/** Whether somebody is at it now. */
export const isByHand = () => running > 0;
