/** What many schedules found, and how much they tried: a rate below its floor fails the run, as a hunt that tries nothing finds nothing. */
import { KINDS } from './network.mjs';

/** The last line's words, and which kinds of failure each counts. */
const LINE = {
  lost: ['lost', 'broken'],
  hidden: ['hidden'],
  doubled: ['doubled', 'self-conflict'],
  leaked: ['leaked'],
  lied: ['lied', 'loop', 'server'],
  diverged: ['diverged', 'nondeterministic'],
};

/** A schedule, at least. */
const FLOORS = { steps: 35, words: 12, faults: 2.5, merges: 1.5, conflicts: 0.2, replays: 0.15, recoveries: 0.5, choices: 0.05 };

export function tally() {
  /** @type {Record<string, number>} */
  const kinds = {};
  /** @type {Record<string, number>} */
  const rates = {};
  const uncaught = new Map();
  let failing = 0;
  return {
    /** @param {any} result */
    add(result) {
      for (const { kind } of result.failures) kinds[kind] = (kinds[kind] ?? 0) + 1;
      for (const [name, count] of Object.entries(result.rates)) rates[name] = (rates[name] ?? 0) + count;
      for (const text of result.uncaught) uncaught.set(text.split('\n')[0], (uncaught.get(text.split('\n')[0]) ?? 0) + 1);
      failing += result.failures.length ? 1 : 0;
    },
    /** @returns {boolean} whether nothing was found, and enough was tried */
    print({ count, took, caught, of, floors }) {
      const rate = (name) => ((rates[name] ?? 0) / count).toFixed(2);
      const names = Object.keys(rates).filter((name) => !name.startsWith('fault '));
      console.log(`\na schedule: ${names.map((name) => `${rate(name)} ${name}`).join(', ')}; ${Math.round(took / count)} ms`);
      console.log(`faults fired: ${Object.entries(rates).filter(([name]) => name.startsWith('fault ')).map(([name, n]) => `${n} ${name.slice(6)}`).join(', ')}`);
      for (const [text, n] of uncaught) console.log(`uncaught, ${n} times: ${text}`);
      const low = floors ? Object.entries(FLOORS).filter(([name, floor]) => (rates[name] ?? 0) / count < floor) : [];
      const never = floors && count >= 300 ? KINDS.filter((kind) => !rates[`fault ${kind}`]) : [];
      for (const [name, floor] of low) console.log(`too few ${name}: ${rate(name)} a schedule, and ${floor} are the least`);
      for (const kind of never) console.log(`the fault ${kind} never fired`);
      if (failing) console.log(`${failing} schedules failed: ${Object.entries(kinds).map(([kind, n]) => `${n} ${kind}`).join(', ')}`);
      const sums = Object.entries(LINE).map(([word, all]) => `${all.reduce((sum, kind) => sum + (kinds[kind] ?? 0), 0)} ${word}`);
      console.log(`${count} schedules, ${sums.join(', ')}, ${caught} of ${of} planted bugs caught`);
      return !failing && !low.length && !never.length && caught === of;
    },
  };
}
