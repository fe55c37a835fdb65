/** node tests/simulation/run.mjs: plays schedules, prints what they found. README.md has the options. */
import { library } from './library.mjs';
import { plan } from './plan.mjs';
import { play } from './play.mjs';
import { python } from './python.mjs';

const env = process.env;
const server = await python({ loud: Boolean(env.LOUD) });
const made = await library();
process.on('unhandledRejection', (error) => { rejections.push(String(error?.stack ?? error)); });
process.on('uncaughtException', (error) => { rejections.push(`X ${error.stack}`); });
const rejections = [];
const from = Number(env.SEED ?? 1), count = Number(env.SCHEDULES ?? 20);
const t = Date.now();
const totals = {}, byKind = {}, samples = {};
const later = () => new Promise((resolve) => setImmediate(resolve));
for (let seed = from; seed < from + count; seed++) {
  await later();
  await new Promise((resolve, reject) => setImmediate(() => {
    try {
      const result = play(plan(seed, { calm: Boolean(env.CALM) }), { server, library: made, trace: Boolean(env.SHOW) });
      if (env.SHOW) console.log(result.lines.join('\n'));
      if (env.SHOW || env.TWICE) console.log(result.trace);
      for (const [name, n] of Object.entries(result.rates)) totals[name] = (totals[name] ?? 0) + n;
      for (const { kind, what } of result.failures) { byKind[kind] = (byKind[kind] ?? 0) + 1; (samples[kind] ??= []).push(`${seed}: ${what}`); }
      resolve();
    } catch (error) { console.error(error); process.exit(1); }
  }));
}
console.log(totals); console.log(byKind);
for (const [kind, list] of Object.entries(samples)) console.log(kind, list.slice(0, Number(env.N ?? 5)));
console.log('rejections', rejections.length, [...new Set(rejections)].slice(0, 5));
console.log((Date.now() - t) / count, 'ms each');
await server.end();
