// The seat page: the softphone, what the floor says about this seat, the caller, and the case form, held together.

import { Announcer } from "./announcer.js";
import { Caller } from "./caller.js";
import { CallPanel } from "./callpanel.js";
import { reasoned } from "./dial.js";
import { feed } from "./feed.js";
import { Keypad } from "./keypad.js";
import { announce, clock, now, put, since, t } from "./lib.js";
import { Line } from "./line.js";
import { Picker } from "./picker.js";
import { reason } from "./reasons.js";
import { Recovery } from "./recovery.js";
import { beep, quiet, ring } from "./ring.js";
import { drawWaiting, ticking } from "./seatlists.js";
import { follow, send } from "./seatorders.js";
import { listen } from "./shortcuts.js";
import { situation } from "./situation.js";
import { Softphone } from "./softphone.js";
import { load, number } from "./targets.js";

const root = document.querySelector("[data-seat]");
const { seat, user } = root.dataset;
const part = (name) => root.querySelector(`[data-${name}]`);
const key = (name) => root.querySelector(`[data-do=${name}]`);
const pill = document.querySelector("[data-pill=phone]");
const PAUSE_WARNING = 15; // seconds before a paused recording goes on by itself
const AUTO = `gridline-auto-${user}`;

window.gridline = { remoteStream: null };
const phone = new Softphone(part("ear"));
const line = new Line(seat, user, phone);
const panel = new CallPanel(root);
const caller = new Caller(root, part);
const spoken = new Announcer(part("spoken"));
const picker = new Picker(root, seat, (mode, target) => order(mode, { target }));
const keypad = new Keypad(part("keypad"), part("sentkeys"), (digits) => { if (!phone.digits(digits)) order("digits", { digits }); });
const recovery = new Recovery(() => order("recover"));

let call = null; // {number, contact, call, why, auto, state: ringing|talking, answered}
let picked = null; // the id of the waiting call this agent took from the list
let can = new Set();

function trouble(text) {
  put(part("seattrouble"), text);
  part("seattrouble").hidden = !text;
}

/** Give an order and follow it; whether it was done. */
async function order(verb, body = {}) {
  const during = feed.seats()[seat]?.call; // what is about the call on the screen must not hit the next one
  if (during) body = { ...body, during };
  const buttons = root.querySelectorAll(`[data-do=${verb}]`);
  for (const button of buttons) button.setAttribute("aria-busy", "true");
  try {
    await follow(await reasoned((more) => send(verb, { ...body, ...more }, (passing) => trouble(passing.message))));
    trouble("");
    return true;
  } catch (error) {
    trouble(error.message);
    return false;
  } finally {
    for (const button of buttons) button.removeAttribute("aria-busy");
  }
}

// -- what can be done --------------------------------------------------------------------------------------

const toggle = (name, open, show) => {
  if (open) { picker.close(); keypad.close(); } else show(key(name));
};
const pickFrom = (mode) => () => toggle(mode, picker.mode === mode, (back) => { keypad.close(); picker.show(mode, back); });

const does = {
  open: () => line.open(),
  ready: () => order("ready"),
  done: () => order("ready"),
  pause: () => order("pause", { reason: part("reason").value }),
  extend: () => order("extend", { seconds: 60 }),
  close: async () => { if (call) trouble(t("seat.close_in_call")); else if (await order("close")) line.letGo(""); },
  answer: () => { quiet(); phone.answer(); },
  mute: () => phone.mute(!phone.muted),
  hold: () => order("hold"),
  resume: () => order("resume"),
  unrecord: () => order("unrecord"),
  record: () => order("record"),
  swap: () => order("swap"),
  complete: () => order("complete"),
  cancel: () => order("cancel"),
  conference: () => order("conference"),
  recover: () => order("recover"),
  transfer: pickFrom("transfer"),
  consult: pickFrom("consult"),
  expert: pickFrom("expert"),
  keypad: () => toggle("keypad", keypad.open, (back) => { picker.close(); keypad.show(back); key("keypad").setAttribute("aria-expanded", "true"); }),
  hangup: () => { recovery.ended(); if (!phone.hangUp()) order("hangup"); },
  callback: () => callOut(part("callernumber").textContent),
  help: () => (part("help").open ? part("help").close() : part("help").showModal()),
};

/** What has a key and no button of its own. */
const byKey = {
  sit: () => (can.has("close") ? does.close() : root.querySelector("[data-when=closed]:not([hidden])") && !line.opening && does.open()),
  ready: () => (can.has("done") ? does.done() : can.has("ready") && does.ready()),
  hold: () => (can.has("hold") ? does.hold() : can.has("resume") && does.resume()),
  unrecord: () => (can.has("unrecord") ? does.unrecord() : can.has("record") && does.record()),
  auto: () => part("auto").click(),
  dial: () => can.has("callout") && part("dialnumber").focus(),
  pick: () => part("waiting").querySelector("button:not(:disabled)")?.focus(),
  category: () => caller.form.category.field.focus(),
  answercase: () => caller.form.answer(),
  title: () => root.querySelector("[data-testid=case-title]").focus(),
  help: () => does.help(),
};

root.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button && !button.disabled) does[button.dataset.do]?.();
});
listen((name) => { if (byKey[name]) byKey[name](); else if (can.has(name)) does[name](); });
addEventListener("beforeunload", (event) => { if (call?.state === "talking") event.preventDefault(); });

async function callOut(typed) {
  const text = typed.trim();
  const target = /^\d{2,4}$/.test(text) && feed.seats()[text] ? `seat:${text}` : `number:${number(text) || text}`;
  if (await order("callout", { target })) part("dialnumber").value = "";
}
part("dial").addEventListener("submit", (event) => {
  event.preventDefault();
  if (part("dialnumber").value.trim() && can.has("callout")) callOut(part("dialnumber").value);
});
part("waiting").addEventListener("click", async (event) => {
  const id = event.target.closest("[data-pick]")?.dataset.pick;
  if (!id || picked) return;
  picked = id;
  draw();
  if (!await order("pick", { call: id })) { picked = null; draw(); }
});
part("auto").checked = localStorage.getItem(AUTO) === "1";
part("auto").addEventListener("change", () => localStorage.setItem(AUTO, part("auto").checked ? "1" : "0"));

// -- the line and the softphone ----------------------------------------------------------------------------

line.addEventListener("trouble", ({ detail }) => trouble(detail));
line.addEventListener("note", ({ detail }) => put(part("seatnote"), detail));
line.addEventListener("resumed", () => recovery.begin());
line.addEventListener("changed", () => draw());
line.addEventListener("gone", () => { quiet(); ended(); });

phone.addEventListener("state", ({ detail: state }) => {
  pill.dataset.state = state === "refused" ? "down" : state;
  pill.title = `${t("pill.phone_title")} ${t(`phone_state.${state}`)}`;
  draw();
});
phone.addEventListener("ringing", ({ detail }) => {
  call = { ...detail, state: "ringing" };
  recovery.called();
  caller.comes(call);
  if (call.auto || part("auto").checked || (picked && picked === call.call)) answerAlone(call);
  else ring(call.number);
  picked = null;
  draw();
});
phone.addEventListener("talking", () => {
  quiet();
  if (call) Object.assign(call, { state: "talking", answered: now() });
  draw();
});
phone.addEventListener("ended", () => { quiet(); ended(); });
phone.addEventListener("muted", ({ detail: on }) => { key("mute").setAttribute("aria-pressed", String(on)); });
phone.addEventListener("trouble", ({ detail }) => {
  trouble(t({ "microphone-gone": "mic.gone", "microphone-refused": "mic.refused", "no-sound": "mic.no_sound" }[detail]));
});

async function answerAlone(one) {
  await beep();
  if (call === one && call.state === "ringing") phone.answer();
}

function ended() {
  call = null;
  picked = null;
  picker.close();
  keypad.forget();
  recovery.ended();
  key("mute").setAttribute("aria-pressed", "false");
  draw();
}

// -- what is drawn -----------------------------------------------------------------------------------------

function draw() {
  const row = feed.seats()[seat] ?? null;
  const live = row?.call ? feed.calls()[row.call] ?? null : null;
  // The floor may tell that the picked call rings here before the softphone does: it is still the one to be answered.
  if (picked && row?.call !== picked && !["queue", "net"].includes(feed.calls()[picked]?.stage)) picked = null;
  const seen = situation({ row, live, call, phone: phone.state });
  can = seen.can;
  drawSeat(row, seen);
  panel.draw(seen, { call, row });
  spoken.saw(seen);
  if (!can.has(picker.mode === "transfer" || picker.mode === "expert" ? "transfer" : "consult")) picker.close();
  if (!can.has("keypad")) keypad.close();
  key("keypad").setAttribute("aria-expanded", String(keypad.open));
  put(part("queue"), caller.queue(live));
  const language = caller.language || live?.language || row?.language;
  put(part("language"), language ? t(`language.${language}`) : "");
  caller.draw(call);
  key("callback").hidden = !can.has("callout") || !part("callernumber").textContent;
  const waiting = drawWaiting(part("waiting"), Object.values(feed.calls()), can.has("pick") && !picked, picked);
  put(part("waitcount"), waiting);
  part("nowait").hidden = waiting > 0;
  recovery.saw(seen);
  put(part("seatnote"), line.opening ? part("seatnote").textContent : recovery.waiting ? t("seat.recovering") : "");
  tick();
}

function drawSeat(row, seen) {
  const output = part("seatstate");
  output.dataset.state = seen.state;
  const why = row?.reason && ["paused", "unreachable"].includes(seen.state) ? t("punct.colon") + reason(row.reason) : "";
  put(output, t(`seat_state.${seen.state}`) + why);
  root.querySelector("[data-when=closed]").hidden = seen.open;
  root.querySelector("[data-when=open]").hidden = !seen.open;
  key("open").disabled = line.opening;
  put(part("openlabel"), t(row && !seen.open ? "seat.take_over" : "seat.open"));
  for (const name of ["ready", "close"]) key(name).hidden = !can.has("close");
  key("ready").disabled = !can.has("ready");
  part("wrapup").hidden = !can.has("done");
  part("dial").hidden = !can.has("callout");
}

function tick() {
  const row = feed.seats()[seat] ?? null;
  put(part("since"), since(row?.since));
  const live = row?.call ? feed.calls()[row.call] : null;
  const entered = caller.entered || live?.entered;
  put(part("waited"), call && entered && live?.direction !== "out" ? clock(((call.answered ?? now()) - Date.parse(entered)) / 1000) : "");
  put(part("talk"), call?.answered ? clock((now() - call.answered) / 1000) : "");
  if (row?.state === "wrapup" && row.wrap_until) {
    const left = (Date.parse(row.wrap_until) - now()) / 1000;
    put(part("wrapleft"), clock(left));
    spoken.left(row.wrap_until, left);
  }
  pauseLeft(row);
  ticking(root);
}
setInterval(tick, 1000);

/** A paused recording goes on by itself: how soon, and said aloud shortly before. */
function pauseLeft(row) {
  const shown = part("pauseleft");
  if (!shown) return;
  const most = Number(shown.dataset.pauseleft);
  shown.hidden = !(most && row?.unrecorded && row.unrecorded_at);
  if (shown.hidden) return;
  const left = Math.max(0, (Date.parse(row.unrecorded_at) - now()) / 1000 + most);
  put(shown, clock(left));
  if (left <= PAUSE_WARNING && shown.dataset.warned !== row.unrecorded_at) {
    shown.dataset.warned = row.unrecorded_at;
    announce(t("call.pause_over", { seconds: Math.ceil(left) }));
  }
}

feed.on("floor", () => {
  const row = feed.seats()[seat];
  if (row?.contact && ["ringing", "talking"].includes(row.state)) caller.meet(row.contact);
  draw();
});
feed.on("state", draw);
caller.changed = draw;

draw();
load().then(draw, () => {});
line.resume();
