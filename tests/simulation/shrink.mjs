/** The shortest script that still fails in the same way: steps left out, by halves and then one by one. */
const MOST = 200; // trials

/** @param {any} script @param {(script: any) => boolean} fails @returns {any} */
export function shrunk(script, fails) {
  let best = script;
  let trials = 0;
  const better = (steps, setup = best.setup) => {
    if (trials++ >= MOST) return false;
    const tried = { ...best, steps, setup };
    if (!fails(tried)) return false;
    best = tried;
    return true;
  };
  for (let size = best.steps.length >> 1; size >= 1; size >>= 1) {
    for (let at = best.steps.length - size; at > -size; at -= size) {
      const from = Math.max(0, at);
      better(best.steps.filter((_, i) => i < from || i >= from + size));
    }
  }
  const plain = Object.fromEntries(Object.entries(best.setup.devices).map(([name, one]) => [name, { ...(/** @type {any} */ (one)), skew: 0, faults: {} }]));
  better(best.steps, { ...best.setup, devices: plain });
  if (best.setup.tools.length > 1) better(best.steps, { ...best.setup, tools: best.setup.tools.slice(0, 1) });
  return best;
}

/** As `SCRIPT=` reads it: what there is, then a line a step. @param {any} script */
export const written = ({ seed, setup, steps }) => [{ seed, setup }, ...steps].map((line) => JSON.stringify(line)).join('\n');

/** @param {string} text */
export function read(text) {
  const [head, ...steps] = text.split('\n').filter((line) => line.trim().startsWith('{')).map((line) => JSON.parse(line));
  return { ...head, steps };
}
