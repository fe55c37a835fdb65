/** The service worker: the page opens without a network, from its own files as they were seen last.
 *
 *  What people made is not here: the API is never answered from this cache, and its calls pass by untouched. */

const KEPT = 'page';

/** @param {URL} url */
const isOurs = (url) => url.origin === location.origin && !url.pathname.startsWith('/api/');

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'GET' && isOurs(new URL(request.url))) event.respondWith(newest(request));
});

/** What a page had loaded before this worker was there. */
self.addEventListener('message', (event) => event.waitUntil(keep(event.data.filter((path) => isOurs(new URL(path, location.href))))));

/** From the network, so that a new version shows at once; without one, as it was. @param {Request} request */
async function newest(request) {
  const cache = await caches.open(KEPT);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

/** @param {string[]} paths */
async function keep(paths) {
  const cache = await caches.open(KEPT);
  await Promise.all(paths.map(async (path) => (await cache.match(path)) || cache.add(path).catch(() => {})));
}
