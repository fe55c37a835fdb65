/** A promise with a time limit.
 *  @template T @param {number} ms @param {Promise<T>} promise @param {() => Error} late  what it rejects with then
 *  @returns {Promise<T>} */
export function within(ms, promise, late) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const limit = new Promise((_, reject) => (timer = setTimeout(() => reject(late()), ms)));
  return Promise.race([promise, /** @type {Promise<never>} */ (limit)]).finally(() => clearTimeout(timer));
}
