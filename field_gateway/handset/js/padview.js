/** A small square of the ground to point at with a finger: own place, grid cells where an area pack has them; no tiles, no network. */
import { el } from "./ui.js";

const SVG = "http://www.w3.org/2000/svg";
const shape = (tag, attrs) => {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attrs)) node.setAttribute(name, value);
  return node;
};
const SIDE = 320;

/**
 * `centre` {lon, lat}; `own` the phone's fix or null; `cells` rings [[lon, lat], …]; `chosen(point)` is told of each
 * touch. Arrow keys move the mark by a tenth.
 */
export class Pad {
  #metres = 400;

  constructor({ centre, own = null, cells = [], chosen, words }) {
    Object.assign(this, { centre, own, cells, chosen, point: { ...centre } });
    this.svg = shape("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, class: "pad", tabindex: "0", role: "application", "aria-label": words, "data-testid": "pad" });
    this.svg.addEventListener("click", (event) => {
      const box = this.svg.getBoundingClientRect();
      this.#to(((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE);
    });
    this.svg.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!step) return;
      event.preventDefault();
      const [x, y] = this.#xy(this.point);
      this.#to(x + (step[0] * SIDE) / 10, y + (step[1] * SIDE) / 10);
    });
    const zoom = (factor, sign, test) => el("button", { type: "button", class: "button", "data-testid": test, "aria-label": sign, on: { click: () => this.zoom(factor) } }, sign);
    this.node = el("div", { class: "padbox" }, this.svg, el("div", { class: "padzoom" }, zoom(0.5, "+", "pad-in"), zoom(2, "−", "pad-out")));
    this.draw();
  }

  zoom(factor) {
    this.#metres = Math.min(6_400, Math.max(100, this.#metres * factor));
    this.centre = { ...this.point };
    this.draw();
  }

  get #scale() {
    return { y: (SIDE * 111_320) / this.#metres, x: (SIDE * 111_320 * Math.cos((this.centre.lat * Math.PI) / 180)) / this.#metres };
  }

  #xy = ({ lon, lat }) => [SIDE / 2 + (lon - this.centre.lon) * this.#scale.x, SIDE / 2 - (lat - this.centre.lat) * this.#scale.y];

  #to(x, y) {
    const round = (value) => Number(value.toFixed(6));
    this.point = { lon: round(this.centre.lon + (x - SIDE / 2) / this.#scale.x), lat: round(this.centre.lat - (y - SIDE / 2) / this.#scale.y) };
    this.draw();
    this.chosen(this.point);
  }

  draw() {
    const grid = [];
    const step = SIDE / 4;
    for (let at = 0; at <= SIDE; at += step) grid.push(`M${at} 0V${SIDE}M0 ${at}H${SIDE}`);
    const parts = [shape("path", { d: grid.join(""), class: "grid" })];
    for (const ring of this.cells) {
      parts.push(shape("path", { d: `M${ring.map(([lon, lat]) => this.#xy({ lon, lat }).map((v) => v.toFixed(1)).join(" ")).join("L")}Z`, class: "cell" }));
    }
    if (this.own) {
      const [cx, cy] = this.#xy(this.own);
      const r = Math.max(4, ((this.own.accuracy ?? 0) * SIDE) / this.#metres);
      parts.push(shape("circle", { cx, cy, r, class: "about" }), shape("circle", { cx, cy, r: 5, class: "own" }));
    }
    const [x, y] = this.#xy(this.point);
    parts.push(shape("path", { d: `M${x} ${y}c-4 -9 -11 -13 -11 -21a11 11 0 0 1 22 0c0 8 -7 12 -11 21z`, class: "mark" }), shape("circle", { cx: x, cy: y - 21, r: 4, class: "eye" }));
    const bar = shape("text", { x: 8, y: SIDE - 10, class: "scale" });
    bar.textContent = `${this.#metres / 4} m`;
    parts.push(shape("path", { d: `M8 ${SIDE - 6}h${step}`, class: "bar" }), bar);
    this.svg.replaceChildren(...parts);
  }
}

