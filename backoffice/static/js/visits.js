// The desk of return visits by keyboard: a digit for each rating, a letter for what a try came to, the call by one key.

import { feed } from "./feed.js";
import { fetched } from "./fragment.js";
import { get, insist, post, t, uuid7 } from "./lib.js";
import { follow } from "./seatorders.js";
import { types } from "./shortcuts.js";

const form = document.querySelector("[data-visitform]");
const RESULTS = { r: "reached", o: "no-answer", b: "busy", w: "wrong-number", d: "refused", f: "failed", x: "declined" };
let sent = false;
let calling = null;

const box = (name, value) => form?.querySelector(`input[name=${name}][value="${value}"]`);
const result = () => form?.querySelector("input[name=result]:checked")?.value;
const groups = () => [...form.querySelectorAll("[data-scores]")];
const empty = () => groups().find((group) => !group.querySelector(":checked"));

/** The ratings belong to a citizen who was reached; the one that the next digit fills is marked. */
function show() {
  if (!form) return;
  const reached = result() === "reached";
  const part = form.querySelector("[data-reached]");
  part.hidden = !reached;
  for (const field of part.querySelectorAll("input")) field.disabled = !reached;
  for (const group of groups()) group.toggleAttribute("data-next", group === empty());
}

function choose(name, value) {
  const found = box(name, value);
  if (!found) return false;
  found.checked = true;
  show();
  return true;
}

function rate(digit) {
  if (result() !== "reached") return false;
  const here = document.activeElement?.closest?.("[data-scores]");
  const group = here ?? empty() ?? groups()[0];
  const done = choose(group.dataset.scores, digit);
  if (here) (empty()?.querySelector("input") ?? form.querySelector("[name=text]")).focus();
  return done;
}

// -- the call ----------------------------------------------------------------------------------------------------

const button = document.querySelector("[data-call]");
const told = (text) => { document.querySelector("[data-callnote]").textContent = text; };

async function call() {
  if (!button || button.disabled || calling) return;
  calling = uuid7();
  button.disabled = true;
  told(t("visits.calling"));
  try {
    const order = calling;
    await insist(() => post(button.dataset.call, { order }), (passing) => told(passing.message));
    await follow(order);
    told(t("visits.ringing"));
    watch(order);
  } catch (trouble) {
    told(trouble.message);
  } finally {
    calling = null;
    button.disabled = false;
  }
}
button?.addEventListener("click", call);

const LOOK_EVERY = 1000;
const LONGEST_RING = 120;

/** How the call ended fills the form in; what the agent chose meanwhile stays. */
async function watch(order) {
  const chosen = result();
  for (let n = 0; n < LONGEST_RING; n += 1) {
    await new Promise((go) => { setTimeout(go, LOOK_EVERY); });
    const seen = await get(`${button.dataset.call.replace(/call$/, "outcome")}?order=${order}`).catch(() => null);
    if (!seen?.result) continue;
    told(seen.text);
    if (form && !sent && result() === chosen) choose("result", seen.result);
    return;
  }
}

// -- the list, live: what is handed out, told or opened again elsewhere moves it; the visit in hand stays -------------

const list = document.querySelector("[data-visitlist]");
const tabs = document.querySelector("[data-visittabs]");
const LATER = 400;
let timer = 0;

async function renew() {
  const page = await fetched(list.dataset.visitlist);
  if (!page) return;
  const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const open = list.querySelector("[aria-current]")?.getAttribute("href");
  list.replaceChildren(...page.querySelector("[data-visitlist]").childNodes);
  tabs.replaceChildren(...page.querySelector("[data-visittabs]").childNodes);
  const link = (path) => path && list.querySelector(`a[href="${CSS.escape(path)}"]`);
  link(open)?.setAttribute("aria-current", "true");
  link(focused)?.focus();
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(renew, LATER);
}
feed.on("case", soon);
feed.on("state", (state) => { if (state === "up") soon(); });

// -- keys --------------------------------------------------------------------------------------------------------

function walk(step) {
  const links = [...document.querySelectorAll("[data-open]")];
  const at = links.findIndex((link) => link.hasAttribute("aria-current"));
  links[Math.min(Math.max(at + step, 0), links.length - 1)]?.click();
}

const types_text = (node) => types(node) && node.type !== "radio";

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey && form) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (event.altKey || event.ctrlKey || event.metaKey || event.repeat || event.isComposing || types_text(event.target)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  let done = true;
  if (/^[1-5]$/.test(key) && form) done = rate(key);
  else if (RESULTS[key] && form) done = choose("result", RESULTS[key]);
  else if (key === "u" && form && result() === "reached") {
    done = choose("solved", "no");
    form.querySelector("[name=text]").focus();
  } else if (key === "c" && button) call();
  else if (key === "n" || key === "j") walk(1);
  else if (key === "p" || key === "k") walk(-1);
  else if (key === "s" && document.querySelector("[data-skip]")) document.querySelector("[data-skip]").focus();
  else if (key === "t") document.querySelector("[data-testid=visits-take]").click();
  else done = false;
  if (done) event.preventDefault();
});

form?.addEventListener("change", show);
form?.addEventListener("submit", (event) => {
  if (sent) event.preventDefault();
  sent = true;
});
addEventListener("beforeunload", (event) => {
  const typed = form && (form.querySelector("[name=text]").value !== form.querySelector("[name=text]").defaultValue
    || [...form.querySelectorAll("input[type=radio]")].some((one) => one.checked !== one.defaultChecked));
  if (typed && !sent) event.preventDefault();
});
addEventListener("pageshow", () => { sent = false; show(); });
show();
