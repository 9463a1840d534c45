// The list of cases: counts itself, renews itself, and is walked through with keys.

import { feed } from "./feed.js";
import { fetched } from "./fragment.js";
import { announce, get, postForm, put, t, uuid7 } from "./lib.js";
import { types } from "./shortcuts.js";

const list = document.querySelector("[data-caserows]");
const counter = document.querySelector("[data-count]");
const fresh = document.querySelector("[data-fresh]");
const changed = new Set();
let busy = false;
let again = false;
let here = "";

const rows = () => [...list.querySelectorAll("tr[data-case]")];

// -- renewing ----------------------------------------------------------------------------------------------------

/** Fetch the rows anew; where one stands and what is selected stays. */
async function renew() {
  if (busy) { again = true; return; }
  busy = true;
  changed.clear();
  const page = await fetched(list.dataset.source);
  if (page) {
    list.replaceChildren(...page.body.childNodes);
    list.dispatchEvent(new CustomEvent("renewed"));
    stand(here, false);
    tellFresh();
  }
  busy = false;
  if (again) { again = false; setTimeout(happened, 1000); }
}

/** Somebody works in the rows: then they are renewed only when asked. */
const inUse = () => here !== "" || list.contains(document.activeElement) || "later" in list.dataset
  || list.querySelector("input:checked") !== null;

function tellFresh() {
  fresh.hidden = changed.size === 0;
  if (changed.size) put(fresh, t("list.fresh", { count: changed.size }));
}

function happened({ case: id } = {}) {
  if (id) changed.add(id);
  if (inUse()) tellFresh();
  else renew();
}

async function count() {
  if (!counter?.textContent) return;
  try {
    put(counter, (await get(counter.dataset.count)).text);
  } catch {
    put(counter, "");
  }
}

fresh.addEventListener("click", () => { renew(); count(); });
feed.on("case", happened);
feed.on("state", (state) => { if (state === "up") happened(); });
count();

// -- keys --------------------------------------------------------------------------------------------------------

/** Stand on the row of a case; `look` scrolls to it. */
function stand(id, look = true) {
  for (const row of rows()) delete row.dataset.here;
  const row = id && list.querySelector(`tr[data-case="${CSS.escape(id)}"]`);
  here = row ? id : "";
  if (!row) return;
  row.dataset.here = "";
  if (look) {
    row.scrollIntoView({ block: "nearest" });
    row.querySelector("a").focus({ preventScroll: true });
  }
}

function step(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.dataset.case === here);
  const to = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
  stand(all[to].dataset.case);
}

/** Follow the case that one stands on, or no longer if one does. */
async function follow() {
  if (!here || !("follows" in list.dataset)) return;
  const row = list.querySelector("tr[data-here]");
  const link = row?.querySelector("[data-testid=case-link]");
  if (!link) return;
  const number = link.textContent.trim();
  const on = !("followed" in row.dataset);
  try {
    const now = await postForm(`${new URL(link.href).pathname}/follow`, { on: on ? "yes" : "no", order: uuid7() });
    if (now.on) row.dataset.followed = "";
    else delete row.dataset.followed;
    announce(t(now.on ? "follow.said" : "follow.said_no", { no: number }));
  } catch (trouble) {
    announce(trouble.message, true);
  }
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  x: () => list.querySelector("tr[data-here] input[type=checkbox]")?.click(),
  Enter: () => list.querySelector("tr[data-here] a")?.click(),
  f: follow,
  "/": () => document.querySelector("[data-listform] [name=q]").focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && here && !types(event.target)) { stand(""); document.activeElement?.blur(); tellFresh(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || types(event.target)) return;
  if (event.key === "Enter" && event.target.closest?.("a, button, summary")) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// An address says only what was filled in.
document.querySelector("[data-listform]").addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData.entries()]) {
    if (value === "" || (name === "sort" && value === "made")) event.formData.delete(name);
  }
});
