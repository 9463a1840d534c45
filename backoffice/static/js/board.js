// The wallboard: seats and callers from the live floor, figures asked for when something changed.

import { el, put, since, t } from "./lib.js";
import { feed } from "./feed.js";
import { reason } from "./reasons.js";

const part = (name) => document.querySelector(`[data-${name}]`);

function seatRow([seat, row]) {
  return el("tr", { "data-testid": "board-seat", "data-row": seat },
    el("td", { class: "ltr" }, seat),
    el("td", {}, el("bdi", {}, row.name || "")),
    el("td", {}, el("span", { class: "chip", "data-state": row.state }, t(`seat_state.${row.state}`)),
      row.reason ? ` ${reason(row.reason)}` : ""),
    el("td", { class: "ltr", "data-tick": row.since }, since(row.since)),
    el("td", { class: "ltr" }, row.number || ""));
}

function callRow([call, row]) {
  return el("tr", { "data-testid": "board-call", "data-row": call },
    el("td", { class: "ltr" }, row.number || ""),
    el("td", {}, el("span", { class: "chip", "data-state": row.stage }, t(`stage.${row.stage}`))),
    el("td", {}, row.language ? t(`language.${row.language}`) : ""),
    el("td", { class: "ltr", "data-tick": row.entered }, since(row.entered)),
    el("td", { class: "ltr" }, row.seat || ""));
}

function draw() {
  const seats = Object.entries(feed.seats()).sort(([a], [b]) => a.localeCompare(b));
  const calls = Object.entries(feed.calls()).sort(([, a], [, b]) => (a.entered || "").localeCompare(b.entered || ""));
  part("seats").replaceChildren(...seats.map(seatRow));
  part("calls").replaceChildren(...calls.map(callRow));
  put(part("seatcount"), seats.length);
  put(part("callcount"), calls.length);
  part("noseats").hidden = seats.length > 0;
  part("nocalls").hidden = calls.length > 0;
}

let dirty = true;
async function figures() {
  if (!dirty) return;
  dirty = false;
  try {
    const answer = await fetch("/wallboard/figures", { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) { dirty = true; return; }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    part("figures").replaceChildren(...fresh.body.childNodes);
  } catch { dirty = true; }
}

feed.on("floor", () => { draw(); dirty = true; });
setInterval(() => {
  for (const node of document.querySelectorAll("[data-tick]")) put(node, since(node.dataset.tick));
}, 1000);
setInterval(figures, 2000);
draw();
