// The Auth emulator of firebase-tools without the rest of its command line: node local/auth.cjs PROJECT PORT
// It is an internal module of theirs, so package.json pins the version.
const { default: api } = require('firebase-tools/lib/emulator/auth/apiSpec');

// What no page or test here calls. Compiling the checks of these routes took 5 of the 8 seconds that a start took.
const unused = /\/tenants|\/mfa|\/passkey|^\/v2\/projects\//;
for (const path of Object.keys(api.paths)) if (unused.test(path)) delete api.paths[path];

const { SingleProjectMode } = require('firebase-tools/lib/emulator/auth');
const { createApp } = require('firebase-tools/lib/emulator/auth/server');

const [project, port] = process.argv.slice(2);
createApp(project, SingleProjectMode.WARNING).then((app) => app.listen(Number(port), '127.0.0.1'));
