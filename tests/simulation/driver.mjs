/** What people do, one function a step of a script: through the library's public verbs, as a page would call them. */
import { FORMS, patchOf, valueAt } from './tools.mjs';

/** @param {(() => void)[]} acts */
const all = (acts) => () => acts.forEach((act) => act());
const HALF = '\ud83d'; // of an emoji: no text that can be stored

/** @param {any} entry  of what is kept */
const keyOf = ({ place, reason, words, name }) => [place, reason, words, name].join(' ');

/** @param {any} world */
export function driver(world) {
  const { clock, oracle } = world;
  /** @param {any} step */
  const tabOf = (step) => world.tabs[(step.tab ?? 0) % world.tabs.length];
  const toolOf = (step) => world.setup.tools[(step.tool ?? 0) % world.setup.tools.length];
  const workOf = (tab, step) => tab.storage.work(toolOf(step));

  /** A verb that the page calls and that may be refused. @param {any} tab @param {string} verb @param {() => any} call @param {(result: any) => void} [then] */
  function ask(tab, verb, call, then = () => {}) {
    let answer;
    try {
      answer = Promise.resolve(call());
    } catch (error) {
      answer = Promise.reject(error);
    }
    const told = (error) => (world.note(`${tab.name} ${verb} rejected: ${error?.status} ${error?.message}`), oracle.refused(tab, verb, error));
    tab.asking = (tab.asking ?? 0) + 1;
    answer.then((result) => tab.dead || then(result), told).catch((error) => world.bug(`${verb}: ${error.stack}`)).finally(() => tab.asking--);
  }

  /** An edit: what was on the screen, what is there then. @param {any} tab @param {any} step @param {(work: any, word: string, state: any) => void} how */
  function edit(tab, step, how) {
    const work = workOf(tab, step);
    if (oracle.isInert(tab)) return world.note('the page is inert');
    const word = oracle.newWord(tab, toolOf(step), step.do);
    oracle.edit(tab, toolOf(step), word, () => how(work, word, work.state.get()));
  }

  const textPath = (step) => {
    const { texts } = FORMS[toolOf(step)];
    return texts[(step.n ?? 0) % texts.length];
  };
  const textOf = (state, path) => String(valueAt(state, path) ?? '');
  const rowsOf = (state, step) => {
    const rows = valueAt(state, FORMS[toolOf(step)].rows);
    return Array.isArray(rows) ? rows : [];
  };
  /** @param {any} work @param {any} step @param {(rows: any[]) => any[]} how */
  const withRows = (work, step, how) => work.update(patchOf(FORMS[toolOf(step)].rows, how([...rowsOf(work.state.get(), step)])));
  const withText = (work, step, how) => work.update(patchOf(textPath(step), how(textOf(work.state.get(), textPath(step)))));
  const nth = (list, n) => list[n % list.length];

  const verbs = {
    type: (tab, step) =>
      edit(tab, step, (work, word) =>
        withText(work, step, (text) => {
          const words = text.split(' ').filter(Boolean);
          words.splice(step.n % 3 ? words.length : (step.n >> 2) % (words.length + 1), 0, word);
          return words.join(' ');
        }),
      ),
    replaceWord: (tab, step) =>
      edit(tab, step, (work, word) =>
        withText(work, step, (text) => {
          const words = text.split(' ').filter(Boolean);
          words.splice((step.n >> 2) % Math.max(1, words.length), 1, word);
          return words.join(' ');
        }),
      ),
    deleteWord: (tab, step) =>
      edit(tab, step, (work) =>
        withText(work, step, (text) => {
          const words = text.split(' ').filter(Boolean);
          words.splice((step.n >> 2) % Math.max(1, words.length), 1);
          return words.join(' ');
        }),
      ),
    empty: (tab, step) => edit(tab, step, (work) => work.update(patchOf(textPath(step), step.n % 2 ? '' : null))),
    addRow: (tab, step) =>
      edit(tab, step, (work, word) =>
        withRows(work, step, (rows) => (rows.splice(step.n % 3 ? rows.length : (step.n >> 2) % (rows.length + 1), 0, FORMS[toolOf(step)].row(word)), rows)),
      ),
    editRow: (tab, step) =>
      edit(tab, step, (work, word, state) => {
        if (!rowsOf(state, step).length) return;
        const { textOf: field } = FORMS[toolOf(step)];
        const more = (row) => (field ? { ...row, [field]: `${row?.[field] ?? ''} ${word}` } : `${row} ${word}`);
        withRows(work, step, (rows) => rows.map((row, i) => (i === step.n % rows.length ? more(row) : row)));
      }),
    removeRow: (tab, step) => edit(tab, step, (work) => withRows(work, step, (rows) => rows.filter((_, i) => i !== step.n % rows.length))),
    moveRow: (tab, step) => edit(tab, step, (work) => withRows(work, step, (rows) => (rows.length ? [...rows.slice(1), rows[0]] : rows))),
    replaceAll: (tab, step) => edit(tab, step, (work, word) => work.replace(patchOf(textPath(step), word))),
    refusedText: (tab, step) => edit(tab, step, (work, word) => withText(work, step, (text) => `${text} ${word} ${HALF}`)),
    undo: (tab, step) => edit(tab, step, (work) => work.undo?.()),
    redo: (tab, step) => edit(tab, step, (work) => work.redo?.()),

    saveAs(tab, step) {
      const work = workOf(tab, step);
      const done = work.home.get().kind === 'project' ? oracle.copying(tab, toolOf(step)) : () => {};
      ask(tab, 'saveAs', () => work.saveAs({ name: `P${step.n}` }).finally(done));
    },
    rename: (tab, step) => ask(tab, 'rename', () => workOf(tab, step).rename(`R${step.n}`)),
    open: (tab, step) => open(tab, step, step.n),
    toAndFro(tab, step) {
      const ids = world.projectsOf(tab, toolOf(step));
      if (!ids.length) return;
      const here = workOf(tab, step).home.get().id;
      open(tab, step, ids.findIndex((id) => id !== here) + ids.length);
      const back = here ? ids.indexOf(here) : step.n;
      clock.at(20 + (step.n % 5) * 60, () => open(tab, step, Math.max(0, back) + ids.length), tab);
    },
    startNew: (tab, step) => ask(tab, 'startNew', () => workOf(tab, step).startNew()),
    promote: (tab, step) => ask(tab, 'promote', () => workOf(tab, step).promote()),
    takeOver(tab, step) {
      const ids = world.objectsOf(tab);
      if (!ids.length) return;
      const asCopy = step.n % 5 === 0;
      const done = asCopy || oracle.hasTrashed() ? all(world.setup.tools.map((tool) => oracle.copying(tab, tool))) : () => {}; // of an object whose project is in the trash, too
      ask(tab, 'takeOver', () => workOf(tab, step).takeOver(nth(ids, step.n), asCopy ? { asCopy } : undefined).finally(done));
    },
    trash(tab, step) {
      const ids = world.projectsOf(tab, toolOf(step));
      if (!ids.length) return;
      const id = nth(ids, step.n);
      oracle.trashed(id);
      ask(tab, 'trash', () => tab.storage.projects.remove(toolOf(step), id));
    },
    undelete(tab, step) {
      const ids = world.projectsOf(tab, toolOf(step));
      if (ids.length) ask(tab, 'undelete', () => tab.storage.projects.undelete(toolOf(step), nth(ids, step.n)));
    },
    choose(tab, step) {
      const work = workOf(tab, step);
      const [conflict] = work.conflicts.get();
      if (!conflict) return;
      const theirs = step.n % 2;
      if (!work.compare) return edit(tab, step, () => (oracle.chose(conflict, theirs), work.choose(conflict.path, theirs ? conflict.theirs : conflict.mine)));
      ask(tab, 'compare', () => work.compare(conflict), (sides) => {
        oracle.chose(sides, theirs);
        ask(tab, 'choose', () => work.choose(conflict, theirs ? 'theirs' : 'mine', sides));
      });
    },
    restoreKept(tab, step) {
      const { kept } = tab.storage;
      if (!kept) return;
      const home = workOf(tab, step).home.get();
      ask(tab, 'kept.list', () => kept.list({ tool: toolOf(step), projectId: home.id }), (entries) => {
        if (!entries.length) return;
        // Saves have the server's time, snapshots the page's: which comes first is chance here.
        const sorted = [...entries].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
        const done = oracle.restoring(tab, toolOf(step));
        ask(tab, 'kept.restore', () => kept.restore(nth(sorted, step.n)), done);
      });
    },
    settle(tab) {
      const [entry] = tab.storage.stuck?.get() ?? [];
      const how = entry?.can.find((one) => one !== 'discard');
      if (how) ask(tab, 'settle', () => tab.storage.settle(entry, how));
    },

    focus: (tab) => tab.fire('focus'),
    hide: (tab) => tab.show('hidden'),
    show: (tab) => (tab.show('visible'), tab.fire('focus')),
    close(tab) {
      tab.closing = true;
      ask(tab, 'close', () => tab.storage.close());
      clock.at(3500, () => end(tab), null);
    },
    kill: (tab, step) => world.killAfter(tab, step.turns ?? 0, () => reopen(tab)),
    reload(tab, step) {
      tab.reloading = tab.closing = true;
      tab.show('hidden');
      tab.fire('pagehide');
      world.killAfter(tab, step.turns ?? 0, () => reopen(tab));
    },
    newTab(tab, step) {
      world.replaceTab(tab, world.open(tab.profile), { others: step.n % 2 });
    },

    switchUser(tab, step) {
      const to = world.users[step.user % world.users.length];
      if (tab.acts || tab.profile.user === to || to.guest || tab.profile.user?.guest) return; // a guest leaves by a claim, and cannot come back
      signIn(tab, async () => {
        if (step.gap) {
          await signed(tab, null);
          await later(tab, step.gap);
        }
        await signed(tab, to);
      });
    },
    claim(tab, step) {
      const account = world.users[step.user % world.users.length];
      const { user: guest } = tab.profile;
      if (tab.acts || !guest?.isAnonymous || account === guest) return; // one sign-in at a time
      oracle.claiming(guest, account);
      ask(tab, 'willClaim', () => guest.getIdToken().then((token) => tab.storage.willClaim(token, guest.uid).then(() => token)), (token) => {
        signIn(tab, () => signed(tab, account));
        clock.at(100, () => ask(tab, 'claim', () => tab.storage.claim(token, guest.uid)), tab);
      });
    },

    fault: (tab, step) => world.network.arm({ ...step, tab: tab.lineage }),
    offline(tab, step) {
      const { profile } = tab;
      world.fired('offline');
      profile.offline = true;
      for (const one of profile.tabs) one.fire('offline');
      clock.at(step.for, () => world.online(profile));
    },
    sleep(tab, step) {
      world.fired('sleep');
      world.sleep(tab.profile, step.for);
    },
    token(tab, step) {
      world.fired(`token ${step.what}`);
      const { user } = tab.profile;
      if (!user) return;
      user.trouble = step.what;
      if (step.what === 'expired') user.expiredUntil = clock.now() + step.for;
      clock.at(step.for, () => (user.trouble = null));
    },
    storage(tab, step) {
      world.fired(`${step.part} ${step.fault}`);
      const { faults } = tab.profile;
      faults[step.part] = step.fault;
      clock.at(step.for, () => faults[step.part] === step.fault && delete faults[step.part] && (tab.profile.storageBackAt = clock.now()));
    },
    skew(tab, step) {
      world.fired('skew');
      tab.profile.skew += step.by;
    },
    restart() {
      world.fired('restart');
      world.server.ask({ do: 'restart' });
    },
  };

  function open(tab, step, n) {
    const ids = world.projectsOf(tab, toolOf(step));
    if (ids.length) ask(tab, 'open', () => workOf(tab, step).open(nth(ids, n)));
  }
  const later = (tab, ms) => new Promise((resolve) => clock.at(ms, () => resolve(undefined), tab));
  /** As Firebase's verbs resolve: when the listeners have heard. */
  const signed = (tab, user) => (tab.profile.sign(user), later(tab, 50));
  /** A page that changes the user itself says so. @param {any} tab @param {() => Promise<any>} how */
  function signIn(tab, how) {
    tab.acts = true;
    const done = () => void (tab.acts = false);
    ask(tab, 'switching', () => (tab.storage.switching ? tab.storage.switching(how) : how()).finally(done));
  }
  function end(tab) {
    if (tab.dead) return;
    tab.kill();
    oracle.killing(tab, true);
    reopen(tab);
  }
  /** @param {any} tab  that is gone */
  const reopen = (tab) => clock.at(300, () => world.replaceTab(tab, world.open(tab.profile, tab.lineage)));

  const self = {
    /** What the server cannot store is mended by whoever sees it refused. @param {any} tab @param {boolean} [goes]  also to work that the page names and does not show */
    mend(tab, goes = true) {
      const elsewhere = goes && tab.storage.stuck.get().find((one) => one.can.includes('open')); // named on the page, and not what it shows
      if (elsewhere) ask(tab, 'settle', () => tab.storage.settle(elsewhere, 'open'), () => self.mend(tab, false));
      for (const tool of world.setup.tools) {
        const work = tab.storage.work(tool);
        for (const path of new Set(FORMS[tool].texts)) {
          const text = textOf(work.state.get(), path);
          if (text.includes(HALF) && !oracle.isInert(tab)) clock.run(tab, () => work.update(patchOf(path, text.replaceAll(HALF, '').trim())));
        }
      }
    },
    /** @param {any} step */
    do(step) {
      const tab = tabOf(step);
      world.note(`${tab.name} ${JSON.stringify(step)} (${tab.storage?.status.get().state}, ${tab.storage?.work(toolOf(step)).home.get().id ?? 'draft'})`);
      if (tab.dead || !tab.storage || tab.closing) return;
      const without = ['restart', 'offline', 'sleep', 'skew', 'storage', 'token', 'fault', 'kill'];
      if (without.includes(step.do)) return void verbs[step.do](tab, step);
      tab.touched = clock.now();
      if (['reload', 'focus', 'hide', 'show', 'newTab'].includes(step.do)) verbs[step.do](tab, step);
      else clock.run(tab, () => verbs[step.do](tab, step));
    },
  };
  return self;
}
