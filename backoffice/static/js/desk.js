// A desk: what waits on one side, the case in hand on the other. An order is sent from where one is; the next case comes.

import { CasePart } from "./casepart.js";
import { feed } from "./feed.js";
import { fetched } from "./fragment.js";
import { announce, postForm, t } from "./lib.js";
import { types } from "./shortcuts.js";

const list = document.querySelector("[data-worklist]");
const pane = document.querySelector("[data-pane]");
const part = new CasePart(pane);
const wide = matchMedia("(min-width: 56.01rem)");
let here = "";
let timer = 0;

const rows = () => [...list.querySelectorAll("li[data-case]")];
const rowOf = (id) => rows().find((row) => row.dataset.case === id);

document.querySelector("[data-unitform] select")?.addEventListener("change", (event) => event.target.form.requestSubmit());

// -- the list ----------------------------------------------------------------------------------------------------

async function renew() {
  const page = await fetched(list.dataset.source);
  if (!page) return;
  // Where one stands now, not where one stood when it was asked.
  const focused = list.contains(document.activeElement);
  list.replaceChildren(...page.body.childNodes);
  mark(focused);
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(renew, 300);
}

function mark(focus) {
  for (const row of rows()) row.querySelector("a").toggleAttribute("aria-current", row.dataset.case === here);
  if (focus) rowOf(here)?.querySelector("a").focus();
}

async function open(row) {
  if (!row || row.dataset.case === here) return;
  if (part.typed && !confirm(t("desk.leave"))) return;
  here = row.dataset.case;
  mark(false);
  row.scrollIntoView({ block: "nearest" });
  await part.open({ id: row.dataset.case, no: row.dataset.no, contact: row.dataset.contact });
  pane.scrollIntoView({ block: "nearest" });
}

/** The case that comes after the one in hand. */
function following() {
  const all = rows();
  const at = all.findIndex((row) => row.dataset.case === here);
  return (all[at + 1] ?? all[at - 1])?.dataset.case ?? "";
}

list.addEventListener("click", (event) => {
  const row = event.target.closest("li[data-case]");
  if (!row || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(row);
});
feed.on("case", soon);
feed.on("state", (state) => { if (state === "up") soon(); });

// -- orders ------------------------------------------------------------------------------------------------------

pane.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if ("sending" in form.dataset) return;
  form.dataset.sending = "";
  const next = following();
  try {
    const done = await postForm(form.getAttribute("action"), new FormData(form, event.submitter));
    announce(t("desk.done", { no: done.case_no, state: t(`state.${done.state}`) }));
    form.reset();
    await renew();
    if (rowOf(here)) return void part.renew();
    here = "";
    if (rowOf(next)) {
      await open(rowOf(next));
      rowOf(next).querySelector("a").focus();
    } else empty();
  } catch (trouble) {
    tell(form, trouble.message);
  } finally {
    delete form.dataset.sending;
  }
});

function empty() {
  pane.replaceChildren(Object.assign(document.createElement("p"), { className: "empty card", textContent: t("desk.choose") }));
  delete pane.dataset.part;
}

function tell(form, text) {
  form.querySelector("[data-desktrouble]")?.remove();
  const said = Object.assign(document.createElement("p"), { className: "trouble", textContent: text });
  said.setAttribute("role", "alert");
  said.dataset.desktrouble = "";
  said.dataset.testid = "action-trouble";
  form.prepend(said);
}

// -- keys --------------------------------------------------------------------------------------------------------

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && pane.contains(event.target)) {
    event.preventDefault();
    rowOf(here)?.querySelector("a").focus();
    return;
  }
  if (event.key === "Enter" && event.ctrlKey && pane.contains(event.target)) {
    event.target.closest("form")?.requestSubmit(event.target.closest("form").querySelector("button.main, button:not([type=button])"));
    return;
  }
  if (types(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
  const all = rows();
  const at = all.findIndex((row) => row.contains(document.activeElement) || row.dataset.case === here);
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (step && !pane.contains(event.target)) {
    const row = all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)];
    if (!row) return;
    event.preventDefault();
    row.querySelector("a").focus();
    if (wide.matches) open(row);
  } else if (event.key === "Enter" && wide.matches && list.contains(event.target) && rowOf(here)?.contains(event.target)) {
    event.preventDefault();
    pane.querySelector("form :is(select, textarea, input:not([type=hidden]), button)")?.focus();
  }
});

if (wide.matches && rows().length) open(rows()[0]);
