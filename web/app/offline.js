/** From the second visit on the page opens without a network: see web/worker.js. */

/** @param {(line: string) => void} log */
export async function opensOffline(log) {
  if (!('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register('/worker.js');
    const { active } = await navigator.serviceWorker.ready;
    const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
    active?.postMessage([location.origin + '/', ...loaded]);
  } catch (error) {
    log(`the page will not open without a network: ${/** @type {Error} */ (error).message}`); // a private window, say
  }
}
