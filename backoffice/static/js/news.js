// What every page shows beside its own: how many messages are not read, and the announcements.

import { el, get, post, put, t } from "./lib.js";

const count = document.querySelector("[data-unread]");
const board = document.querySelector("[data-announcements]");
let busy = false;
let again = false;

/** Ask what there is and show it. */
export async function renew() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    show(await get("/api/news"));
  } catch { /* the pills show that we are not connected; the next event asks again */ }
  busy = false;
  if (again) { again = false; setTimeout(renew, 150); }
}

function show(news) {
  if (count) {
    put(count, news.unread);
    count.title = t("message.unread", { count: news.unread });
    count.hidden = news.unread === 0;
  }
  if (!board) return;
  board.replaceChildren(...news.announcements.map((one) => {
    const button = el("button", { type: "button", "data-testid": "announcement-read" }, t("announcement.read"));
    button.addEventListener("click", async () => {
      button.disabled = true;
      try { await post(`/api/announcements/${one.id}/read`); } finally { renew(); }
    });
    return el("p", { "data-testid": "announcement" }, el("bdi", {}, one.text), button);
  }));
  board.hidden = news.announcements.length === 0;
}
