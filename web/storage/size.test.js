import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const folder = new URL('./', import.meta.url);
const modules = readdirSync(folder).filter((name) => /^(?!.*\.test).*\.js$/.test(name));

// The issue "A package that makers install" wants 12 kB for the core; until then this is the bound.
test('all modules with idb-keyval take at most 28 kB, minified and gzipped', async () => {
  const entryPoints = [new URL('index.js', folder).pathname, new URL('react.js', folder).pathname];
  const options = { bundle: true, minify: true, format: 'esm', splitting: true, external: ['react'], write: false, outdir: 'out' };
  const { outputFiles } = await build({ entryPoints, ...options });
  const sizes = outputFiles.map(({ contents }) => gzipSync(contents).length);
  assert.ok(sizes.reduce((sum, size) => sum + size) <= 28_000, `they take ${sizes}`);
});

test('each served as it is, with its comments, they take less than 77 kB', () => {
  const files = [...modules.map((name) => new URL(name, folder)), new URL('../vendor/idb-keyval.js', folder)];
  const sum = files.reduce((all, file) => all + gzipSync(readFileSync(file)).length, 0);
  assert.ok(sum < 77_000, `they take ${sum}`);
});

test('a module is no longer than two pages, and the working copy than three', () => {
  const most = (/** @type {string} */ name) => (name === 'copy.js' ? 300 : 220);
  const long = modules.filter((name) => readFileSync(new URL(name, folder), 'utf8').split('\n').length > most(name));
  assert.deepEqual(long, []);
});
