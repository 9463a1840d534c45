// The ring: a soft two-tone made by the browser itself, and a flashing title.

import { t } from "./lib.js";

let context = null;
let timer = null;
let flash = null;
const title = document.title;

function chime() {
  const at = context.currentTime;
  for (const [hz, from] of [[659, 0], [523, 0.22]]) {
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
  context.resume().then(chime).catch(() => {});
  timer = setInterval(chime, 1600);
  let on = true;
  flash = setInterval(() => {
    document.title = on ? `☎ ${t("call.ringing")} ${number}` : title;
    on = !on;
  }, 700);
}

/** Stop ringing. */
export function quiet() {
  clearInterval(timer);
  clearInterval(flash);
  document.title = title;
}
