// The two lists of the seat page: who waits, and what this caller asked before.

import { el, since, t } from "./lib.js";

/** Callers who wait, longest first. */
export function drawWaiting(list, calls) {
  calls.sort((a, b) => (a.entered || "").localeCompare(b.entered || ""));
  list.replaceChildren(...calls.map((call) => el("li", { "data-testid": "waiting-item" },
    el("span", { class: "ltr" }, call.number || t("call.no_number")),
    el("span", { class: "quiet" }, call.language ? t(`language.${call.language}`) : ""),
    el("time", { class: "clock ltr", "data-tick": call.entered }, since(call.entered)))));
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
