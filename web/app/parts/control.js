/** A text box over one text of the state. Who types into it is left alone: the caret stays at its word while others
 *  write in the same field, and nothing is put into a box that is composing (an input method, or a phone's keyboard). */

import { difference, placeAfter, typedInto } from './words.js';

/** @param {any} control  an input or a textarea @param {(text: string) => void} write @returns {(text: string) => void}  show this text */
export function textControl(control, write) {
  let shown = ''; // what of the state the control shows
  let current = ''; // what the state holds: more than that only during a composition
  let composing = false;

  function typed() {
    if (control.value === shown) return;
    current = typedInto(shown, control.value, current);
    shown = control.value;
    write(current);
  }

  function show(/** @type {string} */ text) {
    current = text.replace(/\r\n?/g, '\n'); // as a text box has it
    if (!composing) shown = put(control, current);
  }

  control.addEventListener('input', typed);
  control.addEventListener('compositionstart', () => (composing = true));
  control.addEventListener('compositionend', () => {
    typed(); // in Firefox the input event comes after this one
    composing = false;
    show(current);
  });
  return show;
}

/** @param {any} control @param {string} text @returns {string}  what it shows now: a text box has one spelling for a line's end */
function put(control, text) {
  if (control.value === text) return text;
  const { value, selectionStart, selectionEnd } = control;
  control.value = text;
  if (document.activeElement === control && selectionStart !== null) {
    const pieces = difference(value, control.value);
    control.setSelectionRange(placeAfter(pieces, selectionStart), placeAfter(pieces, selectionEnd));
  }
  return control.value;
}
