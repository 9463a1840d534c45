// The recording player: waveform of both sides, seek, speed, marks and notes at their times. The recording is opened by a
// click, which is written down. Keys while the focus is in it: space or K plays, J and L or the arrows go 5 s, N a note.

import { clock, el, get, post, put, t, uuid7 } from "./lib.js";

const STEP = 5;
const LATER = 300;

export class Player {
  constructor(root) {
    this.root = root;
    this.id = root.dataset.player;
    this.seconds = Number(root.dataset.seconds);
    const part = (name) => root.querySelector(`[data-${name}]`);
    this.button = part("play");
    this.seek = part("seek");
    this.time = part("time");
    this.canvas = part("wave");
    this.trouble = part("trouble");
    this.list = part("marks");
    this.noting = part("noting");
    this.download = part("download");
    this.marks = [];
    this.notes = [];
    this.opened = false;
    this.looked = false;
    this.wave = null;
    this.audio = new Audio();
    this.audio.preload = "none";
    this.audio.hidden = true;
    root.append(this.audio);
    this.button.addEventListener("click", () => this.#toggle());
    this.seek.addEventListener("input", () => this.#go(Number(this.seek.value)));
    part("speed").addEventListener("change", (event) => { this.audio.playbackRate = Number(event.target.value); });
    part("side").addEventListener("change", (event) => this.#side(event.target.value));
    this.canvas.addEventListener("click", (event) => {
      const box = this.canvas.getBoundingClientRect();
      this.#go(((event.clientX - box.left) / box.width) * this.seconds);
    });
    root.addEventListener("keydown", (event) => this.#key(event));
    this.noting?.addEventListener("submit", (event) => { event.preventDefault(); this.#write(); });
    for (const name of ["play", "pause", "ended"]) this.audio.addEventListener(name, () => this.#show());
    this.audio.addEventListener("timeupdate", () => this.#show());
    this.audio.addEventListener("error", () => this.opened && this.#say(t("recording.cannot")));
    new ResizeObserver(() => this.#draw()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
    this.#show();
  }

  #open() {
    if (this.opened) return;
    this.opened = true;
    this.audio.src = `/recordings/${this.id}/${this.root.querySelector("[data-side]").value}`;
    this.audio.playbackRate = Number(this.root.querySelector("[data-speed]").value);
    if (this.noting) this.noting.hidden = false;
    this.audio.addEventListener("playing", () => this.#look(), { once: true });
    setTimeout(() => this.#look(), LATER);
  }

  /** What there is to see of it: the sound goes first. */
  async #look() {
    if (this.looked) return;
    this.looked = true;
    try {
      const [wave, told] = await Promise.all([get(`/api/recordings/${this.id}/wave`), get(`/api/recordings/${this.id}/marks`)]);
      Object.assign(this, { wave, marks: told.marks, notes: told.notes });
      this.#tell();
      this.#draw();
    } catch (trouble) {
      this.#say(trouble.message);
    }
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input:not([type=range]), select, textarea")) return;
    const at = this.audio.currentTime;
    const does = {
      " ": () => this.#toggle(), k: () => this.#toggle(), j: () => this.#go(at - STEP), l: () => this.#go(at + STEP),
      ArrowLeft: () => this.#go(at - STEP), ArrowRight: () => this.#go(at + STEP),
      n: () => this.opened && this.noting?.elements.text.focus(),
    }[event.key];
    if (!does || (event.key === " " && event.target.matches("button, a"))) return;
    event.preventDefault();
    does();
  }

  #tell() {
    const notes = this.notes.map((note) => ({ kind: "note", begin: note.second, end: note.second, note }));
    const all = [...this.marks, ...notes].sort((a, b) => a.begin - b.begin);
    this.list.hidden = all.length === 0;
    this.list.replaceChildren(...all.map((mark) => this.#mark(mark)));
  }

  #mark(mark) {
    const words = mark.note ? mark.note.text : t(`recording.mark.${mark.kind}`, { who: mark.who.replace(/^\w+:/, "") });
    const go = el("button", { type: "button", class: "small", "data-kind": mark.kind, title: mark.note ? mark.note.by : null },
      el("span", { class: "ltr" }, clock(mark.begin)), " ", el("bdi", {}, words));
    go.addEventListener("click", () => this.#go(mark.begin));
    const drop = mark.note?.mine ? el("button", { type: "button", class: "small", "aria-label": `${t("recording.note_drop")}: ${words}` }, "✕") : null;
    drop?.addEventListener("click", () => this.#drop(mark.note));
    return el("li", { "data-testid": "recording-mark", "data-kind": mark.kind }, go, drop);
  }

  async #write() {
    const field = this.noting.elements.text;
    const note = { order: uuid7(), second: Math.round(this.audio.currentTime * 10) / 10, text: field.value };
    try {
      this.notes.push(await post(`/api/recordings/${this.id}/notes`, note));
      field.value = "";
      this.#say("");
      this.#tell();
      this.#draw();
    } catch (trouble) {
      this.#say(trouble.message);
    }
  }

  async #drop(note) {
    try {
      await post(`/api/recordings/${this.id}/notes/${note.id}/drop`);
      this.notes = this.notes.filter((one) => one !== note);
      this.#tell();
      this.#draw();
    } catch (trouble) {
      this.#say(trouble.message);
    }
  }

  async #toggle() {
    if (this.audio.paused) {
      this.#say("");
      this.#open();
      await this.#play();
    } else this.audio.pause();
  }

  async #play() {
    try {
      await this.audio.play();
    } catch (trouble) {
      if (trouble.name !== "AbortError") this.#say(t("recording.cannot")); // a pause before it had begun is none
    }
  }

  #go(to) {
    this.#open();
    this.audio.currentTime = Math.min(Math.max(0, to), this.seconds);
    this.#show();
  }

  #side(side) {
    if (this.download) this.download.href = `/recordings/${this.id}/${side}/download`;
    if (!this.opened) return;
    const { currentTime, paused, playbackRate } = this.audio;
    this.audio.src = `/recordings/${this.id}/${side}`;
    this.audio.currentTime = currentTime;
    this.audio.playbackRate = playbackRate;
    if (!paused) this.#play();
  }

  #say(text) {
    put(this.trouble, text);
    this.trouble.hidden = !text;
  }

  #show() {
    const playing = !this.audio.paused && !this.audio.ended;
    put(this.button, t(playing ? "recording.pause" : "recording.play"));
    this.button.setAttribute("aria-pressed", String(playing));
    if (document.activeElement !== this.seek || playing) this.seek.value = this.audio.currentTime;
    if (this.noting) put(this.noting.querySelector("[data-noteat]"), clock(this.audio.currentTime));
    put(this.time, `${clock(this.audio.currentTime)} / ${clock(this.seconds)}`);
    this.#draw();
  }

  #draw() {
    const { canvas, wave } = this;
    const scale = devicePixelRatio || 1;
    const [width, height] = [Math.round(canvas.clientWidth * scale), Math.round(canvas.clientHeight * scale)];
    if (!width || !height) return;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const pen = canvas.getContext("2d");
    const colour = (name) => getComputedStyle(canvas).getPropertyValue(name);
    pen.clearRect(0, 0, width, height);
    const x = (second) => (second / (this.seconds || 1)) * width;
    for (const mark of this.marks) {
      pen.fillStyle = colour(mark.kind === "gap" ? "--stop-soft" : "--warn-soft");
      pen.fillRect(x(mark.begin), 0, Math.max(x(mark.end) - x(mark.begin), 2 * scale), height);
    }
    for (const note of this.notes) {
      pen.fillStyle = colour("--go");
      pen.fillRect(x(note.second), 0, 2 * scale, height);
    }
    const middle = height / 2;
    pen.fillStyle = colour("--line");
    pen.fillRect(0, middle, width, scale);
    const side = (peaks, direction, ink) => {
      if (!peaks?.length) return;
      const step = width / peaks.length;
      pen.fillStyle = ink;
      peaks.forEach((peak, i) => pen.fillRect(i * step, middle, Math.max(step - scale / 2, scale / 2), direction * peak * (middle - scale)));
    };
    side(wave?.citizen, -1, colour("--citizen"));
    side(wave?.seat, 1, colour("--accent"));
    pen.fillStyle = colour("--ink");
    pen.fillRect((this.audio.currentTime / (this.seconds || 1)) * width, 0, 2 * scale, height);
  }
}
