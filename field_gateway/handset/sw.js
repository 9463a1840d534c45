/** The app without a network: every file of one version is in the phone's store before that version is used. */
const STAMP = "";
const FILES = [];
const NAME = `gridline-${STAMP}`;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(NAME);
    // All of them, past the browser's own store, or this version is not taken.
    await cache.addAll(FILES.map((path) => new Request(path, { cache: "no-cache" })));
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("gridline-") && name !== NAME) await caches.delete(name);
    await self.clients.claim();
  })());
});

// A new version waits until the page says so: a page never gets half of each.
self.addEventListener("message", (event) => event.data === "take-over" && self.skipWaiting());

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin || url.pathname.startsWith("/field/")) return;
  event.respondWith((async () => {
    const cache = await caches.open(NAME);
    const path = event.request.mode === "navigate" ? "/" : url.pathname;
    return (await cache.match(path)) ?? fetch(event.request);
  })());
});
