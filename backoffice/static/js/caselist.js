// The list of cases renews itself when a case changes.

import { feed } from "./feed.js";

const list = document.querySelector("[data-caserows]");
let busy = false;
let again = false;

async function renew() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    const answer = await fetch(list.dataset.source, { credentials: "same-origin" });
    if (answer.ok && !answer.redirected && !list.contains(document.activeElement)) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      list.replaceChildren(...fresh.body.childNodes);
    }
  } catch { /* the feed's pill shows that we are not connected; the next event renews */ }
  busy = false;
  if (again) { again = false; setTimeout(renew, 100); }
}

feed.on("case", renew);
feed.on("state", (state) => { if (state === "up") renew(); });
