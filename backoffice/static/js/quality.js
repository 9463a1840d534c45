// A review by keyboard: a digit for each item, the time of the recording beside it, a draft that is kept by itself.

import { clock, csrf, put, t } from "./lib.js";
import { types } from "./shortcuts.js";

const form = document.querySelector("[data-scoreform]");
const player = document.querySelector("[data-player]");
const told = document.querySelector("[data-sofar]");
const LATER = 800;
let sent = false;
let dirty = false;
let timer = 0;

// -- the player: its own controls are asked and moved ------------------------------------------------------------------

const seek = () => player?.querySelector("[data-seek]");
const playing = () => Number(player?.querySelector("audio")?.currentTime ?? seek()?.value ?? 0);

function go(seconds) {
  const bar = seek();
  if (!bar) return;
  bar.value = seconds;
  bar.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The seconds of "1:23" or "1:02:03". */
const seconds = (text) => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

document.addEventListener("click", (event) => {
  const at = event.target.closest("[data-goto]");
  if (at) go(seconds(at.dataset.goto));
});

// -- the items ---------------------------------------------------------------------------------------------------------

const items = form ? [...form.querySelectorAll("[data-item]")] : [];
const unmarked = (item) => !item.querySelector("input[type=radio]:checked");
let now = items.find(unmarked) ?? items[0];

function show(item, scroll = false) {
  if (!item) return;
  now = item;
  for (const one of items) one.toggleAttribute("data-now", one === now);
  if (scroll) now.scrollIntoView({ block: "nearest" });
}

function mark(value) {
  const box = now?.querySelector(`input[type=radio][value="${value}"]`);
  if (!box) return false;
  box.checked = true;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  show(items[items.indexOf(now) + 1] ?? now, true);
  return true;
}

function stamp(item) {
  const field = item?.querySelector("input.second");
  if (!field || !player) return;
  field.value = clock(playing());
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

const walk = (step) => show(items[Math.min(Math.max(items.indexOf(now) + step, 0), items.length - 1)], true);

form?.addEventListener("focusin", (event) => {
  const item = event.target.closest("[data-item]");
  if (item) show(item);
});
form?.addEventListener("click", (event) => {
  const item = event.target.closest("[data-item]");
  if (item) show(item);
  if (event.target.closest("[data-stamp]")) stamp(item);
});

// -- the draft ---------------------------------------------------------------------------------------------------------

async function save() {
  if (!form?.dataset.draft || sent) return;
  const body = new URLSearchParams(new FormData(form));
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body, credentials: "same-origin", headers: { "X-CSRF": csrf(), Accept: "application/json" } });
    const said = await answer.json();
    if (!answer.ok) put(told, said.text);
    else {
      dirty = false;
      put(told, `${t("quality.so_far", { percent: said.percent })} · ${t("quality.draft_saved", { at: said.saved })}`);
    }
  } catch {
    put(told, t("error.no_answer"));
  }
}

function changed() {
  dirty = true;
  clearTimeout(timer);
  timer = setTimeout(save, LATER);
}

form?.addEventListener("input", changed);
form?.addEventListener("change", changed);
form?.addEventListener("submit", (event) => {
  if (sent) event.preventDefault();
  sent = true;
  clearTimeout(timer);
});
addEventListener("pageshow", () => { sent = false; });
addEventListener("beforeunload", (event) => { if (dirty && !sent) event.preventDefault(); });

// -- keys --------------------------------------------------------------------------------------------------------------

const typesText = (node) => types(node) && node.type !== "radio";

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey && form?.dataset.draft) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.isComposing || typesText(event.target)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  let done = true;
  if (key === "p" && player) player.querySelector("[data-play]")?.click();
  else if (!form) done = false;
  else if (/^[0-9]$/.test(key)) done = mark(key);
  else if (key === "x") done = mark("skip");
  else if (key === "m") stamp(now);
  else if (key === "j" || key === "n") walk(1);
  else if (key === "k") walk(-1);
  else done = false;
  if (done) event.preventDefault();
});

show(now);
