/** What must hold, judged by somebody who saw every edit. README.md says what each kind of failure means. */
import { FORMS, valueAt } from './tools.mjs';
import { letterOf, wordsIn } from './words.mjs';

const SAVED = ['saved', 'changed elsewhere'];
const INERT = ['another user', 'signed out'];
const ADDS = ['type', 'replaceWord', 'addRow', 'replaceAll', 'refusedText'];
const MOMENT = 100; // ms in which a backup is written: what was typed within them before a kill may be gone
const STORAGE_RECOVERS = 5_000; // ms until what waited behind a storage that hung is through
const STORAGE_TAKES = 15_000; // ms until a storage that hangs is given up and said so

/** @param {any} world */
export function oracle(world) {
  const { clock } = world;
  /** @type {Map<string, any>} */
  const words = new Map();
  /** @type {{kind: string, what: string, at: number}[]} */
  const found = [];
  const seen = new Set();
  /** @type {Map<string, Set<string>>} a user's letter -> those whose words it may hold too */
  const claims = new Map();
  const trash = new Set();
  /** @type {Map<string, Set<string>>} */
  const authors = new Map();
  let count = 0;
  let unreadable = false;
  const named = new Set(); // saves that a page named as kept

  /** @param {string} kind @param {string} what  the same is found once */
  function fail(kind, what) {
    if (seen.has(kind + what)) return;
    seen.add(kind + what);
    found.push({ kind, what, at: clock.now() - world.start });
    world.note(`!! ${kind}: ${what}`);
  }

  const screen = (tab, tool) => new Set(wordsIn(tab.storage.work(tool).state.get()));
  const screens = (tab) => wordsIn(world.setup.tools.map((tool) => tab.storage.work(tool).state.get()));
  const mayHold = (letter, word) => letterOf(word) === letter || letterOf(word) === 'n' || Boolean(claims.get(letter)?.has(letterOf(word)));

  /** What a person took off the screen is gone as it should be, unless they put it back. @param {any} tab */
  function moved(tab, before, after) {
    const by = tab.lineage;
    for (const word of before) {
      const one = after.has(word) ? null : words.get(word);
      one?.deletedBy.set(by, (one.deletedBy.get(by) ?? 0) + 1);
    }
    for (const word of after) {
      const one = before.has(word) ? null : words.get(word);
      const times = one?.deletedBy.get(by);
      if (!times) continue;
      Object.assign(one, { backAt: clock.now(), backBy: by });
      // A page that begins with what was stored shows once more what was taken out and not sent: that deletion stands.
      times > 1 ? one.deletedBy.set(by, times - 1) : one.deletedBy.delete(by);
    }
  }
  const ownerOf = ({ word, owner }, tab) => (letterOf(word) === 'n' ? (owner ?? tab.user?.letter ?? 'n') : letterOf(word));
  /** What was typed before the user of a page changed and came back is another page's of the same browser: one that has it, or says it is unsaved. */
  const isInOther = (tab, word) => [...tab.profile.tabs].some((one) => one !== tab && one.storage && one.user === tab.user && (screens(one).includes(word) || !SAVED.includes(one.storage.status.get().state)));
  const isDeleted = (one) => one.deletedBy.size > 0;

  /** Which pages ever changed a field of a tool, in whichever document; the same page with another user is another one, also when the former is back. */
  function authored(tab, tool, was, now) {
    for (const path of new Set([...FORMS[tool].texts, FORMS[tool].rows])) {
      const [one, other] = [was, now].map((state) => JSON.stringify(valueAt(state, path)));
      if (one !== other) by(`${tool} ${path}`, `${tab.name} (${tab.person?.letter ?? 'nobody'}, ${tab.heard ?? 0})`);
    }
  }
  const by = (field, whom) => authors.set(field, (authors.get(field) ?? new Set()).add(whom));

  const self = {
    words,
    found,
    fail,
    newWord(tab, tool, how) {
      const letter = tab.person?.letter ?? 'n';
      const word = `${letter}w${++count}`;
      words.set(word, { word, how, tool, tab, page: tab.name, at: clock.now(), status: tab.storage.status.get().state, home: tab.storage.work(tool).home.get().id ?? 'draft', accepted: false, deletedBy: new Map(), copied: Boolean(tab.copying?.get(tool)) });
      return word;
    },
    isInert: (tab) => INERT.includes(tab.storage.status.get().state),
    /** @param {any} tab @param {string} tool @param {string} word  that it may type @param {() => void} apply */
    edit(tab, tool, word, apply) {
      const before = screen(tab, tool);
      const was = tab.storage.work(tool).state.get();
      let refused = false;
      try {
        apply();
      } catch (error) {
        world.note(`${tab.name} edit refused: ${error.message}`);
        refused = true;
      }
      const after = screen(tab, tool);
      moved(tab, before, after);
      authored(tab, tool, was, tab.storage.work(tool).state.get());
      const { how } = words.get(word);
      if (ADDS.includes(how) && !after.has(word) && !refused) fail('lost', `${word} (${how}) is not on the page where it was typed`);
      if (!after.has(word)) words.delete(word);
      const gone = [...before].filter((one) => !after.has(one) && words.get(one)?.accepted);
      if (gone.length) tab.deletions.push({ request: world.requests, words: gone });
    },
    /** The tab's words, and what is typed until the copy is made, may be in two documents. */
    copying(tab, tool) {
      const mark = () => tab.dead || screen(tab, tool).forEach((word) => words.has(word) && (words.get(word).copied = true));
      const underWay = (tab.copying ??= new Map());
      const more = (by) => underWay.set(tool, (underWay.get(tool) ?? 0) + by);
      mark();
      more(1);
      return () => (mark(), more(-1));
    },
    chose(sides, theirs) {
      const [kept, other] = theirs ? [sides.theirs, sides.mine] : [sides.mine, sides.theirs];
      world.count('choices');
      const stay = new Set(wordsIn(kept ?? null));
      for (const word of wordsIn(other ?? null)) if (!stay.has(word) && words.has(word)) words.get(word).chosenAway = true;
    },
    /** What is typed until it comes is replaced by it, and kept, like what was there before. */
    restoring(tab, tool) {
      const before = screen(tab, tool);
      const asked = clock.now();
      return () => {
        for (const one of words.values()) if (one.tab === tab && one.tool === tool && one.at >= asked) before.add(one.word);
        const after = screen(tab, tool);
        moved(tab, before, after);
        for (const word of after) if (!before.has(word) && words.has(word)) words.get(word).copied = true; // wherever else it is
      };
    },
    /** A page told a person what became of earlier work. @param {any} one */
    told({ unreadable: paths, kept_as = [] }) {
      if (paths?.length) unreadable = true;
      for (const { id } of kept_as) named.add(id);
    },
    trashed: (id) => void trash.add(id),
    hasTrashed: () => trash.size > 0,
    claiming(guest, account) {
      const held = claims.get(account.letter) ?? new Set();
      claims.set(account.letter, held.add(guest.letter));
    },
    refused() {},

    /** @param {any} tab  the page's @param {any} request  that the server processed @param {any} got */
    accepted(tab, request, got) {
      if (request.method === 'GET' || got.status >= 300 || !request.body) return;
      if (request.path.endsWith('/recover') && /"recovered": ?"other_user"/.test(got.body)) return;
      for (const word of wordsIn(request.body)) if (words.has(word)) words.get(word).accepted = true;
      // An object whose work had no name opens under the project's: what another page typed there meanwhile is in conflict with that.
      if (request.path.endsWith('/open')) for (const tool of world.tools) for (const path of FORMS[tool].texts) if (/(name|title)$/.test(path)) by(`${tool} ${path}`, 'the library');
      // Somebody's edit stands against a deletion, and they are told: its words are back.
      if (/"edits_kept": ?\["/.test(got.body)) for (const word of wordsIn(got.body)) if (words.has(word)) words.get(word).stood = request.id;
      if (request.copies) for (const word of wordsIn([request.body, got.body])) if (words.has(word)) words.get(word).copied = true;
      tab.deletions = tab.deletions.filter((one) => one.request >= request.id);
    },
    /** No request holds another's words. */
    sent(tab, request) {
      const isCopying = [...(tab.copying?.values() ?? [])].some((underWay) => underWay > 0);
      request.copies = isCopying && request.method === 'POST' && /\/(projects|open)$/.test(request.path); // however late it arrives
      const token = request.headers.Authorization?.slice('Bearer '.length);
      const letter = world.letterOfToken(token);
      if (!letter || !request.body) return;
      const other = wordsIn(request.body).find((word) => !mayHold(letter, word));
      if (other) fail('leaked', `${other} is sent by ${letter}: ${request.method} ${request.path}`);
    },
    /** What the page says and shows now is true. @param {any} tab */
    check(tab) {
      if (tab.dead || !tab.storage) return;
      const { state } = tab.storage.status.get();
      const letter = tab.user?.letter;
      const shown = screens(tab);
      if (letter && !INERT.includes(state)) {
        const other = shown.find((word) => !mayHold(letter, word));
        if (other) fail('leaked', `${other} is on the page of ${letter}`);
      }
      if (!SAVED.includes(state)) return;
      for (const word of shown) if (words.has(word) && !words.get(word).accepted) fail('lied', `${word} (${words.get(word).how}) is on the page, which says ${state}`);
      for (const word of self.pending(tab)) if (!isInOther(tab, word)) fail('lied', `${word} (${words.get(word).how}) was typed here and the page says ${state}`);
      if (tab.deletions.length) undeleted(tab, state);
    },
    /** @param {any} tab @returns {string[]} what was typed on this page, and the server has not had */
    pending: (tab) => [...words.values()].filter((one) => one.tab === tab && !one.accepted && !isDeleted(one) && ownerOf(one, tab) === (tab.user?.letter ?? 'n')).map(({ word }) => word),
    /** What was typed on a page before is the first user's who comes. @param {any} tab @param {any} user */
    came(tab, user) {
      for (const one of words.values()) if (one.tab === tab && letterOf(one.word) === 'n') one.owner ??= user.letter;
    },

    /** A page that goes: what it had not stored has to be in its browser. @param {any} tab @param {boolean} [told]  it had its pagehide */
    killing(tab, told = false) {
      const pending = self.pending(tab);
      const putBack = [...words.values()].filter(({ backBy }) => backBy === tab.lineage).map(({ word }) => word);
      const { faults, idb, local } = tab.profile;
      // A backup that could not be taken back is offered once more, whatever became of its words since.
      if (faults.idb && faults.local) for (const one of words.values()) if (one.tab === tab) one.copied = true;
      if (!pending.length && !putBack.length) return;
      const kept = new Set(wordsIn([idb.records().map(({ value }) => value), [...local.values()]]));
      const { state } = tab.storage.status.get();
      // What the next page cannot see is found by a later one, when the older part of it, from the database, is stored already.
      if (faults.local === 'absent') for (const word of [...pending, ...screens(tab)]) if (words.has(word)) words.get(word).unseen = true;
      const failing = faults.idb || faults.local || tab.storageFailed;
      for (const word of [...pending.filter((one) => !kept.has(one)), ...putBack]) { // what was put back may be kept as what was there before
        const age = clock.now() - (words.get(word).backAt ?? words.get(word).at);
        if (failing ? age < STORAGE_TAKES || !SAVED.includes(state) : !told && age < MOMENT) words.get(word).excused = true;
        else if (words.get(word).status === 'no copy' || clock.now() - (tab.profile.storageBackAt ?? -Infinity) < STORAGE_RECOVERS) words.get(word).excused = true;
        else if (pending.includes(word) && !kept.has(word)) fail('lost', `${word} (${words.get(word).how}, ${Math.round(age)} ms ago, "${state}") is neither stored nor in a backup when the page goes`);
      }
    },

    /** At the end, all being well and every user back on every device. @param {any} stored  what the server has @param {any[]} pages @param {() => any} saves */
    judge(stored, pages, saves) {
      const documents = documentsOf(stored);
      /** @type {Map<string, any[]>} */
      const places = new Map();
      for (const document of documents) {
        for (const word of wordsIn(document.state)) {
          if (!words.has(word)) continue;
          const at = places.get(word) ?? [];
          at.push(document);
          places.set(word, at);
          if (!mayHold(document.letter, word)) fail('leaked', `${word} is stored in ${document.path} of ${document.letter}`);
        }
      }
      for (const [word, at] of places) twice(word, at);
      const missing = [...words.values()].filter((one) => !isDeleted(one) && !one.excused && !places.has(one.word));
      if (missing.length) locate(missing, documents, pages, saves());
      objectTwins(stored);
      for (const { path, tool, conflicts } of documents) for (const conflict of conflicts ?? []) withOneself(path, tool, conflict);
      converged(pages, documents);
    },
  };

  /** @param {string} word @param {any[]} at */
  function twice(word, at) {
    const { how, copied, unseen, backAt } = words.get(word);
    // A row that one typed on in while another took it out, put it back and typed on in it, too, is two rows: two new rows
    // that have a word in common are not one either.
    if (unseen || (backAt && how === 'addRow')) return;
    const distinct = new Set(at.map(({ path }) => path));
    if (distinct.size < at.length) fail('doubled', `${word} (${how}) is ${at.length} times in ${[...distinct]}`);
    const active = at.filter(({ id, trashed }) => !trashed && !trash.has(id)).map(({ letter, path }) => `${letter} ${path}`);
    for (const letter of 'abcde') {
      const own = new Set(active.filter((one) => one[0] === letter));
      if (!copied && own.size > 1) fail('doubled', `${word} (${how}) is in ${[...own].map((one) => one.slice(2))}: a twin`);
    }
  }

  /** A conflict in a field that one page alone ever changed. */
  function withOneself(path, tool, conflict) {
    const end = conflict.path.split('.').slice(1).join('.');
    const field = [...authors.keys()].find((one) => one === `${tool} ${conflict.path}` || (end && one.startsWith(`${tool} `) && one.endsWith(`.${end}`)));
    if (field && authors.get(field)?.size === 1) fail('self-conflict', `${conflict.path} of ${path} is in conflict, and only ${[...(authors.get(field) ?? [])]} ever changed it`);
  }

  function locate(missing, documents, pages, saves) {
    const told = new Set(documents.flatMap(({ conflicts }) => (conflicts ?? []).map(({ save_id }) => save_id)));
    // What an expired session held open is named once, in the answer that begins the next: where that is lost, the page lists it.
    const expired = world.users.some(({ lostSession }) => lostSession);
    const inSaves = new Map();
    for (const save of saves) for (const word of wordsIn(save)) inSaves.set(word, [...(inSaves.get(word) ?? []), save]);
    for (const { word, how, chosenAway, status, at, home } of missing) {
      const kept = inSaves.get(word) ?? [];
      const label = `${word} (${how} while "${status}" in ${home}, ${Math.round(at - world.start)} ms)`;
      const page = pages.find(({ shown }) => shown.includes(word));
      const stuck = pages.find(({ stuck }) => stuck.includes(word));
      if (kept.some(({ id, reason }) => chosenAway || told.has(id) || named.has(id) || ['expired', 'before-restore'].includes(reason) || (reason === 'conflict' && expired) || (reason === 'quarantine' && unreadable))) continue;
      if (stuck) continue;
      if (kept.length) fail('hidden', `${label} is only in a save that no conflict names (${kept.map(({ reason }) => reason)})`);
      else if (page) fail('lost', `${label} is on the page ("${page.state}"), and nothing sends it`);
      else if (unreadable && pages.some(({ snapshots }) => snapshots.includes(word))) continue; // one that was told of
      else if (pages.some(({ browser }) => browser.includes(word))) fail('hidden', `${label} is only in the browser's storage`);
      else fail('lost', `${label} is nowhere`);
    }
  }

  function documentsOf(stored) {
    const letterFor = (uid) => world.users.find((user) => user.uid === uid)?.letter;
    const drafts = stored.sessions.flatMap((session) =>
      world.tools.map((tool) => ({ path: `${session['(path)']}/${tool}`, id: `draft of ${tool}`, tool, letter: letterFor(session.user_id), state: contentOf(session[tool]), conflicts: session[tool]?.conflicts })),
    );
    const projects = [...stored.cardgen_projects, ...stored.tool_projects].map((project) => ({
      path: project['(path)'], id: project.id, tool: project.tool ?? 'cardgenerator', letter: letterFor(project.user_id), state: project.state, trashed: project.trashed, conflicts: project.conflicts,
    }));
    return [...drafts, ...projects].filter(({ state }) => state);
  }

  function objectTwins(stored) {
    const origins = stored['dungeonmind-objects'].map(({ origin, user_id }) => origin?.project_id && `${user_id} ${origin.project_id}`).filter(Boolean);
    for (const origin of origins) if (origins.indexOf(origin) !== origins.lastIndexOf(origin)) fail('doubled', `two objects of one project: ${origin}`);
  }

  /** Tabs that show one document show the same, and what is stored. */
  function converged(pages, documents) {
    for (const { name, letter, works } of pages) {
      for (const { tool, home, state } of works) {
        const document = documents.find((one) => one.letter === letter && (home.kind === 'project' ? one.id === home.id : one.path.startsWith('sessions/') && one.tool === tool));
        const [here, there] = [wordsIn(state), wordsIn(document?.state ?? {})].map((list) => [...list].sort().join(' '));
        if (here !== there) fail('diverged', `${name} shows ${here || 'nothing'} in ${home.id ?? 'the draft'} of ${tool}; stored is ${there || 'nothing'}`);
      }
    }
  }

  function undeleted(tab, state) {
    const all = new Set(wordsIn(documentsOf(world.server.ask({ do: 'dump' })).map((one) => one.state)));
    for (const { words: gone, request } of tab.deletions) {
      const there = gone.find((word) => all.has(word) && isDeleted(words.get(word)) && !words.get(word).copied && !(words.get(word).stood >= request) && !screens(tab).includes(word));
      if (there) fail('lied', `${there} was taken out here and is stored still; the page says ${state}`);
    }
    tab.deletions = [];
  }
  return self;
}

/** A document's state without the bookkeeping in it. @param {any} map */
function contentOf(map) {
  if (!map) return null;
  const { conflicts, ...state } = map;
  return state;
}
