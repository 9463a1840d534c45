// The list of handsets, fetched anew while somebody looks at it, and as soon as they look again.

import { fetched, swap } from "./fragment.js";

const EVERY = 20_000; // milliseconds

async function renew() {
  if (document.hidden) return;
  const page = await fetched(location.href);
  for (const part of document.querySelectorAll("[data-fresh]")) {
    const fresh = page?.querySelector(`[data-fresh="${part.dataset.fresh}"]`);
    // Whoever walks the list by keyboard keeps their place.
    if (fresh && !part.contains(document.activeElement)) swap(part, fresh);
  }
}

setInterval(renew, EVERY);
document.addEventListener("visibilitychange", renew);
