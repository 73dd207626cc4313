// Lets the page of a running attempt be opened again without network: that page and its own files, nothing else.
// The page itself puts them into a cache of its attempt and wipes it at the end; this worker only reads.

const PAGE = /^\/[a-z]{2}\/(?:attempts\/([0-9a-f-]{36})|rehearsal\/paper\/\d+)$/;
const REHEARSAL = "00000000-0000-0000-0000-000000000000";
const PATIENCE = 4000;

const kept = (address, name) => caches.match(address, name ? { cacheName: name } : {});

/** The network first; what was kept when it fails, or is too slow. */
async function page(request, path, attempt) {
  const coming = fetch(request);
  const slow = new Promise((done) => setTimeout(done, PATIENCE));
  try {
    const first = await Promise.race([coming, slow]);
    if (first && first.status < 500) return first;
  } catch (unreachable) { /* kept, then */ }
  return (await kept(path, `akim-${attempt}`)) || coming;
}

async function file(request) {
  return (await kept(request.url)) || fetch(request);
}

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  const attempt = PAGE.exec(pathname);
  if (attempt && request.mode === "navigate") event.respondWith(page(request, pathname, attempt[1] || REHEARSAL));
  else if (pathname.startsWith("/static/")) event.respondWith(file(request));
});
