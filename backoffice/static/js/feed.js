// The live feed: one EventSource that comes back by itself, and the floor kept whole by version.

import { get, setClock } from "./lib.js";

const events = new EventTarget();
const nodes = new Map();
const TELLS = ["case", "recording", "step", "store", "bridge", "seat", "nodes", "news"];
const LONGEST_SILENCE = 25000;

/** What is live: `on(name, handler)`, `seats()`, `calls()`, `nodes()` (the floor message of each), `state`. */
export const feed = {
  state: "connecting",
  on: (name, handler) => events.addEventListener(name, (event) => handler(event.detail)),
  seats: () => merged("seats"),
  calls: () => merged("calls"),
  nodes: () => [...nodes.values()],
  start,
};

let source = null;
let heardAt = 0;
let wait = 1000;
let over = false;

function merged(part) {
  return Object.assign({}, ...[...nodes.values()].map((node) => node[part]));
}

function tell(name, detail) {
  events.dispatchEvent(new CustomEvent(name, { detail }));
}

function become(state) {
  if (feed.state === state) return;
  feed.state = state;
  tell("state", state);
}

function start(path) {
  over = false;
  connect(path);
  setInterval(() => {
    if (!over && source && Date.now() - heardAt > LONGEST_SILENCE) again(path);
  }, 5000);
  addEventListener("online", () => again(path));
  addEventListener("pagehide", () => { over = true; source?.close(); });
}

function connect(path) {
  if (over) return;
  heardAt = Date.now();
  source = new EventSource(path);
  const listen = (name, handler) => source.addEventListener(name, (event) => {
    heardAt = Date.now();
    handler(event.data ? JSON.parse(event.data) : {});
  });
  source.onopen = () => { heardAt = Date.now(); wait = 1000; nodes.clear(); become("up"); };
  source.onerror = () => {
    become("down");
    if (source.readyState === EventSource.CLOSED) again(path);
  };
  listen("floor", (message) => { take(message, path); });
  listen("resync", () => { nodes.clear(); });
  listen("beat", (beat) => setClock(beat.at));
  listen("bye", () => { over = true; source.close(); document.dispatchEvent(new CustomEvent("gridline:bye")); });
  for (const name of TELLS) listen(name, (detail) => tell(name, detail));
}

function again(path) {
  source?.close();
  become("down");
  clearTimeout(again.timer);
  again.timer = setTimeout(async () => {
    try {
      // Refused for good (logged out) or only for now? An EventSource does not say; a look at the session does.
      await get("/api/here");
    } catch { /* the handler of 401 has spoken, anything else passes */ }
    connect(path);
  }, wait);
  wait = Math.min(wait * 2, 8000);
}

function take(message, path) {
  const known = nodes.get(message.node);
  if (message.full) {
    nodes.set(message.node, message);
  } else if (!known || known.epoch !== message.epoch || message.v !== known.v + 1) {
    if (known && known.epoch === message.epoch && message.v <= known.v) return;
    again(path);
    return;
  } else {
    for (const [key, value] of Object.entries(message)) {
      if (key === "seats" || key === "calls") {
        for (const [id, row] of Object.entries(value)) {
          if (row === null) delete known[key][id];
          else known[key][id] = row;
        }
      } else if (key !== "full" && (key !== "figures" || Object.keys(value).length > 0)) known[key] = value;
    }
  }
  tell("floor", message);
}
