/** server.py, asked synchronously: the world stands still while it answers. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const ROOT = new URL('../..', import.meta.url).pathname;

/** @param {{patches?: any[], loud?: boolean}} [options]  patches: of planted bugs; loud: what the functions log is shown */
export async function python({ patches = [], loud = false } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'simulation-'));
  const [requests, answers] = ['requests', 'answers'].map((name) => path.join(folder, name));
  if (spawnSync('mkfifo', [requests, answers]).status !== 0) throw new Error('mkfifo is needed: no such program here.');
  const command = [path.join(ROOT, '.venv/bin/python'), '-m', 'tests.simulation.server', requests, answers];
  const errors = openSync(path.join(folder, 'errors'), 'w+');
  const child = spawn(command[0], command.slice(1), { cwd: ROOT, env: { ...process.env, PATCHES: JSON.stringify(patches) }, stdio: ['ignore', loud ? 'inherit' : errors, loud ? 'inherit' : errors] });
  const ended = new Promise((_, reject) => child.once('exit', (code) => reject(new Error(`server.py ended (${code}): ${tail(errors)}`))));
  ended.catch(() => {});
  const [to, from] = await Promise.race([Promise.all([open(requests, 'w'), open(answers, 'r')]), ended]);
  const chunk = Buffer.alloc(1 << 16);
  /** @type {Buffer[]} */
  let read = [];

  function line() {
    for (;;) {
      const count = readSync(from.fd, chunk);
      if (!count) throw new Error(`server.py ended: ${tail(errors)}`);
      read.push(Buffer.from(chunk.subarray(0, count)));
      if (chunk[count - 1] !== 10) continue;
      const text = Buffer.concat(read).toString();
      read = [];
      return JSON.parse(text);
    }
  }

  const { project } = line();
  return {
    project,
    /** @param {Record<string, any>} asked */
    ask(asked) {
      const text = Buffer.from(`${JSON.stringify(asked)}\n`);
      for (let sent = 0; sent < text.length; ) sent += writeSync(to.fd, text, sent);
      return line();
    },
    async end() {
      child.removeAllListeners('exit');
      const gone = new Promise((resolve) => child.once('exit', resolve));
      await to.close();
      await gone;
      await from.close();
      closeSync(errors);
      rmSync(folder, { recursive: true });
    },
  };
}

/** The last of a log. @param {number} file */
function tail(file) {
  const buffer = Buffer.alloc(1 << 20);
  return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, 0)).toString().slice(-2000);
}

/** An ID token as the Auth emulator issues them. @param {string} project @param {{uid: string, guest: boolean}} user @param {number} seconds  it is good for */
export function idToken(project, { uid, guest }, seconds) {
  const at = Math.floor(Date.now() / 1000);
  const firebase = { identities: {}, sign_in_provider: guest ? 'anonymous' : 'password' };
  const name = guest ? {} : { name: `Name of ${uid}` };
  const claims = { iss: `https://securetoken.google.com/${project}`, aud: project, sub: uid, user_id: uid, auth_time: at, iat: at, exp: at + seconds, firebase, ...name };
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
}
