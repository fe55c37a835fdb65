/** The words that people typed: each occurs once, and says whose it is (`aw12` was typed by user a, `nw3` before anybody came). */
const WORD = /\b[a-en]w\d+\b/g;

/** The words in a text, or in anything that JSON can say, with repetitions. @param {any} value @returns {string[]} */
export const wordsIn = (value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).match(WORD) ?? [];

/** @param {string} word */
export const letterOf = (word) => word[0];
