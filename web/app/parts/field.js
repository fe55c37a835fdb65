/** Form controls. A part is `{ element, show(state) }`: show makes it say what the state says. */

import { h } from '../dom.js';

let made = 0;

/** A labelled text or number over one value.
 *  @param {{label: string, read(state: any): any, write(value: any): void, kind?: 'text' | 'area' | 'number',
 *    suggest?: string[], hint?: string, width?: 'narrow' | 'half' | 'wide', longest?: number, rows?: number}} options */
export function field({ label, read, write, kind = 'text', suggest, hint, width, longest = 200, rows = 3 }) {
  const id = `field-${(made += 1)}`;
  const hinted = hint ? { 'aria-describedby': `${id}-hint` } : {};
  const control =
    kind === 'area'
      ? h('textarea', { id, rows, maxlength: longest, ...hinted })
      : h('input', { id, type: kind, autocomplete: 'off', ...limits(kind, longest), ...hinted, list: suggest && `${id}-list` });
  control.addEventListener('input', () => write(kind === 'number' ? number(control.value) : control.value));
  const cut = h('p.hint', { role: 'status', hidden: true }, `Its end was left out: ${longest.toLocaleString('en')} characters fit here.`);
  control.addEventListener('paste', (/** @type {any} */ event) => {
    const room = longest - control.value.length + (control.selectionEnd - control.selectionStart);
    cut.hidden = kind === 'number' || (event.clipboardData?.getData('text') ?? '').length <= room;
  });
  const element = h(
    `div.field${width ? `.${width}` : ''}`,
    {},
    h('label', { for: id }, label),
    control,
    hint && h('p.hint', { id: `${id}-hint` }, hint),
    cut,
    suggest && h('datalist', { id: `${id}-list` }, ...suggest.map((value) => h('option', { value }))),
  );
  return { element, show: (/** @type {any} */ state) => display(control, read(state), kind), control };
}

/** @param {string} kind @param {number} longest */
function limits(kind, longest) {
  return kind === 'number' ? { step: 'any', inputmode: 'numeric' } : { maxlength: longest };
}

/** JSON has no number for 1e400. @param {string} text */
const number = (text) => (text.trim() === '' || !Number.isFinite(Number(text)) ? null : Number(text));

/** Put a value into a control without moving the caret of somebody who types there.
 *  @param {any} control @param {any} value @param {string} kind */
function display(control, value, kind) {
  const text = value == null ? '' : String(value);
  if (control.value === text || (kind === 'number' && number(control.value) === (value ?? null))) return;
  const { selectionStart, selectionEnd } = control;
  control.value = text;
  if (document.activeElement === control && kind !== 'number') control.setSelectionRange(selectionStart, selectionEnd);
}

/** One of a few, as radio buttons in a group.
 *  @param {{label: string, read(state: any): any, write(value: string): void, choices: [string, string][]}} options */
export function choice({ label, read, write, choices }) {
  const name = `choice-${(made += 1)}`;
  const radios = choices.map(([value]) => h('input', { type: 'radio', name, value, onchange: () => write(value) }));
  const element = h(
    'fieldset.choice',
    {},
    h('legend', {}, label),
    h('div.choices', {}, ...choices.map(([, text], i) => h('label', {}, radios[i], h('span', {}, text)))),
  );
  const show = (/** @type {any} */ state) => {
    const value = read(state) ?? choices[0][0];
    for (const radio of radios) radio.checked = radio.value === value;
  };
  return { element, show };
}

/** Several parts as one.
 *  @param {HTMLElement} element @param {{show(state: any): void}[]} parts */
export function group(element, parts) {
  return { element, show: (/** @type {any} */ state) => parts.forEach((part) => part.show(state)) };
}

/** A headed section of a form.
 *  @param {string} title @param {{element: HTMLElement, show(state: any): void}[]} parts @param {string} [about] */
export function section(title, parts, about) {
  const id = `section-${(made += 1)}`;
  const heading = h('h2', { id, tabindex: '-1' }, title);
  const grid = h('div.grid', {}, ...parts.map((part) => part.element));
  const element = h('section.part', { 'aria-labelledby': id }, h('header', {}, heading, about && h('p.hint', {}, about)), grid);
  return { ...group(element, parts), heading };
}
