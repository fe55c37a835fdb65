// The Auth emulator of firebase-tools without the rest of its command line: node local/auth.cjs PROJECT PORT
// It is an internal module of theirs, so package.json pins the version.
const { default: api } = require('firebase-tools/lib/emulator/auth/apiSpec');

// Nearly all of a start, 8 seconds, went into compiling the checks of requests and answers. So: none for the routes that no
// page or test here calls, and ajv without its optimizing pass, which is longer than what it saves.
const unused = /\/tenants|\/mfa|\/passkey|^\/v2\/projects\//;
for (const path of Object.keys(api.paths)) if (unused.test(path)) delete api.paths[path];

const express = require.resolve('exegesis-express');
const ajv = require(require.resolve('ajv', { paths: [require.resolve('exegesis', { paths: [express] })] }));
ajv.default = class extends ajv.default {
  constructor(options) {
    super({ ...options, code: { ...options?.code, optimize: false } });
  }
};

const { SingleProjectMode } = require('firebase-tools/lib/emulator/auth');
const { createApp } = require('firebase-tools/lib/emulator/auth/server');

const [project, port] = process.argv.slice(2);
createApp(project, SingleProjectMode.WARNING).then((app) => app.listen(Number(port), '127.0.0.1'));
