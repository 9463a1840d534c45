// The recording player: waveform of both sides, seek, speed. The recording is opened by a click, which is written down.

import { clock, get, put, t } from "./lib.js";

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
    this.opened = false;
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
    for (const name of ["play", "pause", "ended"]) this.audio.addEventListener(name, () => this.#show());
    this.audio.addEventListener("timeupdate", () => this.#show());
    this.audio.addEventListener("error", () => this.opened && this.#say(t("recording.cannot")));
    new ResizeObserver(() => this.#draw()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
    this.#show();
  }

  async #open() {
    if (this.opened) return;
    this.opened = true;
    this.audio.src = `/recordings/${this.id}/${this.root.querySelector("[data-side]").value}`;
    this.audio.playbackRate = Number(this.root.querySelector("[data-speed]").value);
    try {
      this.wave = await get(`/api/recordings/${this.id}/wave`);
      this.#draw();
    } catch (trouble) {
      this.#say(trouble.message);
    }
  }

  async #toggle() {
    if (this.audio.paused) {
      this.#say("");
      this.#open();
      await this.audio.play().catch(() => this.#say(t("recording.cannot")));
    } else this.audio.pause();
  }

  async #go(to) {
    await this.#open();
    this.audio.currentTime = Math.min(Math.max(0, to), this.seconds);
    this.#show();
  }

  #side(side) {
    if (!this.opened) return;
    const { currentTime, paused, playbackRate } = this.audio;
    this.audio.src = `/recordings/${this.id}/${side}`;
    this.audio.currentTime = currentTime;
    this.audio.playbackRate = playbackRate;
    if (!paused) this.audio.play().catch(() => this.#say(t("recording.cannot")));
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
