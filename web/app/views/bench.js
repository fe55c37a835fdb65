/** The workbench of one tool: its work on one side, what comes of it on the other. */

import { button, h } from '../dom.js';
import { addressOf } from '../route.js';
import { isEmpty } from '../paths.js';
import { conflictsOf } from './conflicts.js';
import { refusedOf } from './refused.js';
import { undoOf } from './undo.js';
import { workBar } from './work-bar.js';

/** @param {any} storage @param {import('../tools.js').Tool} tool @param {{say: Function, fail: Function}} tell */
export function bench(storage, tool, tell) {
  const work = storage.work(tool.tool);
  const form = tool.form(work, storage);
  const start = () => {
    work.update(tool.example);
    form.element.querySelector('.field input')?.focus();
  };
  const mat = matOf(tool, start);
  const bar = workBar({ storage, tool, work, tell });
  const undo = undoOf({ work, form: form.element });
  const toKept = h('a.button.small', { href: addressOf('kept', tool.slug) }, 'Kept');
  const look = seeIt(tool, mat.element);
  const invite = h('p.invite', {}, 'Nothing here yet. ', button(`Start from ${tool.exampleName}, an example`, start, { kind: 'link' }));
  // Lists bring forms of their own, which HTML does not nest: so this one is a group.
  const writing = h('div.writing', { role: 'group', 'aria-label': `The ${tool.noun}` }, h('div.steadily', {}, undo.element, toKept), invite, form.element);
  const conflicts = conflictsOf({ storage, tool, work, tell, form: form.element });
  const refused = refusedOf({ work, form: form.element });
  const element = h(
    'div.bench',
    { 'data-tool': tool.slug },
    bar.element,
    conflicts.element,
    refused.element,
    h('div.sides-of-bench', {}, writing, mat.element),
    look,
  );

  let restored = false; // whether this user's work was looked for: before that nobody knows whether there is any
  function show() {
    const state = work.state.get();
    const empty = tool.content.every((name) => isEmpty(state[name]));
    invite.hidden = !(empty && restored);
    form.show(state);
    refused.mark();
    mat.show(state, { empty, restored });
  }
  work.home.subscribe(() => (restored = true)); // told again when a home is found
  storage.user.subscribe(() => {
    restored = false;
    show();
  });
  work.state.subscribe(show);
  return {
    element,
    work,
    tool,
    form: form.element,
    step: undo.step,
    boxes: { conflicts: conflicts.element, refused: refused.element },
    /** @param {'conflicts' | 'refused'} which */
    says: (which) => ({ conflicts, refused })[which].says(),
  };
}

/** On a phone the finished thing lies below the writing: a button leads there while it is out of sight.
 *  @param {import('../tools.js').Tool} tool @param {HTMLElement} mat */
function seeIt(tool, mat) {
  const look = button(
    `See the ${tool.noun}`,
    () => {
      mat.scrollIntoView({ block: 'start' });
      mat.focus({ preventScroll: true });
    },
    { kind: 'see' },
  );
  new IntersectionObserver(([seen]) => (look.hidden = seen.isIntersecting)).observe(mat);
  return look;
}

/** What lies on the mat: the finished thing, or an example of one.
 *  @param {import('../tools.js').Tool} tool @param {() => void} start */
function matOf(tool, start) {
  const shown = h('div.shown', { 'data-testid': `${tool.noun}-preview` });
  const example = h(
    'div.example',
    {},
    h('p.example-says', {}, h('strong', {}, 'An example.'), ' Yours appears here while you write.'),
    tool.preview(tool.example),
    button('Start from this example', start),
  );
  let back = false;
  /** @type {any} */
  let last = {};
  const turn = button('Turn over', () => ((back = !back), draw()), { 'aria-pressed': 'false' });
  const print = button('Print', () => window.print());
  const element = h(
    'aside.mat',
    { 'aria-label': `Preview of the ${tool.noun}`, tabindex: '0' },
    shown,
    example,
    h('div.buttons', {}, tool.back && turn, print),
  );

  function draw() {
    turn.setAttribute('aria-pressed', String(back));
    shown.replaceChildren((back && tool.back ? tool.back : tool.preview)(last));
  }

  /** @param {any} state @param {{empty: boolean, restored: boolean}} how */
  function show(state, { empty, restored }) {
    if (tool.back && state.currentStep !== last.currentStep) back = state.currentStep === 'card-back';
    last = state;
    shown.hidden = turn.hidden = print.hidden = empty;
    example.hidden = !(empty && restored);
    draw();
  }
  return { element, show };
}
