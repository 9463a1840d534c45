// The two lists of the seat page: who waits, and what this caller asked before.

import { el, put, since, t } from "./lib.js";
import { queueLabel } from "./targets.js";

const STAGES = new Set(["queue", "net"]);

/** Callers who wait: the most urgent first, then who waits longest; how many. One that is `picked` is on its way. */
export function drawWaiting(list, calls, free, picked) {
  const waiting = calls.filter((call) => STAGES.has(call.stage))
    .sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0) || from(a).localeCompare(from(b)));
  // Drawn anew only when something is another: the button that has the focus must not vanish under it.
  const seen = JSON.stringify([free, picked, waiting.map((call) => [call.call, call.number, call.queue, queueLabel(call.queue), call.language, call.stage, from(call)])]);
  if (list.dataset.seen === seen) return waiting.length;
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.pick : null;
  list.dataset.seen = seen;
  list.replaceChildren(...waiting.map((call) => item(call, free, picked)));
  if (focused) (list.querySelector(`[data-pick="${CSS.escape(focused)}"]`) ?? list.querySelector("button"))?.focus();
  return waiting.length;
}

const from = (call) => call.waiting_since || call.entered || "";

function item(call, free, picked) {
  const number = call.number || t("call.no_number");
  const coming = picked === call.call;
  const button = call.stage === "queue" ? el("button", {
    type: "button", "data-pick": call.call, "data-testid": "waiting-pick", disabled: !free || coming, "aria-label": t("call.pick_of", { number }),
  }, t(coming ? "call.picked" : "call.pick")) : null;
  return el("li", { "data-testid": "waiting-item", "data-call": call.call },
    el("span", { class: "ltr" }, number),
    el("time", { class: "clock ltr", "data-tick": from(call) }, since(from(call))),
    el("span", { class: "quiet" }, [call.queue ? queueLabel(call.queue) : "", call.language ? t(`language.${call.language}`) : ""].filter(Boolean).join(" · ")),
    button);
}

/** Let the clocks of what waits go on. */
export function ticking(root) {
  for (const node of root.querySelectorAll("[data-tick]")) put(node, since(node.dataset.tick));
}

/** Earlier cases and calls of this number; `copy` takes an earlier case's words into the form. */
export function drawHistory(list, none, rows, copy = () => {}) {
  list.replaceChildren(...rows.map((row) => (row.what === "case" ? caseItem(row, copy) : callItem(row))));
  none.hidden = rows.length > 0;
}

function caseItem(row, copy) {
  const button = el("button", { type: "button", "data-testid": "history-copy" }, t("call.copy"));
  button.addEventListener("click", () => copy(row.copy));
  return el("li", { "data-testid": "history-item" },
    el("p", {}, el("a", { class: "ltr", href: `/cases/${row.case_no}`, target: "_blank", rel: "noopener" }, row.case_no), " ",
      el("span", { class: "chip", "data-state": row.state }, t(`state.${row.state}`)), " ",
      row.rating ? el("span", { class: "quiet" }, t(`rating.${row.rating}`)) : null),
    el("p", {}, el("bdi", {}, row.title)),
    el("p", { class: "row" }, el("time", { class: "quiet ltr" }, row.at), button));
}

function callItem(row) {
  return el("li", { "data-testid": "history-item", class: "slim" },
    el("span", {}, t(`history.call_${row.direction}`)), " ",
    el("span", { class: "quiet" }, t(`outcome.${row.outcome}`)), " ",
    el("time", { class: "quiet ltr" }, row.at));
}
