/** The save status, in words, always in sight. */

const WORDS = /** @type {Record<string, string>} */ ({
  loading: 'Loading …',
  restoring: 'Restoring …',
  saved: 'Saved',
  saving: 'Saving …',
  unsaved: 'Not saved yet',
  offline: 'Offline, kept here',
  'changed elsewhere': 'Changed elsewhere',
  'storage full': 'Storage full',
});

/** @param {HTMLElement} place @param {any} status  storage.status */
export function showStatus(place, status) {
  status.subscribe(() => {
    const { state, detail } = status.get();
    place.dataset.state = state;
    if (place.textContent !== WORDS[state]) place.textContent = WORDS[state];
    place.title = detail ?? '';
  });
}
