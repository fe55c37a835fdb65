/** Ctrl+S and Cmd+S: everything is saved by itself, and who presses them wants to hear it. */

const PATIENCE = 4000; // ms: after that the status has the word

const NOT_YET = /** @type {Record<string, string>} */ ({
  offline: 'Kept on this device. There is no connection; it is saved at the server when it is back.',
  'storage full': 'Not saved: there is no room for it.',
});

/** @param {any} storage @param {(text: string, options?: object) => void} say */
export function saveKey(storage, say) {
  addEventListener('keydown', async (event) => {
    if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault(); // the browser would save the page's HTML
    if (event.repeat) return;
    const late = new Promise((done) => setTimeout(done, PATIENCE));
    const reason = await Promise.race([storage.whenStored().then(() => null), late]).catch((error) => error);
    const { state, detail } = storage.status.get();
    if (['saved', 'changed elsewhere'].includes(state)) return say('Saved.', { once: 'save-key' });
    const why = NOT_YET[state] ?? reason?.detail ?? detail ?? 'Not saved yet. What you write is kept on this device.';
    say(why, { bad: state !== 'offline', once: 'save-key' });
  });
}
