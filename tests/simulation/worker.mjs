/** A process that plays schedules for run.mjs: one server.py, one web/storage for each planted bug that is asked for.
 *
 *  It is asked {id, seed | script, calm, plant, twice, trace, shrink} and answers {id, ...result}. */
import { library } from './library.mjs';
import { plan } from './plan.mjs';
import { play } from './play.mjs';
import { PLANTS } from './plants.mjs';
import { python } from './python.mjs';
import { shrunk, written } from './shrink.mjs';

/** @type {Map<string, any>} by the planted bug */
const libraries = new Map();
/** @type {{plant: string, server: Awaited<ReturnType<typeof python>>} | null} */
let running = null;
/** @type {string[]} */
let uncaught = [];
process.on('unhandledRejection', (error) => void uncaught.push(String(/** @type {any} */ (error)?.stack ?? error)));
process.on('uncaughtException', (error) => void uncaught.push(error.stack ?? error.message)); // of a listener, which the library reports so

/** @param {string} plant */
async function ready(plant) {
  const patches = plant ? PLANTS[plant].patches : [];
  const [ofClient, ofServer] = [true, false].map((isJs) => patches.filter(({ file }) => file.endsWith('.js') === isJs));
  const wanted = ofServer.length ? plant : '';
  if (running?.plant !== wanted) {
    await running?.server.end();
    running = { plant: wanted, server: await python({ patches: ofServer, loud: Boolean(process.env.LOUD) }) };
  }
  const client = ofClient.length ? plant : '';
  if (!libraries.has(client)) libraries.set(client, await library(ofClient));
  return { server: running.server, library: libraries.get(client) };
}

/** @param {any} asked @param {any} parts */
function answer({ seed, script = plan(seed, { calm: false }), twice, trace, shrink }, parts) {
  uncaught = [];
  const result = play(script, { ...parts, trace });
  const once = [...uncaught];
  if (twice) {
    const again = play(script, { ...parts, trace });
    if (again.trace !== result.trace) result.failures.push({ kind: 'nondeterministic', what: differing(script, parts), at: 0 });
  }
  const [first] = result.failures;
  const shortest = shrink && first && shrunk(script, (tried) => play(tried, parts).failures.some(({ kind }) => kind === first.kind));
  return { ...result, uncaught: once, script: shortest ? written(shortest) : undefined, shrunkTo: shortest?.steps.length };
}

function differing(script, parts) {
  const [one, other] = [0, 1].map(() => play(script, { ...parts, trace: true }).lines);
  const at = one.findIndex((line, i) => line !== other[i]);
  return `${one[at]} | ${other[at]}`;
}

process.on('message', async (/** @type {any} */ asked) => {
  const parts = await ready(asked.plant ?? '').catch((error) => process.send?.({ id: asked.id, error: error.stack }));
  // A schedule runs synchronously, from a callback: see clock.mjs.
  if (parts?.server) setImmediate(() => process.send?.({ id: asked.id, ...safely(asked, parts) }));
});

function safely(asked, parts) {
  try {
    return answer(asked, parts);
  } catch (error) {
    return { error: /** @type {Error} */ (error).stack };
  }
}

process.on('disconnect', async () => {
  await running?.server.end();
  process.exit(0);
});
