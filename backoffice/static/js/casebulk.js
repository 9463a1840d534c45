// Many cases of a list at once: an order each, by the same addresses as the case's own page, each with its own answer.
// What succeeded can be taken back where the life cycle has a way back, as long as nobody has touched the case since.

import { el, insist, postForm, put, t, uuid7 } from "./lib.js";

const list = document.querySelector("[data-caserows]");
const panel = document.querySelector("[data-bulk]");
const part = (name) => panel.querySelector(`[data-bulk${name}]`);
const AT_ONCE = 4;
/** What is done → the address, what it always says, and the order that takes it back. */
const ACTS = {
  dispatch: { undo: "send-back" },
  check: { fields: { passed: "yes" }, undo: "send-back" },
  close: {},
  "send-back": {},
  suspend: { undo: "resume" },
  resume: {},
};
const chosen = new Map();
let done = [];
let working = false;

const boxes = () => [...list.querySelectorAll("input[data-pick]")];

function show() {
  panel.hidden = chosen.size === 0 && done.length === 0 && !part("said").textContent;
  put(part("count"), t("bulk.count", { count: chosen.size }));
  part("go").disabled = working || chosen.size === 0;
  part("undo").hidden = working || done.length === 0;
  const what = part("what").value;
  for (const label of panel.querySelectorAll("[data-for]")) label.hidden = !label.dataset.for.split(" ").includes(what);
  put(part("hint"), t(ACTS[what].undo ? "bulk.can_undo" : "bulk.cannot_undo"));
  const all = list.querySelector("[data-pickall]");
  if (all) {
    const here = boxes();
    all.checked = here.length > 0 && here.every((box) => box.checked);
    all.indeterminate = !all.checked && here.some((box) => box.checked);
  }
}

function take(box) {
  const { id, no, version } = box.dataset;
  if (box.checked) chosen.set(id, { id, no, version });
  else chosen.delete(id);
}

list.addEventListener("change", (event) => {
  if (event.target.matches("[data-pickall]")) {
    for (const box of boxes()) { box.checked = event.target.checked; take(box); }
  } else if (event.target.matches("[data-pick]")) take(event.target);
  show();
});

// The rows came anew: what was selected stays selected, with the version that is shown now.
list.addEventListener("renewed", () => {
  for (const box of boxes()) {
    box.checked = chosen.has(box.dataset.id);
    if (box.checked) take(box);
  }
  show();
});

/** One order; what came of it. It is sent again with the same id until there is an answer. */
async function one(kase, action, fields) {
  const order = { order: uuid7(), version: kase.version, ...fields };
  try {
    const answer = await insist(() => postForm(`/cases/${encodeURIComponent(kase.no)}/${action}`, order));
    return { kase: { ...kase, version: String(answer.version) }, ok: true };
  } catch (trouble) {
    return { kase, ok: false, text: trouble.message };
  }
}

async function each(cases, action, fields) {
  const waiting = [...cases];
  const results = [];
  const bar = part("bar");
  working = true;
  Object.assign(bar, { hidden: false, max: waiting.length, value: 0 });
  part("said").replaceChildren();
  show();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      results.push(await one(next, action, fields));
      bar.value = results.length;
    }
  }));
  bar.hidden = true;
  working = false;
  return results;
}

function say(results) {
  const good = results.filter((result) => result.ok);
  const bad = results.filter((result) => !result.ok);
  const lines = bad.map(({ kase, text }) => el("li", {}, el("a", { href: `/cases/${kase.no}`, class: "ltr" }, kase.no), " ", text));
  part("said").replaceChildren(
    el("p", {}, t("bulk.said", { good: good.length, bad: bad.length })),
    ...(lines.length ? [el("ul", { class: "trouble", "data-testid": "bulk-refused" }, ...lines)] : []),
  );
}

part("go").addEventListener("click", async () => {
  const what = part("what").value;
  const act = ACTS[what];
  const fields = { ...act.fields };
  for (const field of panel.querySelectorAll(`[data-for~="${what}"] :is(input, select)`)) {
    if (field.value) fields[field.name] = field.value;
  }
  const results = await each([...chosen.values()], what, fields);
  done = act.undo ? results.filter((result) => result.ok).map((result) => result.kase) : [];
  part("undo").dataset.action = act.undo || "";
  // What was refused stays selected, to be mended or tried again.
  for (const { kase, ok } of results) if (ok) chosen.delete(kase.id);
  for (const box of boxes()) box.checked = chosen.has(box.dataset.id);
  say(results);
  show();
});

part("undo").addEventListener("click", async () => {
  const action = part("undo").dataset.action;
  const results = await each(done, action, action === "send-back" ? { reason: t("bulk.undo_reason") } : {});
  done = [];
  say(results);
  show();
});

part("none").addEventListener("click", () => {
  chosen.clear();
  done = [];
  for (const box of boxes()) box.checked = false;
  part("said").replaceChildren();
  show();
});
part("what").addEventListener("change", show);
addEventListener("beforeunload", (event) => { if (working) event.preventDefault(); });
