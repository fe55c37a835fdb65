/** Virtual time: one queue of events, run one after the other in one real turn of node.
 *
 *  An event has a time and belongs to a tab, or to nobody: a timer, an answer, a task of IndexedDB. A kill may come between
 *  any two of them, which is between any two awaits that anything outside can see. */

const TASK = 0.3; // ms: a write of IndexedDB has half a dozen of them

/** A generator of numbers that are the same for the same seed (mulberry32). @param {number} seed */
export function random(seed) {
  let a = seed >>> 0;
  const next = () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (n) => Math.floor(next() * n);
  return { next, int, pick: (list) => list[int(list.length)], chance: (p) => next() < p };
}

/** A number from 0 to 1 for some names: the same, whatever else is drawn. @param {...(string | number)} names */
export function drawn(...names) {
  let h = 2166136261;
  for (const letter of names.join('/')) h = Math.imul(h ^ letter.charCodeAt(0), 16777619);
  return random(h ^ (h >>> 15)).next();
}

// node runs promises' reactions when its own callbacks end. _tickCallback is what it calls there; nothing else runs them
// without a turn of its event loop, which would cost more than all that the tabs do.
const microtasks = () => process._tickCallback();

/** Promises only settle synchronously outside of a promise's reaction, so the world is run from a callback. */
export function assertSynchronous() {
  let ran = false;
  Promise.resolve().then(() => (ran = true));
  microtasks();
  if (!ran) throw new Error('Run the world from a callback of node (setImmediate), not from an async function.');
}

/** @param {number} start  ms since 1970 */
export function clock(start) {
  let now = start;
  let serial = 0;
  /** @type {{at: number, id: number, run: () => void, tab: any, off?: boolean}[]} a heap */
  const events = [];
  const earlier = (a, b) => a.at < b.at || (a.at === b.at && a.id < b.id);

  function push(event) {
    let i = events.push(event) - 1;
    for (let up = (i - 1) >> 1; i > 0 && earlier(event, events[up]); i = up, up = (i - 1) >> 1) {
      events[i] = events[up];
      events[up] = event;
    }
  }

  function pop() {
    const top = events[0];
    const last = events.pop();
    if (!events.length) return top;
    events[0] = last;
    for (let i = 0; ; ) {
      let down = 2 * i + 1;
      if (down + 1 < events.length && earlier(events[down + 1], events[down])) down++;
      if (down >= events.length || earlier(last, events[down])) return top;
      events[i] = events[down];
      events[down] = last;
      i = down;
    }
  }

  /** @param {any} tab @param {() => void} run */
  function as(tab, run) {
    self.current = tab;
    try {
      run();
    } catch (error) {
      if (!tab) throw error;
      self.threw(tab, error);
    }
    microtasks();
    self.current = null;
    if (tab) self.turned(tab);
  }

  const self = {
    /** Whose code runs now. @type {any} */
    current: null,
    /** Told after each event of a tab, when nothing of its code is under way. @type {(tab: any) => void} */
    turned: () => {},
    /** Told what a tab's code did not catch. @type {(tab: any, error: any) => void} */
    threw: () => {},
    now: () => now,
    /** @param {number} ms @param {() => void} run @param {any} [tab]  a dead one's are dropped */
    at(ms, run, tab = null) {
      const event = { at: now + Math.max(0, Number(ms) || 0), id: ++serial, run, tab };
      push(event);
      return event;
    },
    cancel: (event) => event && (event.off = true),
    /** As soon as it can be, for whom runs now. @param {() => void} run */
    task: (run) => void self.at(TASK, run, self.current),
    /** Runs something as the tab's, now. @param {any} tab @param {() => void} run */
    run(tab, run) {
      if (!tab?.dead) as(tab, run);
    },
    /** Nothing runs for so long, as in a laptop that is shut; what is due then runs next. @param {number} ms */
    jump: (ms) => void (now += ms),
    /** Lets so much time pass. @param {number} ms */
    advance(ms) {
      const until = now + ms;
      while (events.length && events[0].at <= until) {
        const event = pop();
        if (event.off || event.tab?.dead) continue;
        now = Math.max(now, event.at);
        self.run(event.tab, event.run);
      }
      now = until;
    },
  };
  return self;
}
