// The ring: a soft two-tone made by the browser itself, and a flashing title.

import { t } from "./lib.js";

const BEEP = 300;
let context = null;
let timer = null;
let flash = null;
const title = document.title;

function chime(tones = [[659, 0], [523, 0.22]]) {
  const at = context.currentTime;
  for (const [hz, from] of tones) {
    const tone = context.createOscillator();
    const loud = context.createGain();
    tone.frequency.value = hz;
    loud.gain.setValueAtTime(0, at + from);
    loud.gain.linearRampToValueAtTime(0.15, at + from + 0.02);
    loud.gain.exponentialRampToValueAtTime(0.001, at + from + 0.4);
    tone.connect(loud).connect(context.destination);
    tone.start(at + from);
    tone.stop(at + from + 0.45);
  }
}

/** Ring until `quiet`. */
export function ring(number) {
  quiet();
  context ??= new AudioContext();
  context.resume().then(() => chime()).catch(() => {});
  timer = setInterval(() => chime(), 1600);
  let on = true;
  flash = setInterval(() => {
    document.title = on ? `☎ ${t("call.ringing")} ${number}` : title;
    on = !on;
  }, 700);
}

/** One short tone: a call is answered by itself. Comes back when it is over. */
export async function beep() {
  context ??= new AudioContext();
  context.resume().then(() => chime([[880, 0]])).catch(() => {});
  await new Promise((go) => { setTimeout(go, BEEP); });
}

/** Stop ringing. */
export function quiet() {
  clearInterval(timer);
  clearInterval(flash);
  document.title = title;
}
