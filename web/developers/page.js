/** The page: what runs here, the first two commands, and the API's routes as its description has them. */

import { routesByTag } from './routes.js';

/** @param {string} tag @param {Record<string, string>} attributes @param {...(Node | string)} children */
function element(tag, attributes, ...children) {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...children);
  return made;
}

async function json(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} answers ${response.status}`);
  return response.json();
}

function showStack({ hosting, project, firestore, auth }) {
  const facts = { Page: hosting, Project: project, Firestore: firestore, Auth: auth ?? 'not running' };
  const entries = Object.entries(facts).flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]);
  document.querySelector('#stack dl').append(...entries);
  document.querySelector('#stack').hidden = false;
  if (!auth) return;
  document.querySelector('#sign-in').textContent =
    `TOKEN=$(curl -s -H 'Content-Type: application/json' -d '{}' ` +
    `'http://${auth}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=local' | ` +
    `sed -n 's/.*"idToken": *"\\([^"]*\\)".*/\\1/p')`;
  document.querySelector('#first-call').textContent =
    `curl -i -X PUT -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{}' ${hosting}/api/session`;
}

function showRoutes(description) {
  const groups = routesByTag(description).flatMap(({ tag, about, routes }) => [
    element('h3', {}, tag),
    ...(about ? [element('p', {}, about)] : []),
    element('ul', { className: 'routes' }, ...routes.map(routeItem)),
  ]);
  document.querySelector('#api').replaceChildren(...groups);
  const source = element('a', { href: '/__/openapi.json' }, 'OpenAPI description');
  document.querySelector('#api-source').replaceChildren('From the ', source, '.');
}

function routeItem({ method, path, summary }) {
  const says = summary ? [element('p', {}, ...marked(summary))] : [];
  const breakable = path.split(/(?<=\/)/).flatMap((part) => [part, element('wbr', {})]);
  return element('li', {}, element('code', { className: 'method' }, method), element('code', {}, ...breakable), ...says);
}

/** What stands between backticks becomes code. */
function marked(text) {
  return text.split('`').map((part, i) => (i % 2 ? element('code', {}, part) : part));
}

// Neither file exists where the page is deployed: there the first steps and the list stay as the page has them.
json('/__/stack.json').then(showStack, () => {});
json('/__/openapi.json').then(showRoutes, (reason) => {
  document.querySelector('#api-source').textContent = `The description cannot be read here (${reason.message}); it is docs/openapi.json.`;
});
