// The prompts: each heard, recorded by a person here, by a telephone or from a file, and given back to the voice.

import { announce, ask, csrf, get, post, put, t, uuid7 } from "./lib.js";
import { toWav } from "./wav.js";

const list = document.querySelector("[data-prompts]");
const trouble = document.querySelector("[data-trouble]");
const sound = new Audio();
let recorder = null;

const LONGEST = 29500; // a little less than is taken, of a recording that nobody stops

function say(text) {
  put(trouble, text);
  trouble.hidden = !text;
}

const of = (node) => {
  const part = node.closest("[data-language]");
  return { part, language: part.dataset.language, name: node.closest("[data-prompt]").dataset.prompt };
};
const path = ({ language, name }) => `/rules/voice/prompts/${language}/${name}`;

function show(part, state) {
  part.dataset.state = state;
  const shown = part.querySelector("[data-shown]");
  put(shown, t(`prompts.state.${state}`));
  shown.className = `chip${{ recorded: " good", missing: " bad" }[state] ?? ""}`;
  part.querySelector("[data-back]").hidden = state !== "recorded";
  part.querySelector("[data-hear]").hidden = state === "missing";
}

/** Send what was recorded or opened; it is made fit for the telephone here and checked there. */
async function keep(at, blob) {
  say("");
  at.part.setAttribute("aria-busy", "true");
  try {
    const body = await toWav(blob);
    const { state } = await ask(path(at), { method: "POST", headers: { Accept: "application/json", "Content-Type": "audio/wav", "X-CSRF": csrf() }, body });
    show(at.part, state);
    announce(t("prompts.kept"));
    hear(at);
  } catch (error) {
    say(error instanceof DOMException ? t("prompts.refused.format") : error.message);
  } finally {
    at.part.removeAttribute("aria-busy");
  }
}

function hear({ language, name }) {
  const words = new URLSearchParams({ language, name, v: String(Date.now()) });
  sound.src = `/rules/voice/hear?${words}`;
  sound.play().catch(() => {});
}

async function record(button) {
  if (recorder) { recorder.stop(); return; }
  const at = of(button);
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (error) {
    say(t({ NotFoundError: "mic.none", NotReadableError: "mic.busy" }[error.name] ?? "mic.refused"));
    return;
  }
  say("");
  const pieces = [];
  recorder = new MediaRecorder(stream);
  recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
  const end = setTimeout(() => recorder?.stop(), LONGEST);
  recorder.addEventListener("stop", () => {
    clearTimeout(end);
    for (const track of stream.getTracks()) track.stop();
    button.setAttribute("aria-pressed", "false");
    put(button, t("prompts.record"));
    const made = new Blob(pieces, { type: recorder.mimeType });
    recorder = null;
    keep(at, made);
  });
  recorder.start();
  button.setAttribute("aria-pressed", "true");
  put(button, t("prompts.stop"));
}

// -- by telephone -------------------------------------------------------------------------------------------

const seat = document.querySelector("[data-seatnumber]");
const LOOK_EVERY = 700;
const GIVE_UP = 150000; // ringing, what is told, and the longest recording, and then some
const KEPT_SEAT = "gridline-prompt-seat";
seat.value ||= localStorage.getItem(KEPT_SEAT) ?? "";
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

function tell(part, text, state) {
  const shown = part.querySelector("[data-progress]");
  put(shown, text);
  shown.dataset.state = state;
  shown.hidden = !text;
}

/** Ring the seat, and follow it until the recording is in use or the page says why it is not. */
async function byPhone(at, button) {
  say("");
  if (!/^[0-9]{2,8}$/.test(seat.value.trim())) {
    say(t("prompts.phone.no-seat"));
    seat.focus();
    return;
  }
  localStorage.setItem(KEPT_SEAT, seat.value.trim());
  button.disabled = true;
  try {
    const { order } = await post(`${path(at)}/telephone`, { order: uuid7(), seat: seat.value.trim() });
    const end = Date.now() + GIVE_UP;
    let seen = { state: "ringing" };
    while (!["kept", "refused"].includes(seen.state)) {
      if (Date.now() > end) throw new Error(t("prompts.refused.no-answer"));
      seen = await get(`/rules/voice/prompts/telephone/${order}`);
      tell(at.part, seen.text, seen.state);
      if (!["kept", "refused"].includes(seen.state)) await pause(LOOK_EVERY);
    }
    announce(seen.text, seen.state === "refused");
    if (seen.state === "kept") { show(at.part, seen.shown); hear(at); }
  } catch (error) {
    tell(at.part, "", "");
    say(error.message);
  } finally {
    button.disabled = false;
  }
}

list.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const at = of(button);
  if ("hear" in button.dataset) hear(at);
  else if ("record" in button.dataset) record(button);
  else if ("phone" in button.dataset) byPhone(at, button);
  else if ("back" in button.dataset) {
    try {
      const { state } = await post(`${path(at)}/back`);
      show(at.part, state);
      announce(t("prompts.given_back"));
    } catch (error) { say(error.message); }
  }
});
list.addEventListener("change", (event) => {
  if (!("file" in event.target.dataset) || !event.target.files.length) return;
  keep(of(event.target), event.target.files[0]);
  event.target.value = "";
});
document.querySelector("[data-filter]").addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const row of list.children) row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
});
