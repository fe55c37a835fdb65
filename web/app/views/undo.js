/** Undo and redo of a tool's work: buttons, and the keys that everybody knows. The browser's own undo knows nothing of rows,
 *  of an example that was begun with, nor of what others wrote in between: ours takes its place in the form. */

import { button, h } from '../dom.js';
import { compared } from '../parts/compare.js';
import { labelOf, placeOf } from '../parts/places.js';

const SHOWN = 1500; // ms that a changed field is marked

/** @param {{work: any, form: HTMLElement}} bench */
export function undoOf({ work, form }) {
  const says = h('p.hint', { role: 'status' });
  const undo = button('Undo', () => step('undo'), { kind: 'small', 'aria-keyshortcuts': 'Control+Z Meta+Z', title: 'Ctrl+Z' });
  const redo = button('Redo', () => step('redo'), { kind: 'small', 'aria-keyshortcuts': 'Control+Shift+Z Control+Y', title: 'Ctrl+Shift+Z' });

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let late;

  /** @param {'undo' | 'redo'} which */
  function step(which) {
    if (!work.undoable.get()[which]) return void (says.textContent = `Nothing to ${which}.`);
    const before = work.state.get();
    work[which]();
    const { differences } = compared(before, work.state.get());
    const path = differences[0]?.path.join('.');
    says.textContent = `${which === 'undo' ? 'Undone' : 'Done again'}${path ? `: ${labelOf(form, path)}` : ''}.`;
    clearTimeout(late);
    late = setTimeout(() => (says.textContent = ''), 4 * SHOWN);
    if (path) point(placeOf(form, path));
  }

  /** Show where it happened, and leave the caret where it is. @param {HTMLElement | undefined} place */
  function point(place) {
    if (!place) return;
    place.scrollIntoView({ block: 'nearest' });
    place.classList.add('touched');
    setTimeout(() => place.classList.remove('touched'), SHOWN);
  }

  // Not `disabled`: who presses the last step away keeps the focus.
  work.undoable.subscribe((/** @type {any} */ can) => {
    undo.setAttribute('aria-disabled', String(!can.undo));
    redo.setAttribute('aria-disabled', String(!can.redo));
  });
  return { element: h('div.undo', { role: 'group', 'aria-label': 'Undo and redo' }, undo, redo, says), step };
}

/** @param {() => {element: HTMLElement, step(which: 'undo' | 'redo'): void} | null} shown  what is on the page now */
export function undoKeys(shown) {
  /** @param {any} event @param {'undo' | 'redo' | null} which */
  function act(event, which) {
    const bench = shown();
    if (!which || !bench || event.isComposing || event.target.closest?.('dialog') || event.target.matches?.('[type=search]') || bench.element.closest('[inert]')) return;
    event.preventDefault();
    bench.step(which);
  }

  addEventListener('keydown', (event) => act(event, keyOf(event)));
  // From a menu, or by shaking a phone. @type {any}
  addEventListener('beforeinput', (/** @type {any} */ event) => {
    const which = { historyUndo: 'undo', historyRedo: 'redo' }[/** @type {string} */ (event.inputType)];
    act(event, /** @type {any} */ (which ?? null));
  });
}

/** @param {KeyboardEvent} event @returns {'undo' | 'redo' | null} */
function keyOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  if (!(ctrlKey || metaKey) || altKey) return null;
  if (key.toLowerCase() === 'z') return shiftKey ? 'redo' : 'undo';
  return key.toLowerCase() === 'y' && !shiftKey ? 'redo' : null;
}
