/** The save status, in words, always in sight; and a sentence where there is something to know or to do. */

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
const SENTENCES = /** @type {Record<string, string>} */ ({
  offline: 'There is no connection. What you write is kept on this device, and saved when the connection is back.',
  'changed elsewhere':
    'The same fields were changed in another tab or on another device. Open the work they belong to, and choose what is to stay.',
  'storage full': 'There is no room for this save. Make something shorter, then it is saved.',
});

const ROUTINE = ['saved', 'saving', 'unsaved']; // told to the eye at every pause, to the ear only when it is news

/** @param {HTMLElement} place @param {HTMLElement} below  where the sentence goes @param {any} status  storage.status */
export function showStatus(place, below, status) {
  status.subscribe((/** @type {{state: string, detail?: string}} */ { state, detail }) => {
    const news = ![state, place.dataset.state].every((one) => ROUTINE.includes(one ?? ''));
    place.setAttribute('aria-live', news ? 'polite' : 'off');
    place.dataset.state = state;
    if (place.textContent !== WORDS[state]) place.textContent = WORDS[state];
    const sentence = [SENTENCES[state], state === 'offline' ? '' : detail].filter(Boolean).join(' ');
    below.dataset.state = state;
    if (below.textContent !== sentence) below.textContent = sentence;
    below.hidden = !sentence;
  });
}
