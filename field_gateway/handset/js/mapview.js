/**
 * A map drawn by the phone itself on a canvas: grid cells, events, things, colleagues, tracks, the own place. No tiles.
 *
 * A finger moves it, two zoom it, a wheel and the keys + − and arrows do the same; a touch picks what is nearest.
 * `layers`: {cells: [{ring, name, own}], tracks: [[{lon, lat}]], spots: [{lon, lat, kind, label, …}], me: {lon, lat, accuracy}}.
 */
import { View } from "./geo.js";
import { el, icon } from "./ui.js";

const REACH = 22; // pixels from a finger's middle
const SHAPES = { event: "dot", mine: "ring", thing: "square", colleague: "person", mark: "pin", begin: "dot", end: "square" };
const COLOURS = { event: "--stop", mine: "--warn", thing: "--info", colleague: "--go", mark: "--accent", begin: "--go", end: "--stop" };
const ZOOM_KEYS = { "+": 0.7, "=": 0.7, "-": 1.43 };
const MOVE_KEYS = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };

export class MapView {
  #pointers = new Map();
  #moved = 0;
  #waiting = 0;

  constructor({ words, pick = () => undefined, here = null, t }) {
    this.view = new View({ lon: 0, lat: 0 });
    this.layers = { cells: [], tracks: [], spots: [], me: null };
    this.pick = pick;
    this.picked = null;
    this.canvas = el("canvas", { class: "map", tabindex: "0", role: "img", "aria-label": words, "data-testid": "map" });
    const act = (label, sign, test, go) => el("button", { type: "button", class: "button", "aria-label": label, "data-testid": test, on: { click: go } }, sign);
    this.node = el("div", { class: "mapbox" }, this.canvas, el("div", { class: "mapacts" },
      act(t("map.nearer"), "+", "map-in", () => this.zoom(0.6)),
      act(t("map.farther"), "−", "map-out", () => this.zoom(1.67)),
      here ? act(t("map.me"), icon("place"), "map-me", here) : null));
    this.canvas.addEventListener("pointerdown", (event) => this.#down(event));
    this.canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel"]) this.canvas.addEventListener(name, (event) => this.#up(event));
    this.canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(event.deltaY > 0 ? 1.2 : 0.83, event.offsetX, event.offsetY);
    }, { passive: false });
    this.canvas.addEventListener("keydown", (event) => {
      if (ZOOM_KEYS[event.key]) this.zoom(ZOOM_KEYS[event.key]);
      else if (MOVE_KEYS[event.key]) { this.view.pan(...MOVE_KEYS[event.key]); this.soon(); } else return;
      event.preventDefault();
    });
    this.watcher = new ResizeObserver(() => this.size());
    this.watcher.observe(this.canvas);
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.redraw = () => this.soon();
    this.dark.addEventListener("change", this.redraw);
  }

  /** Take the map off. */
  end() {
    this.watcher.disconnect();
    this.dark.removeEventListener("change", this.redraw);
    cancelAnimationFrame(this.#waiting);
  }

  /** Show other things. */
  put(layers) {
    Object.assign(this.layers, layers);
    this.soon();
  }

  /** Go to a place. */
  to(lon, lat, scale = Math.min(this.view.scale, 2)) {
    Object.assign(this.view, { lon, lat, scale });
    this.soon();
  }

  /** Show a box whole. */
  fit(box) {
    this.size();
    this.view.fit(box);
    this.soon();
  }

  zoom(factor, x, y) {
    this.view.zoom(factor, x, y);
    this.soon();
  }

  /** As large as the page makes it, sharp on any screen. */
  size() {
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth) return;
    this.ratio = Math.min(devicePixelRatio || 1, 2); // more costs a small phone its battery and shows nothing
    this.view.width = clientWidth;
    this.view.height = clientHeight;
    this.canvas.width = Math.round(clientWidth * this.ratio);
    this.canvas.height = Math.round(clientHeight * this.ratio);
    this.soon();
  }

  soon() {
    cancelAnimationFrame(this.#waiting);
    this.#waiting = requestAnimationFrame(() => this.draw());
  }

  draw() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const pen = this.canvas.getContext("2d");
    const { width, height } = this.view;
    pen.setTransform(this.ratio || 1, 0, 0, this.ratio || 1, 0, 0);
    pen.fillStyle = colour("--paper");
    pen.fillRect(0, 0, width, height);
    this.#cells(pen, colour);
    for (const track of this.layers.tracks) this.#track(pen, track, colour("--accent"));
    if (this.layers.me) this.#me(pen, colour);
    for (const spot of this.layers.spots) this.#spot(pen, spot, colour);
    this.#bar(pen, colour);
    this.canvas.dataset.drawn = String(this.layers.spots.length + this.layers.cells.length);
  }

  #path(pen, points) {
    pen.beginPath();
    points.forEach(([lon, lat], i) => pen[i ? "lineTo" : "moveTo"](...this.view.xy(lon, lat)));
  }

  #cells(pen, colour) {
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.font = "12px system-ui, sans-serif";
    for (const cell of [...this.layers.cells].sort((a, b) => Number(Boolean(a.own)) - Number(Boolean(b.own)))) {
      this.#path(pen, cell.ring);
      pen.closePath();
      pen.fillStyle = colour(cell.own ? "--accent-soft" : "--card");
      pen.fill();
      pen.lineWidth = cell.own ? 2 : 1;
      pen.strokeStyle = colour(cell.own ? "--accent" : "--line-strong");
      pen.stroke();
    }
    pen.fillStyle = colour("--soft");
    for (const cell of this.layers.cells) {
      const spots = cell.ring.map(([lon, lat]) => this.view.xy(lon, lat));
      const wide = Math.max(...spots.map(([x]) => x)) - Math.min(...spots.map(([x]) => x));
      if (wide < 60) continue;
      const middle = [0, 1].map((i) => spots.reduce((sum, spot) => sum + spot[i], 0) / spots.length);
      pen.fillText(cell.name, ...middle, wide - 8);
    }
  }

  #track(pen, track, colour) {
    if (track.length < 2) return;
    this.#path(pen, track.map(({ lon, lat }) => [lon, lat]));
    pen.lineWidth = 3;
    pen.lineJoin = pen.lineCap = "round";
    pen.strokeStyle = colour;
    pen.stroke();
  }

  #me(pen, colour) {
    const { lon, lat, accuracy } = this.layers.me;
    const [x, y] = this.view.xy(lon, lat);
    pen.beginPath();
    pen.arc(x, y, Math.max(8, (accuracy ?? 0) / this.view.scale), 0, 2 * Math.PI);
    pen.globalAlpha = 0.2;
    pen.fillStyle = colour("--info");
    pen.fill();
    pen.globalAlpha = 1;
    this.#mark(pen, x, y, "dot", colour("--info"), colour("--card"), 7);
  }

  #spot(pen, spot, colour) {
    const [x, y] = this.view.xy(spot.lon, spot.lat);
    if (x < -20 || y < -30 || x > this.view.width + 20 || y > this.view.height + 30) return;
    const chosen = spot === this.picked;
    this.#mark(pen, x, y, SHAPES[spot.kind] ?? "dot", colour(COLOURS[spot.kind] ?? "--stop"), colour("--card"), chosen ? 9 : 6);
    if (!chosen && spot.kind !== "colleague" && spot.kind !== "mark") return;
    pen.font = "12px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "top";
    pen.lineWidth = 3;
    pen.strokeStyle = colour("--paper");
    pen.fillStyle = colour("--ink");
    pen.strokeText(spot.label, x, y + 11, 140);
    pen.fillText(spot.label, x, y + 11, 140);
  }

  #mark(pen, x, y, shape, fill, edge, r) {
    pen.beginPath();
    if (shape === "square") pen.rect(x - r * 0.8, y - r * 0.8, r * 1.6, r * 1.6);
    else if (shape === "pin") { pen.moveTo(x, y); pen.arc(x, y - 2.2 * r, r, 0.8 * Math.PI, 0.2 * Math.PI); pen.closePath(); } else if (shape === "person") { pen.arc(x, y - r, r * 0.6, 0, 2 * Math.PI); pen.moveTo(x + r, y + r); pen.arc(x, y + r, r, 0, Math.PI, true); pen.closePath(); } else pen.arc(x, y, r, 0, 2 * Math.PI);
    pen.fillStyle = shape === "ring" ? edge : fill;
    pen.fill();
    pen.lineWidth = shape === "ring" ? 3 : 1.5;
    pen.strokeStyle = shape === "ring" ? fill : edge;
    pen.stroke();
  }

  #bar(pen, colour) {
    const { metres, pixels } = this.view.bar();
    const y = this.view.height - 10;
    pen.strokeStyle = pen.fillStyle = colour("--ink");
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(10, y - 5);
    pen.lineTo(10, y);
    pen.lineTo(10 + pixels, y);
    pen.lineTo(10 + pixels, y - 5);
    pen.stroke();
    pen.font = "11px system-ui, sans-serif";
    pen.textAlign = "left";
    pen.textBaseline = "bottom";
    pen.fillText(metres < 1000 ? `${metres} m` : `${metres / 1000} km`, 14, y - 2);
  }

  #down(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
    if (this.#pointers.size === 1) this.#moved = 0;
  }

  #move(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now = [event.offsetX, event.offsetY];
    if (this.#pointers.size === 2) {
      const other = [...this.#pointers].find(([id]) => id !== event.pointerId)[1];
      const apart = (one) => Math.max(10, Math.hypot(one[0] - other[0], one[1] - other[1]));
      this.view.zoom(apart(before) / apart(now), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    }
    const share = this.#pointers.size === 2 ? 0.5 : 1;
    this.view.pan((now[0] - before[0]) * share, (now[1] - before[1]) * share);
    this.#moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    this.#pointers.set(event.pointerId, now);
    this.soon();
  }

  #up(event) {
    if (!this.#pointers.delete(event.pointerId) || event.type !== "pointerup") return;
    if (this.#moved > 8 || this.#pointers.size) return;
    this.choose(this.nearest(event.offsetX, event.offsetY), this.view.place(event.offsetX, event.offsetY));
  }

  /** The spot at these pixels, or null. */
  nearest(x, y) {
    let found = null;
    let reach = REACH;
    for (const spot of this.layers.spots) {
      const [sx, sy] = this.view.xy(spot.lon, spot.lat);
      const away = Math.hypot(sx - x, sy - y);
      if (away <= reach) [found, reach] = [spot, away];
    }
    return found;
  }

  /** Pick a spot (or only a place). */
  choose(spot, place = spot) {
    this.picked = spot;
    this.soon();
    this.pick(spot, place);
  }
}
