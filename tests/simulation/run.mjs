/** `make simulate`: plays schedules in worker processes and says what they found. README.md has the options. */
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { PLANTS } from './plants.mjs';
import { tally } from './report.mjs';
import { read } from './shrink.mjs';

const env = process.env;
const LANE = 300; // the seeds 1 to 300, in `make test`
const TWICE = 50; // every so many seeds: the same trace again
const SHRUNK = Number(env.SHRINK ?? 2); // failing seeds of each kind that are shrunk
const SEARCHED = 120; // seeds for a planted bug that its own seed does not catch any more

/** A worker, one question at a time. */
function worker() {
  const child = fork(new URL('./worker.mjs', import.meta.url), { stdio: 'inherit' });
  /** @type {((answer: any) => void)[]} */
  const waiting = [];
  child.on('message', (answer) => waiting.shift()?.(answer));
  child.on('exit', (code, signal) => (code || signal) && waiting.splice(0).forEach((done) => done({ error: `a worker ended (${code ?? signal})` })));
  return {
    /** @param {any} question @returns {Promise<any>} */
    async ask(question) {
      const answer = await new Promise((resolve) => (waiting.push(resolve), child.send(question)));
      if (answer.error && !question.plant) throw new Error(`seed ${question.seed ?? question.script?.seed}: ${answer.error}`);
      return answer;
    },
    end: () => child.disconnect(),
  };
}

/** Runs every question on whichever worker is free. @param {ReturnType<typeof worker>[]} workers @param {Iterator<any>} questions @param {(answer: any, question: any, worker: any) => Promise<void> | void} heard */
async function onAll(workers, questions, heard) {
  await Promise.all(
    workers.map(async (one) => {
      for (let next = questions.next(); !next.done; next = questions.next()) await heard(await one.ask(next.value), next.value, one);
    }),
  );
}

async function script(file) {
  const one = worker();
  const result = await one.ask({ script: read(readFileSync(file, 'utf8')), trace: env.BODIES ? 'bodies' : true, plant: env.PLANT });
  console.log([...result.lines, ...result.uncaught].join('\n'));
  for (const { kind, what } of result.failures) console.log(`${kind}: ${what}`);
  one.end();
  return result.failures.length === 0;
}

async function schedules({ from, count, plant = '', workers }) {
  const totals = tally();
  /** @type {Record<string, number>} */
  const shown = {};
  const started = Date.now();
  const questions = (function* () {
    for (let seed = from; seed < from + count; seed++) yield { seed, plant, twice: seed % TWICE === 0 };
  })();
  await onAll(workers, questions, async (answer, question, one) => {
    totals.add(answer);
    if (!answer.failures.length) return;
    const [{ kind }] = answer.failures;
    const more = (shown[kind] = (shown[kind] ?? 0) + 1) > SHRUNK;
    if (more && !env.ALL) return;
    console.log(`\nseed ${question.seed}:`);
    for (const found of answer.failures.slice(0, 8)) console.log(`  ${found.kind}: ${found.what}`);
    if (more) return;
    const { script, shrunkTo } = await one.ask({ ...question, twice: false, shrink: true });
    console.log(`shortest script (${shrunkTo} steps; save it, then: make simulate SCRIPT=file${plant ? ` PLANT=${plant}` : ''})\n${script}`);
  });
  return { totals, took: Date.now() - started };
}

/** Whether each planted bug is found, and the same schedule without it finds nothing. */
async function planted(workers) {
  /** @type {string[]} */
  const caught = [];
  const isServers = (name) => PLANTS[name].patches.some(({ file }) => file.endsWith('.py'));
  const names = Object.keys(PLANTS).sort((one, other) => Number(isServers(one)) - Number(isServers(other)));
  await onAll(workers, names.map((name) => ({ seed: PLANTS[name].seed, plant: name })).values(), async (answer, { plant, seed }, one) => {
    if (answer.error) return console.log(`planted: ${plant}: ${answer.error.split('\n').find((line) => line.includes('exactly once')) ?? answer.error}`);
    const others = Array.from({ length: SEARCHED }, (_, i) => i + 1).filter((one) => one !== seed);
    for (const next of [seed, ...others]) {
      const found = next === seed ? answer : await one.ask({ seed: next, plant });
      if (!found.failures.length || (await one.ask({ seed: next })).failures.length) continue;
      caught.push(plant);
      const [{ kind, what }] = found.failures;
      return console.log(`planted: ${plant}: caught by seed ${next}${next === seed ? '' : ` (no longer by ${seed})`}: ${kind}: ${what}`);
    }
    console.log(`planted: ${plant}: NOT caught by seed ${seed}, nor by 1 to ${SEARCHED}`);
  });
  return caught.length;
}

async function main() {
  if (env.SCRIPT) return script(env.SCRIPT);
  const count = Number(env.SCHEDULES ?? LANE);
  const fresh = 1000 * (Math.floor(Date.now() / 60_000) % 1_000_000); // moves by run: a window that nobody has seen
  const from = Number(env.SEED ?? (env.LANE ? 1 : fresh));
  const workers = Array.from({ length: Number(env.WORKERS ?? 2) }, worker);
  if (env.PLANT && !PLANTS[env.PLANT]) throw new Error(`No planted bug is called ${env.PLANT}: ${Object.keys(PLANTS).join(', ')}`);
  console.log(`seeds ${from} to ${from + count - 1}${env.PLANT ? ` with ${env.PLANT} planted` : ''}`);
  const { totals, took } = await schedules({ from, count, plant: env.PLANT, workers });
  const caught = env.PLANT || env.PLANTS === '0' ? 0 : await planted(workers);
  for (const one of workers) one.end();
  const of = env.PLANT || env.PLANTS === '0' ? 0 : Object.keys(PLANTS).length;
  return totals.print({ count, took, caught, of, floors: count >= 100 && !env.PLANT });
}

main().then((good) => (process.exitCode = good ? 0 : 1), (error) => (console.error(error), process.exit(1)));
