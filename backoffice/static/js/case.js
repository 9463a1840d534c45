// The case page: renews what changed, never what somebody is typing in or listening to.

import { announce, t } from "./lib.js";
import { feed } from "./feed.js";
import { Player } from "./player.js";

const page = document.querySelector("[data-casepage]");
const players = new Map();
let busy = false;
let again = false;

function dress() {
  for (const node of page.querySelectorAll("[data-player]")) {
    if (!players.has(node)) players.set(node, new Player(node));
  }
}

// A reason that is offered goes into the field of its form, after what is there.
page.addEventListener("click", (event) => {
  const offered = event.target.closest("[data-put]");
  const field = offered?.closest("form").elements.reason;
  if (!field) return;
  field.value = [field.value.trim(), offered.dataset.put].filter(Boolean).join("\n");
  field.focus();
});

function inUse(section) {
  if (section.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) return true;
  if ([...section.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=range])")].some((field) => field.value !== field.defaultValue)) return true;
  return [...players].some(([node, player]) => section.contains(node) && player.opened);
}

async function renew() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    const answer = await fetch(page.dataset.part, { credentials: "same-origin" });
    if (answer.ok && !answer.redirected) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const section of page.querySelectorAll("[data-live]")) {
        const next = fresh.querySelector(`[data-live="${section.dataset.live}"]`);
        if (!next || same(section, next)) continue;
        if (inUse(section)) {
          if (section.dataset.live === "actions" && section.dataset.version !== next.dataset.version) announce(t("case.changed"), true);
          continue;
        }
        section.replaceWith(next);
      }
      dress();
    }
  } catch { /* the pills show that we are not connected; the next event renews */ }
  busy = false;
  if (again) { again = false; setTimeout(renew, 150); }
}

function same(one, other) {
  const text = (node) => node.innerHTML.replaceAll(/name="order" value="[^"]*"/g, "").replaceAll(/(width|height)="\d+"/g, "");
  return text(one) === text(other);
}

dress();
feed.on("case", (event) => { if (event.case === page.dataset.casepage) renew(); });
feed.on("step", renew);
feed.on("recording", (event) => { if (event.contact === page.dataset.contact) renew(); });
let first = true;
feed.on("state", (state) => {
  if (state === "up" && !first) renew();
  if (state === "up") first = false;
});
