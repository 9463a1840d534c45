// The replay: a day of a node's tape under a slider, drawn as the board is.

import { el, get, put, t } from "./lib.js";
import { BoardView, timeOfDay } from "./boardview.js";

const STEP = 500;
const AGAIN = 250;
const SVG = "http://www.w3.org/2000/svg";
const root = document.querySelector("[data-board]");
const part = (name) => root.querySelector(`[data-${name}]`);

let film = null; // {node, day, begin, end, events}
let at = 0; // ms
let drawn = null; // ms of the floor on the screen
let asking = false;
let timer = null;
let asked = 0;

const view = part("slider") ? new BoardView(root, { at: () => at }) : null;

/** Seconds of the day, which begins at `film.begin`. */
const seconds = (ms) => Math.floor((ms - film.begin) / 1000);

async function load() {
  const [node, day] = [part("node").value, part("day").value];
  if (!day) return;
  stop();
  const mine = asked += 1;
  film = null;
  drawn = null;
  let again = "";
  for (;;) {
    let told;
    try {
      told = await get(`/api/replay/${node}/day?day=${day}${again}`);
    } catch (trouble) {
      if (mine === asked) put(part("note"), trouble.status === 404 ? t("replay.nothing") : trouble.message);
      return;
    }
    if (mine !== asked) return;
    const first = film === null;
    film = { node, day, begin: Date.parse(told.begin), end: Date.parse(told.end), events: told.events, more: told.more };
    list();
    if (first) go(told.events.length ? Date.parse(told.events[0].at) : film.begin);
    put(part("note"), told.part < 1 ? t("replay.reading", { part: Math.floor(told.part * 100) }) : "");
    if (told.part >= 1) break;
    again = "&again=1";
    await new Promise((after) => setTimeout(after, AGAIN));
  }
  go(film.events.length ? Date.parse(film.events[0].at) : film.begin);
}

/** The events as marks over the slider and as a list to jump from. */
function list() {
  part("slider").max = String(seconds(film.end - 1000));
  const length = 86400;
  const line = (event) => {
    const made = document.createElementNS(SVG, "line");
    const x = (Date.parse(event.at) - film.begin) / 1000 / (seconds(film.end) || length) * length;
    for (const [name, value] of Object.entries({ x1: x, x2: x, y1: 0, y2: 10 })) made.setAttribute(name, value);
    made.dataset.what = event.what;
    return made;
  };
  part("marks").replaceChildren(...film.events.map(line));
  part("events").replaceChildren(...film.events.map((event) => {
    const button = el("button", { type: "button", "data-at": event.at, "data-testid": "replay-event" },
      el("span", { class: "ltr clock" }, timeOfDay(event.at)), t(`replay.event.${event.what}`), el("bdi", { class: "quiet" }, event.about));
    return el("li", {}, button);
  }));
  put(part("eventcount"), film.events.length);
  part("moreevents").hidden = !film.more;
  put(part("moreevents"), t("replay.more_events", { count: film.more }));
}

/** Go to a moment and show it. */
function go(ms) {
  if (!film) return;
  at = Math.min(Math.max(ms, film.begin), film.end - 1000);
  const iso = new Date(at).toISOString();
  part("slider").value = String(seconds(at));
  part("slider").setAttribute("aria-valuetext", timeOfDay(iso));
  put(part("shown"), timeOfDay(iso));
  if (document.activeElement !== part("time")) part("time").value = timeOfDay(iso);
  let current = null;
  for (const button of part("events").querySelectorAll("button")) {
    if (Date.parse(button.dataset.at) <= at) current = button;
    button.removeAttribute("aria-current");
  }
  current?.setAttribute("aria-current", "true");
  view.tick();
  show();
}

/** Ask for the floor of the moment wanted last; one question at a time. */
async function show() {
  if (asking || !film || drawn === at) return;
  asking = true;
  const [mine, wanted, from] = [asked, at, film];
  try {
    const told = await get(`/api/replay/${from.node}/at?time=${encodeURIComponent(new Date(wanted).toISOString())}`);
    if (mine === asked && told.message) {
      drawn = wanted;
      view.draw([told.message], { [from.node]: { ok: true } });
      root.dataset.drawn = new Date(wanted).toISOString();
    } else if (mine === asked) {
      put(part("note"), t("replay.reading", { part: Math.floor(told.part * 100) }));
      await new Promise((after) => setTimeout(after, AGAIN));
    }
  } catch (trouble) {
    put(part("note"), trouble.message);
    drawn = wanted;
  }
  asking = false;
  if (drawn !== at) show();
}

function stop() {
  clearInterval(timer);
  timer = null;
  part("play").setAttribute("aria-pressed", "false");
  put(part("play"), t("replay.play"));
}

function play() {
  if (timer) { stop(); return; }
  part("play").setAttribute("aria-pressed", "true");
  put(part("play"), t("replay.pause"));
  timer = setInterval(() => {
    go(at + STEP * Number(part("speed").value));
    if (at >= film.end - 1000) stop();
  }, STEP);
}

/** To the event before or after. */
function jump(forward) {
  if (!film) return;
  const times = film.events.map((event) => Date.parse(event.at));
  const next = forward ? times.find((ms) => ms > at) : times.findLast((ms) => ms < at);
  if (next !== undefined) go(next);
}

function choose() {
  const { first, last } = part("node").selectedOptions[0].dataset;
  Object.assign(part("day"), { min: first, max: last, value: last });
  load();
}

if (view) {
  part("node").addEventListener("change", choose);
  part("day").addEventListener("change", load);
  part("time").addEventListener("change", ({ target }) => {
    if (!film || !target.value) return;
    const [h, m, s = 0] = target.value.split(":").map(Number);
    go(film.begin + (h * 3600 + m * 60 + s) * 1000);
  });
  part("slider").addEventListener("input", ({ target }) => { if (film) go(film.begin + Number(target.value) * 1000); });
  part("slider").addEventListener("keydown", (event) => {
    const by = { PageUp: 60_000, PageDown: -60_000 }[event.key];
    if (by) { event.preventDefault(); go(at + by); }
    if (event.key === " ") { event.preventDefault(); play(); }
  });
  part("play").addEventListener("click", play);
  part("back").addEventListener("click", () => jump(false));
  part("forth").addEventListener("click", () => jump(true));
  part("events").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) go(Date.parse(button.dataset.at));
  });
  choose();
}
