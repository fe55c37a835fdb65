/** The five steps of a card: where the person is, and what is done. */

import { button, h } from '../dom.js';
import { at } from '../paths.js';

const STEPS = [
  ['text-generation', 'Text'],
  ['core-image', 'Image'],
  ['border-generation', 'Border'],
  ['final-assembly', 'Assembly'],
  ['card-back', 'Back'],
];

/** @param {any} work @param {Record<string, {element: HTMLElement, heading: HTMLElement}>} sections  by step */
export function stepsOf(work, sections) {
  let current = STEPS[0][0];
  const box = h('input', { type: 'checkbox', onchange: () => work.update({ stepCompletion: { [current]: box.checked } }) });
  const done = h('label.check', {}, box, h('span', {}, 'Step done'));
  const buttons = STEPS.map(([id, name]) => button(name, () => go(id)));
  const list = h('ol', {}, ...buttons.map((one) => h('li', {}, one)));
  const element = h('nav.steps', { 'aria-label': 'Steps of a card' }, list);

  /** @param {string} id */
  function go(id) {
    work.update({ currentStep: id });
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    sections[id].heading.focus({ preventScroll: true });
    sections[id].element.scrollIntoView({ block: 'start', behavior: calm ? 'auto' : 'smooth' });
  }

  const show = (/** @type {any} */ state) => {
    const stored = state.currentStep;
    current = Object.hasOwn(sections, stored) ? stored : STEPS[0][0];
    box.checked = at(state, `stepCompletion.${current}`) === true;
    const header = sections[current].element.querySelector('header');
    if (done.parentElement !== header) header?.append(done);
    STEPS.forEach(([id], i) => {
      const finished = at(state, `stepCompletion.${id}`) === true;
      buttons[i].classList.toggle('done', finished);
      if (finished) buttons[i].setAttribute('aria-description', 'done');
      else buttons[i].removeAttribute('aria-description');
      if (id === current) buttons[i].setAttribute('aria-current', 'step');
      else buttons[i].removeAttribute('aria-current');
    });
  };
  return { element, show };
}
