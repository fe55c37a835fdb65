/** Why something failed, for people.
 *  @param {any} error @returns {string} */
export function whyNot(error) {
  if (error?.status === 0) return 'That needs a connection. What you wrote is kept; try again when you are online.';
  return error?.detail ?? error?.message ?? String(error);
}
