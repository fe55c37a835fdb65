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
  if (request.method === 'GET' && isOurs(new URL(request.url))) {
    event.respondWith(newest(request, (work) => event.waitUntil(work)));
  }
});

/** What a page had loaded before this worker was there. */
self.addEventListener('message', (event) => event.waitUntil(keep(event.data.filter((path) => isOurs(new URL(path, location.href))))));

/** From the network, so that a new version shows at once; without one, as it was. Where the disk is full or broken the
 *  network's answer is what counts: it is stored if there is room. @param {Request} request @param {(work: Promise<unknown>) => void} later */
async function newest(request, later) {
  try {
    const response = await fetch(request);
    if (response.ok) later(store(request, response.clone()));
    return response;
  } catch (error) {
    const kept = await stored(request);
    if (kept) return kept;
    throw error;
  }
}

/** An old file beside new ones would be no page: what cannot be brought up to date goes.
 *  @param {Request} request @param {Response} response */
async function store(request, response) {
  const etag = response.headers.get('ETag');
  try {
    const cache = await caches.open(KEPT);
    await cache.put(request, response).catch(async () => {
      const old = await cache.match(request);
      if (!etag || old?.headers.get('ETag') !== etag) await cache.delete(request);
    });
  } catch {
    // No cache at all: the page works, and does not open without a network.
  }
}

/** @param {Request} request @returns {Promise<Response | undefined>} */
const stored = (request) =>
  caches
    .open(KEPT)
    .then((cache) => cache.match(request, { ignoreSearch: true }))
    .catch(() => undefined);

/** @param {string[]} paths */
async function keep(paths) {
  const cache = await caches.open(KEPT).catch(() => undefined);
  await Promise.all(paths.map(async (path) => (await cache?.match(path)) || cache?.add(path).catch(() => {})));
}
