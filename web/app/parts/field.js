/** Form controls. A part is `{ element, show(state) }`: show makes it say what the state says. */

import { html, render } from '/vendor/lit-html/lit-html.js';
import { live } from '/vendor/lit-html/directives/live.js';
import { h } from '../dom.js';
import { textControl } from './control.js';
import { asText, numberOrText, tidiedNumber } from './values.js';

let made = 0;

/** A labelled text or number over one value. What it shows is what the state holds, whatever that is.
 *  @param {{label: string, read(state: any): any, write(value: any): void, kind?: 'text' | 'area' | 'number',
 *    suggest?: string[], hint?: string, width?: 'narrow' | 'half' | 'wide', longest?: number, rows?: number,
 *    path?: string | ((state: any) => string)}} options  path: where in the state it is, so that it is found by it
 */
export function field({ label, path, read, write, kind = 'text', suggest, hint, width, longest = 200, rows = 3 }) {
  const id = `field-${(made += 1)}`;
  const says = h('p.hint', { id: `${id}-says`, role: 'status', hidden: true });
  const described = { 'aria-describedby': `${hint ? `${id}-hint ` : ''}${id}-says` };
  const control =
    kind === 'area'
      ? h('textarea', { id, rows, maxlength: longest, ...described })
      : h('input', { id, type: 'text', autocomplete: 'off', ...limits(kind, longest), ...described, list: suggest && `${id}-list` });
  const showText = textControl(control, (text) => write(kind === 'number' ? numberOrText(text) : text));
  if (kind === 'number') control.addEventListener('change', tidy);
  function tidy() {
    const number = tidiedNumber(control.value);
    if (asText(number) !== control.value) write(number);
  }
  const say = (/** @type {string} */ sentence) => {
    if (says.textContent !== sentence) says.textContent = sentence;
    says.hidden = !sentence;
  };
  control.addEventListener('paste', (/** @type {any} */ event) => {
    const room = longest - control.value.length + (control.selectionEnd - control.selectionStart);
    const fits = kind === 'number' || (event.clipboardData?.getData('text') ?? '').length <= room;
    say(fits ? '' : `Its end was left out: ${longest.toLocaleString('en')} characters fit here.`);
  });
  const element = h(
    `div.field${width ? `.${width}` : ''}`,
    {},
    h('label', { for: id }, label),
    control,
    hint && h('p.hint', { id: `${id}-hint` }, hint),
    says,
    suggest && h('datalist', { id: `${id}-list` }, ...suggest.map((value) => h('option', { value }))),
  );
  const show = (/** @type {any} */ state) => {
    located(element, path, state);
    showText(asText(read(state)));
  };
  return { element, show, control };
}

/** @param {HTMLElement} element @param {string | ((state: any) => string) | undefined} path @param {any} state */
export function located(element, path, state) {
  const now = typeof path === 'function' ? path(state) : path;
  if (now !== undefined && element.dataset.path !== now) element.dataset.path = now;
}

/** Number boxes are text boxes: "15 (natural armor)" is kept as it is typed.
 *  @param {string} kind @param {number} longest */
const limits = (kind, longest) => ({ maxlength: longest, ...(kind === 'number' && { inputmode: 'numeric' }) });

/** One of a few, as radio buttons in a group.
 *  @param {{label: string, path?: string, read(state: any): any, write(value: string): void, choices: [string, string][]}} options */
export function choice({ label, path, read, write, choices }) {
  const name = `choice-${(made += 1)}`;
  const element = h('fieldset.choice', { 'data-path': path, 'aria-label': label });
  const show = (/** @type {any} */ state) => {
    const chosen = asText(read(state)) || choices[0][0];
    const radios = choices.map(
      ([value, text]) =>
        html`<label>
          <input type="radio" name=${name} value=${value} .checked=${live(value === chosen)} @change=${() => write(value)}>
          <span>${text}</span>
        </label>`,
    );
    render(html`<legend>${label}</legend><div class="choices">${radios}</div>`, element);
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
