/** The engraving of a card without a picture: a guilloche, as on banknotes, that no other name has. */

import { svg } from '../dom.js';

const POINTS = 240; // a line of them looks like a curve
const CENTRE = 100;

/** @param {string} name @param {string} monogram  what stands in its middle @param {number} fineness  1 for a card, less where it is small */
export function rosette(name, monogram, fineness = 1) {
  const random = dice(name.trim().toLowerCase());
  const petals = 5 + Math.floor(random() * 8);
  const rings = [
    ring(petals, 84, 10, 6 * fineness),
    ring(petals + 3 + Math.floor(random() * 5), 62, 15, 8 * fineness),
    ring(petals, 40, 7, 5 * fineness),
  ];
  const lines = rings.flat().map((d) => svg('path', { d }));
  const letter = svg('text', { x: CENTRE, y: CENTRE, dy: '0.36em', 'text-anchor': 'middle' });
  letter.textContent = monogram;
  return svg('svg', { viewBox: '0 0 200 200', class: 'rosette', 'aria-hidden': 'true' }, ...lines, letter);
}

/** Waves around a circle, each turned a little further.
 *  @param {number} petals @param {number} radius @param {number} depth @param {number} count */
function ring(petals, radius, depth, count) {
  const lines = Math.ceil(count);
  return Array.from({ length: lines }, (_, turn) => {
    const shift = (turn / lines) * 2 * Math.PI;
    const points = Array.from({ length: POINTS }, (_, i) => {
      const angle = (i / POINTS) * 2 * Math.PI;
      const reach = radius + depth * Math.sin(petals * angle + shift);
      return `${(CENTRE + reach * Math.cos(angle)).toFixed(1)} ${(CENTRE + reach * Math.sin(angle)).toFixed(1)}`;
    });
    return `M${points.join('L')}Z`;
  });
}

/** The same numbers for the same text (FNV-1a, then xorshift).
 *  @param {string} text */
function dice(text) {
  let seed = 2166136261;
  for (const letter of text) seed = Math.imul(seed ^ (letter.codePointAt(0) ?? 0), 16777619);
  return () => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return (seed >>> 0) / 2 ** 32;
  };
}
