import { button, h } from '../dom.js';
import { whyNot } from '../parts/why-not.js';

const SHOWN = 12_000; // ms: long enough to read a sentence and press Undo
const LONG = 60_000; // for what happened before anybody looked

/** Sentences below the page's head: what recovery did and why, what just happened, what went wrong.
 *  @param {HTMLElement} place */
export function notices(place) {
  const region = h('div.notice-list', { role: 'status', 'data-testid': 'notice' });
  place.append(region);

  /** @type {Map<string, () => void>} what is said once, however often it is asked for, and how to take it away */
  const said = new Map();

  /** @param {string} text @param {{lasting?: boolean, shown?: number, bad?: boolean, action?: [string, () => unknown], actions?: [string, () => unknown][], once?: string}} [options] */
  function say(text, { lasting = false, shown = SHOWN, bad = false, action, actions = action ? [action] : [], once } = {}) {
    const close = () => one.remove();
    if (once) said.get(once)?.();
    if (once) said.set(once, close);
    const acts = actions.map(([label, act]) => button(label, () => (close(), act()), { kind: 'small' }));
    const one = h(
      `div.notice${bad ? '.bad' : ''}`,
      bad ? { role: 'alert' } : {},
      h('p', {}, text),
      ...acts,
      button('×', close, { kind: 'quiet', 'aria-label': 'Dismiss' }),
    );
    region.append(one);
    if (!lasting && !bad) setTimeout(close, shown);
    return close;
  }

  /** @param {any} error */
  function fail(error) {
    if (error?.status !== 0) return void say(whyNot(error), { bad: true });
    const close = say(whyNot(error), { bad: true, once: 'offline' });
    addEventListener('online', close, { once: true });
    setTimeout(close, LONG);
  }

  return { say, fail };
}

/** Tell what recovery did at the start of this page. It is over after a while, and when somebody else is here.
 *  @param {any} storage @param {(text: string, options: object) => () => void} say @param {() => void} showKept */
export function tellRecovered({ recovered, user }, say, showKept) {
  let told = 0;
  let [uid, shown] = [user.get()?.uid, /** @type {(() => void)[]} */ ([])];
  user.subscribe((/** @type {any} */ next) => {
    if (next?.uid === uid) return;
    uid = next?.uid;
    for (const close of shown.splice(0)) close();
  });
  recovered.subscribe(() => {
    const all = recovered.get() ?? [];
    for (const { recovered: how, action, why, kept_as: kept = [] } of all.slice(told)) {
      if (how === 'other_user' || (action === 'none' && !kept.length)) continue;
      const also = kept.length ? ' What has no place of its own is kept.' : '';
      const wait = kept.length ? { lasting: true, action: ['Show what is kept', showKept] } : { shown: LONG };
      shown.push(say(`${why}${also}`, wait));
    }
    told = all.length;
  });
}
