/** The value at a dotted path, or undefined where the path ends early.
 *  @param {any} state @param {string} path */
export function at(state, path) {
  return path.split('.').reduce((value, name) => value?.[name], state);
}

/** The merge patch that sets just that path.
 *  @param {string} path @param {unknown} value @returns {object} */
export function patchOf(path, value) {
  return path.split('.').reduceRight((inner, name) => ({ [name]: inner }), /** @type {any} */ (value));
}

/** How a control reads and writes one path of a work's state.
 *  @param {{update(patch: object): void}} work @param {string} path */
export function bound(work, path) {
  return {
    path,
    read: (/** @type {object} */ state) => at(state, path),
    write: (/** @type {unknown} */ value) => work.update(patchOf(path, value)),
  };
}

/** Whether anything in it was ever filled in: no text, no number, no true flag means no.
 *  @param {unknown} value @returns {boolean} */
export function isEmpty(value) {
  if (value == null || value === '' || value === false) return true;
  if (typeof value === 'object') return Object.values(value).every(isEmpty);
  return false;
}
