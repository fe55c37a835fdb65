import { h } from '../dom.js';

/** A text as paragraphs, one for each of its lines.
 *  @param {string} text */
export const paragraphs = (text) =>
  text
    .split(/\n+/)
    .filter((line) => line.trim())
    .map((line) => h('p', {}, line));
