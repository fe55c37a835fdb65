/** What a document says of itself beside its state. */
import { same } from './json.js';
/** @import {WorkingCopy} from './copy.js' */

/** @param {WorkingCopy} copy @param {{name?: string, conflicts?: any[]}} found */
export function learn(copy, { name, conflicts }) {
  const home = copy.home.get();
  if (home.kind === 'project' && name && name !== home.name) copy.home.set({ ...home, name });
  if (!conflicts) return;
  const shown = conflicts.map((one) => ({ ...one, at_path: one.path, path: copy.pathOf(one.path) }));
  if (!same(shown, copy.conflicts.get())) copy.conflicts.set(shown);
}
