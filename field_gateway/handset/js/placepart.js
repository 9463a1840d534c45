/** The place of a report: the satellite's, unless the worker's finger says it better. */
import { all } from "./db.js";
import { Pad } from "./padview.js";
import { banner, button, el, fill, icon, ltr } from "./ui.js";

/** Metres beyond which a fix is told to be vague. */
const VAGUE = 50;

export class PlacePart {
  #app;
  #place;
  #chosen;
  #off;
  #pad = null;
  #locating = null;

  /** `place` as kept, or null; `chosen(place)` is told of each change. */
  constructor(app, place, chosen) {
    this.#app = app;
    this.#place = place;
    this.#chosen = chosen;
    this.node = el("section", { class: "card place", "data-testid": "place" });
    this.trouble = "";
    this.draw();
    if (!place) this.#locating = this.locate();
    this.#off = app.on("position", () => undefined);
  }

  /** Ask the satellite receiver. */
  async locate() {
    this.trouble = "";
    this.looking = true;
    this.draw();
    try {
      const { lon, lat, accuracy, fixed_at } = await this.#app.position.now();
      if (this.#place?.source !== "finger") await this.#take({ lon, lat, accuracy, source: "gps", fixed_at });
    } catch (error) {
      this.trouble = error.code ?? "nowhere";
    } finally {
      this.looking = false;
      this.draw();
    }
  }

  end() {
    this.#off?.();
  }

  async #take(place) {
    this.#place = place;
    await this.#chosen(place);
  }

  async #open() {
    if (this.#pad) {
      this.#pad = null;
      return this.draw();
    }
    if (!this.#place) await this.#locating; // the map begins where the phone is, if that can be known
    const own = this.#app.position.last();
    const centre = this.#place ?? own ?? (await this.#somewhere());
    if (!centre) {
      this.trouble = "no_map";
      return this.draw();
    }
    this.#pad = new Pad({
      centre: { lon: centre.lon, lat: centre.lat }, own, cells: await this.#cells(), words: this.#app.t("report.pad"),
      chosen: ({ lon, lat }) => this.#take({ lon, lat, source: "finger" }).then(() => this.#line()),
    });
    return this.draw();
  }

  /** The last place this phone was at, or the middle of an area pack. */
  async #somewhere() {
    const track = await all("track");
    if (track.length) return track.at(-1);
    const [first] = (await this.#cells()).flat();
    return first ? { lon: first[0], lat: first[1] } : null;
  }

  async #cells() {
    const packs = await all("packs");
    return packs.flatMap((pack) => (pack.cells ?? []).map((cell) => cell.ring).filter(Array.isArray));
  }

  #line() {
    const { t } = this.#app;
    const place = this.#place;
    this.line.dataset.source = place?.source ?? "";
    fill(this.line, place
      ? [icon("place", "good"), el("span", {}, t(`report.by_${place.source}`), " ", place.accuracy ? t("report.about", { m: Math.round(place.accuracy) }) : "", el("br"), ltr(`${place.lon.toFixed(5)}, ${place.lat.toFixed(5)}`, { class: "quiet" }))]
      : [icon("place"), el("span", {}, t(this.looking ? "report.looking" : "report.no_place"))]);
  }

  draw() {
    const { t } = this.#app;
    this.line = el("div", { class: "placeline", "data-testid": "place-line" });
    this.#line();
    fill(this.node,
      el("h2", {}, t("report.place")),
      this.line,
      this.trouble ? banner("warn", t(`report.place_${this.trouble}`)) : null,
      !this.trouble && this.#place?.source === "gps" && this.#place.accuracy > VAGUE ? banner("warn", t("report.place_vague")) : null,
      this.#pad?.node,
      el("div", { class: "acts two" },
        button(t("report.gps"), () => { this.#place = null; this.#pad = null; this.#locating = this.locate(); }, { name: "place", test: "place-gps" }),
        button(t(this.#pad ? "report.pad_close" : "report.finger"), () => this.#open(), { name: "map", test: "place-finger", "aria-expanded": String(Boolean(this.#pad)) })),
    );
  }
}
