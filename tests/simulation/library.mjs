/** web/storage as one function of the globals that it uses: compiled once, called for each tab.
 *
 *  A module's own context for each tab would cost ten times as much as all that the tab does. */
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import vm from 'node:vm';
import { ROOT } from './python.mjs';

/** What a page of the library may use of its browser: browser.mjs gives these, and any other name is not there. */
export const GLOBALS = [
  'globalThis', 'window', 'self', 'document', 'location', 'navigator', 'addEventListener', 'removeEventListener', 'dispatchEvent', 'indexedDB',
  'IDBKeyRange', 'localStorage', 'sessionStorage', 'BroadcastChannel', 'crypto', 'fetch', 'Date', 'Math', 'performance', 'AbortSignal', 'setTimeout',
  'clearTimeout', 'setInterval', 'clearInterval', 'requestAnimationFrame', 'requestIdleCallback', 'setImmediate', 'MessageChannel', 'process', 'require', 'WebSocket', 'EventSource',
];

/** @param {{file: string, find: string, replace: string}[]} [patches]  of planted bugs: each must fit exactly once
 *  @returns {Promise<(globals: Record<string, any>) => typeof import('../../web/storage/index.js')>} */
export async function library(patches = []) {
  const left = new Set(patches);
  const planted = {
    name: 'planted bugs',
    setup: (esbuild) =>
      esbuild.onLoad({ filter: /web\/storage\/[^/]*\.js$/ }, async (args) => {
        let contents = await readFile(args.path, 'utf8');
        for (const patch of patches.filter(({ file }) => path.join(ROOT, file) === args.path)) {
          left.delete(patch);
          contents = patched(contents, patch);
        }
        return { contents, loader: 'js' };
      }),
  };
  const entry = path.join(ROOT, 'web/storage/index.js');
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: 'iife', globalName: 'library', write: false, charset: 'utf8', plugins: [planted], logLevel: 'silent' });
  for (const { file, find } of left) throw new Error(`A planted bug is for ${file}, which is not loaded: ${find}`);
  const names = [...GLOBALS, 'console'];
  const made = vm.runInThisContext(`(function (${names}) {${outputFiles[0].text}\nreturn library; })`, { filename: 'web-storage.js' });
  return (globals) => made(...names.map((name) => globals[name]));
}

/** @param {string} text @param {{file: string, find: string, replace: string}} patch */
export function patched(text, { file, find, replace }) {
  const count = text.split(find).length - 1;
  if (count !== 1) throw new Error(`A planted bug must fit exactly once: found ${count} times in ${file}: ${find}`);
  return text.replace(find, () => replace);
}
