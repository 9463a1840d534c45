// The seat page: the softphone, what the floor says about this seat, the caller, and the case form, held together.

import { announce, clock, get, insist, now, post, put, since, t } from "./lib.js";
import { CaseForm } from "./caseform.js";
import { Claim } from "./claim.js";
import { feed } from "./feed.js";
import { quiet, ring } from "./ring.js";
import { drawHistory, drawWaiting } from "./seatlists.js";
import { reason } from "./reasons.js";
import { Softphone } from "./softphone.js";

const root = document.querySelector("[data-seat]");
const seat = root.dataset.seat;
const part = (name) => root.querySelector(`[data-${name}]`);
const key = (name) => root.querySelector(`[data-do=${name}]`);
const pill = document.querySelector("[data-pill=phone]");

window.gridline = { remoteStream: null };
const phone = new Softphone(part("ear"));
const form = new CaseForm(root.querySelector(".desk"));
const claim = new Claim(seat, () => letGo("seat.taken_here"));

let opening = false;
let order = null; // of the OpenSeat that made this page's softphone
let call = null; // {number, contact, language, queue, entered, answered, state: ringing|talking}
let shownContact = null;

// -- the seat ----------------------------------------------------------------------------------------------

function trouble(text) {
  put(part("seattrouble"), text);
  part("seattrouble").hidden = !text;
}

async function open() {
  if (opening) return;
  opening = true;
  key("open").disabled = true;
  trouble("");
  try {
    await phone.takeMicrophone();
    await claim.take();
    put(part("seatnote"), t("seat.opening"));
    const line = await insist(() => post("/api/seat/open"), (passing) => trouble(passing.message));
    order = line.order;
    await made(line.order);
    trouble("");
    phone.start(line);
    claim.keep();
  } catch (error) {
    claim.drop();
    phone.dropMicrophone();
    trouble(said(error));
  } finally {
    opening = false;
    key("open").disabled = false;
    put(part("seatnote"), "");
    draw();
  }
}

/** Wait until the telephone room has made the seat. */
async function made(wanted) {
  const end = Date.now() + 15000;
  while (Date.now() < end) {
    const { state, reason: why } = await insist(() => get(`/api/orders/${wanted}`));
    if (state === "observed") return;
    if (state === "failed") throw new Error(`${t("seat.cannot_open")} ${why}`);
    await new Promise((go) => setTimeout(go, 150));
  }
  throw new Error(t("seat.no_bridge"));
}

function said(error) {
  const known = { NotAllowedError: "mic.refused", NotFoundError: "mic.none", SecurityError: "mic.insecure", NotReadableError: "mic.busy" };
  return known[error.name] ? t(known[error.name]) : error.message;
}

/** The seat is somebody else's now, or closed: be silent here. */
function letGo(why) {
  order = null;
  phone.stop();
  phone.dropMicrophone();
  claim.drop();
  quiet();
  if (why) trouble(t(why));
  draw();
}

/** What was typed, as the telephone room names it: three or four digits are a seat, letters a queue, else a number. */
function target() {
  const typed = part("target").value.trim();
  if (typed.includes(":")) return typed;
  return (/^\d{2,4}$/.test(typed) ? "seat:" : /^[a-z]/.test(typed) ? "queue:" : "number:") + typed;
}

async function ask(what, body = {}) {
  try {
    await insist(() => post(`/api/seat/${what}`, body), (passing) => trouble(passing.message));
    trouble("");
  } catch (error) {
    trouble(error.message);
  }
}

const does = {
  open,
  ready: () => ask("ready"),
  done: () => ask("ready"),
  pause: () => ask("pause", { reason: part("reason").value }),
  close: async () => { if (!call) { await ask("close"); letGo(""); } else trouble(t("seat.close_in_call")); },
  answer: () => { quiet(); phone.answer(); },
  mute: () => phone.mute(!phone.muted),
  hold: () => ask("hold"),
  resume: () => ask("resume"),
  transfer: () => ask("transfer", { target: target() }),
  consult: () => ask("consult", { target: target() }),
  swap: () => ask("swap"),
  complete: () => ask("complete"),
  cancel: () => ask("cancel"),
  conference: () => ask("conference"),
  extend: () => ask("extend"),
  hangup: () => { if (!phone.hangUp()) ask("hangup"); },
};
root.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button && !button.disabled) does[button.dataset.do]();
});
const SHORTCUTS = { F2: "answer", F8: "mute", F9: "hangup", F4: "ready" };
document.addEventListener("keydown", (event) => {
  const name = SHORTCUTS[event.key];
  if (!name || event.repeat || event.altKey || event.ctrlKey || event.metaKey) return;
  const button = key(name === "ready" && !part("wrapup").hidden ? "done" : name);
  if (button && !button.hidden && !button.closest("[hidden]")) { event.preventDefault(); button.click(); }
});
addEventListener("beforeunload", (event) => { if (call?.state === "talking") event.preventDefault(); });

// -- the softphone -----------------------------------------------------------------------------------------

phone.addEventListener("state", ({ detail: state }) => {
  pill.dataset.state = state === "refused" ? "down" : state;
  pill.title = `${t("pill.phone_title")} ${t(`phone_state.${state}`)}`;
  if (state === "refused") letGo("seat.taken_elsewhere");
  draw();
});
phone.addEventListener("ringing", ({ detail }) => {
  call = { number: detail.number, contact: null, state: "ringing", rang: now() };
  shownContact = null;
  form.begin(null);
  drawHistory(part("history"), part("nohistory"), []);
  ring(detail.number);
  if (detail.contact) meet(detail.contact);
  draw();
});
phone.addEventListener("talking", () => {
  quiet();
  if (call) Object.assign(call, { state: "talking", answered: now() });
  draw();
});
phone.addEventListener("ended", () => {
  quiet();
  call = null;
  draw();
});
phone.addEventListener("muted", ({ detail: on }) => {
  key("mute").setAttribute("aria-pressed", String(on));
  draw();
});
phone.addEventListener("trouble", ({ detail }) => {
  const texts = { "microphone-gone": "mic.gone", "microphone-refused": "mic.refused", "no-sound": "mic.no_sound" };
  trouble(t(texts[detail]));
});

// -- the caller --------------------------------------------------------------------------------------------

/** This contact is at the seat: show who it is and what they asked before. */
async function meet(contact) {
  if (shownContact === contact) return;
  const fresh = shownContact !== null || form.contact !== null;
  shownContact = contact;
  if (fresh && form.contact !== contact) form.begin(contact, {}, true);
  form.know(contact);
  put(part("contact"), contact);
  try {
    const known = await insist(() => get(`/api/contacts/${contact}`));
    if (shownContact !== contact) return;
    if (call) Object.assign(call, { number: known.number || call.number, language: known.language || call.language, entered: known.entered || call.entered });
    put(part("callernumber"), known.number);
    put(part("callername"), known.citizen);
    drawHistory(part("history"), part("nohistory"), known.history, (values) => form.copy(values));
    form.know(contact, known);
    draw();
  } catch (error) {
    announce(error.message, true);
  }
}

// -- what is drawn -----------------------------------------------------------------------------------------

function draw() {
  const row = feed.seats()[seat] ?? null;
  const held = phone.state !== "off";
  // This window's own softphone knows of its call before the floor says so.
  const state = call && row ? call.state : row?.state ?? "closed";
  const output = part("seatstate");
  output.dataset.state = state;
  const why = row?.reason && ["paused", "unreachable"].includes(state) ? t("punct.colon") + reason(row.reason) : "";
  put(output, t(`seat_state.${state}`) + why);
  root.querySelector("[data-when=closed]").hidden = held;
  root.querySelector("[data-when=open]").hidden = !held;
  const label = key("open");
  put(label, t(row && !held ? "seat.take_over" : "seat.open"));
  key("ready").disabled = ["ready", "ringing", "talking"].includes(state);
  part("wrapup").hidden = state !== "wrapup";

  const stray = !call && held && ["talking"].includes(state) && row?.call && phone.session === null;
  part("call").hidden = !call && !stray;
  part("call").dataset.state = call?.state ?? (stray ? "stray" : "none");
  put(part("callstate"), call ? t(`call.${call.state}`) : stray ? t("call.elsewhere") : "");
  const asked = row?.consult ?? null;
  const talks = state === "talking" && Boolean(row);
  part("talk-keys").hidden = !talks;
  key("hold").hidden = !talks || row.citizen === "hold" || Boolean(asked);
  key("resume").hidden = !talks || row.citizen !== "hold" || Boolean(asked);
  for (const name of ["transfer", "consult"]) key(name).disabled = Boolean(asked);
  for (const name of ["swap", "conference"]) key(name).hidden = !asked || row.conference;
  for (const name of ["complete", "cancel"]) key(name).hidden = !asked;
  const live = row?.call ? feed.calls()[row.call] : null;
  put(part("number"), call?.number || row?.number || "");
  put(part("queue"), live?.queue ?? "");
  const language = call?.language || live?.language || row?.language;
  put(part("language"), language ? t(`language.${language}`) : "");
  key("answer").hidden = call?.state !== "ringing";
  key("mute").hidden = call?.state !== "talking";
  key("hangup").hidden = !call && !stray;
  part("nocaller").hidden = Boolean(shownContact || call);
  part("caller").hidden = !(shownContact || call);
  if (call && !shownContact) put(part("callernumber"), call.number);
  const waiting = Object.values(feed.calls()).filter((one) => ["queue", "net"].includes(one.stage));
  drawWaiting(part("waiting"), waiting);
  put(part("waitcount"), waiting.length);
  part("nowait").hidden = waiting.length > 0;
  tick();
}

function tick() {
  const row = feed.seats()[seat] ?? null;
  put(part("since"), since(row?.since));
  const live = row?.call ? feed.calls()[row.call] : null;
  const entered = call?.entered || live?.entered;
  const until = call?.answered ?? now();
  put(part("waited"), entered && call ? clock((until - Date.parse(entered)) / 1000) : "");
  put(part("talk"), call?.answered ? clock((now() - call.answered) / 1000) : "");
  if (row?.state === "wrapup") {
    const until = row.wrap_until ? Date.parse(row.wrap_until) : 0;
    put(part("wrapleft"), until ? clock((until - now()) / 1000) : clock(Number(part("wrapup").dataset.limit) - (now() - Date.parse(row.since)) / 1000));
  }
  for (const node of root.querySelectorAll("[data-tick]")) put(node, since(node.dataset.tick));
}
setInterval(tick, 1000);

// -- the feed ----------------------------------------------------------------------------------------------

feed.on("floor", () => {
  const row = feed.seats()[seat];
  if (row?.contact && ["ringing", "talking"].includes(row.state)) meet(row.contact);
  draw();
});
feed.on("seat", (told) => {
  if (told.seat === seat && order && told.order !== order && !opening) letGo("seat.taken_elsewhere");
});
feed.on("state", draw);

draw();
claim.resume(open);
