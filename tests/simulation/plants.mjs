/** Bugs planted by name, each with a seed that catches it: in web/storage by a text that is replaced when it is loaded, in the
 *  functions by a flag that server.py reads (plants.py). */

/** @type {Record<string, {seed: number, patches?: {file: string, find: string, replace: string}[], server?: boolean}>} */
export const PLANTS = {};
