// What every page does: show what is connected, come back by itself, send again what could not be sent.

import { announce, t } from "./lib.js";
import { renew } from "./news.js";
import { feed } from "./feed.js";

const pill = (name) => document.querySelector(`[data-pill=${name}]`);

function show(name, state) {
  const node = pill(name);
  if (!node) return;
  node.dataset.state = state;
  node.title = `${t(`pill.${name}_title`)} ${t(`pill_state.${state}`)}`;
}

function banner(name, up) {
  const node = document.querySelector(`[data-banner=${name}]`);
  if (node) node.hidden = up;
}

const path = document.body.dataset.feed;
if (path) {
  feed.on("state", (state) => {
    show("feed", state);
    if (state !== "up") { show("bridge", "connecting"); show("store", "connecting"); }
  });
  feed.on("store", ({ ok }) => { show("store", ok ? "up" : "down"); banner("store", ok); });
  feed.on("bridge", ({ ok }) => {
    show("bridge", ok ? "up" : "down");
    banner("bridge", ok || !document.querySelector("[data-seat]"));
  });
  feed.on("news", renew);
  feed.on("state", (state) => { if (state === "up") renew(); });
  feed.start(path);
}

document.addEventListener("gridline:bye", () => {
  announce(t("error.logged_out"), true);
  setTimeout(() => { location.href = `/login?next=${encodeURIComponent(location.pathname)}`; }, 3000);
}, { once: true });

for (const form of document.querySelectorAll("form[data-retry]")) {
  setTimeout(() => form.requestSubmit(), Number(form.dataset.retry) * 1000);
}

// A form that does something to a case goes once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  setTimeout(() => { delete form.dataset.sent; }, 5000);
});

// A menu of the bar is closed by a click beside it, by Escape, and by another that opens.
const menus = [...document.querySelectorAll("details.menu")];
const shut = (but) => { for (const one of menus) if (one !== but) one.open = false; };
document.addEventListener("click", (event) => shut(event.target.closest?.("details.menu")));
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && menus.find((one) => one.open);
  if (!open) return;
  shut(null);
  open.querySelector("summary").focus();
});

