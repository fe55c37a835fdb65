/** What something that is kept is called: from why it is kept, never from the name that a machine gave it. */

import { asText } from './values.js';

const WHY = /** @type {Record<string, string>} */ ({
  named: 'Kept by hand',
  checkpoint: 'Kept on the way',
  'before-restore': 'As it was before you restored',
  'before restore': 'As it was before you restored',
  'before-copy': 'As it was before you copied a field',
  'before copy': 'As it was before you copied a field',
  conflict: 'Gave way where the same words were changed twice',
  quarantine: 'A part that could not be read',
  unreadable: 'A part that could not be read',
  expired: 'Left when the session had ended',
  emptied: 'As it was before it was emptied',
  'older copy': 'An older copy in this browser',
  discarded: 'Discarded',
  unsaved: 'Not saved yet',
});

/** @param {any} entry  of storage.kept */
export function whyOf({ reason, name }) {
  if (reason === 'conflict' && /^Before a choice\b/.test(asText(name))) return 'As it was before a choice';
  if (/^As it was before [^"]*$/.test(asText(name))) return asText(name); // what this page called it
  if (reason === 'named') return asText(name) || WHY.named;
  return WHY[reason] ?? (asText(reason) || 'Kept');
}

/** The document that it is of, as far as it is known: a project by its id, or else the draft.
 *  @param {any} entry @param {any} home  of the work that is open */
export const isOfThis = (entry, home) => (entry.projectId ?? null) === (home.kind === 'project' ? home.id : null);
