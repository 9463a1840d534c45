/** The map without a network: the worker's cells, what is open near by, things with a place, colleagues, the own track. */
import { box, far, inside, metres } from "../geo.js";
import { current, when } from "../i18n.js";
import { asked, trouble } from "../kept.js";
import { MapView } from "../mapview.js";
import { dayOf } from "../days.js";
import { banner, button, card, chip, el, fill, list, ltr, row } from "../ui.js";
import { kept } from "./track.js";

const LAYERS = ["event", "thing", "track", "colleague"];
const NEAR = 8;

/** The pack of this worker, renewed when there is a network; null without one. */
export async function pack(app, at = null) {
  const id = `own ${app.state.worker.id}`;
  const before = await app.db.get("packs", id);
  try {
    const told = await app.api.get(asked("/pack", { etag: before?.etag, lon: at?.lon, lat: at?.lat }), { timeout: 60_000 });
    if (told.same) return { ...before, fresh: true };
    const made = {
      ...told, id, worker: app.state.worker.id, at: Date.now(),
      cells: told.cells.map((cell) => ({ ...cell, ring: pairs(cell.ring) })),
    };
    await app.db.put("packs", made).catch(() => undefined); // a full phone still shows it
    return { ...made, fresh: true };
  } catch (error) {
    return before ? { ...before, fresh: false, error } : { cells: [], events: [], things: [], error, at: 0 };
  }
}

const pairs = (flat) => flat.reduce((ring, value, i) => (i % 2 ? ring : [...ring, [value, flat[i + 1]]]), []);
const name = (names, code) => names?.[current()] ?? names?.zh ?? code;

export default {
  name: "map",
  icon: "map",
  title: "map.title",
  view: null,
  async mount(root, app, params) {
    const { t } = app;
    const shown = new Set((await app.db.get("meta", "layers")) ?? ["event", "thing", "track"]);
    const below = el("div", { class: "kept" });
    const age = el("div", { class: "asof" });
    const toggles = el("div", { class: "choices layers" });
    const view = new MapView({ t, words: t("map.picture"), pick: (spot, place) => this.tell(app, spot, place), here: () => this.here(app) });
    Object.assign(this, { view, below, pack: null, others: [], tasks: [], told: el("div", { class: "kept", role: "status", "data-testid": "map-told" }) });
    root.append(view.node, toggles, this.told, below, age);
    const mark = params.lon && params.lat ? { lon: Number(params.lon), lat: Number(params.lat), kind: "mark", label: params.label ?? "" } : null;

    const put = async () => {
      const me = app.position.last();
      this.tasks = (await app.inbox.tasks()).filter((one) => one.state === "open" && typeof one.lon === "number" && typeof one.lat === "number");
      const track = shown.has("track") ? await this.track(app) : [];
      view.put({ cells: this.pack?.cells ?? [], tracks: track.length ? [track] : [], me, spots: [...this.spots(app, shown), ...(mark ? [mark] : [])] });
      this.near(app, me ?? mark);
    };
    const draw = () => fill(toggles, LAYERS.map((layer) => el("button", {
      type: "button", class: "choice", "aria-pressed": String(shown.has(layer)), "data-testid": `layer-${layer}`,
      on: { click: () => this.toggle(app, shown, layer, async () => { draw(); await put(); }) },
    }, t(`map.layer_${layer}`))));
    draw();
    const renew = async () => {
      this.pack = await pack(app, app.position.last());
      const first = box(this.pack.cells.filter((cell) => cell.own).flatMap((cell) => cell.ring.map(([lon, lat]) => ({ lon, lat })))) ?? this.pack.box;
      await put();
      this.age(app, age, renew);
      return first;
    };
    for (const event of ["position", "tasks"]) app.on(event, put);
    const before = await app.db.get("packs", `own ${app.state.worker.id}`);
    if (before) this.pack = before;
    const start = (first) => {
      if (mark) return view.to(mark.lon, mark.lat, 1.5);
      if (first) return view.fit(first);
      const me = app.position.last();
      return me && view.to(me.lon, me.lat, 2);
    };
    view.size();
    if (before) { start(box(before.cells.filter((cell) => cell.own).flatMap((cell) => cell.ring.map(([lon, lat]) => ({ lon, lat })))) ?? before.box); await put(); this.age(app, age, renew); }
    const first = await renew();
    if (!before) start(first);
    if (shown.has("colleague")) await this.colleagues(app, put);
  },

  unmount() {
    this.view?.end();
    this.view = null;
  },

  async toggle(app, shown, layer, then) {
    if (!shown.delete(layer)) shown.add(layer);
    // Where colleagues are is looked at on purpose each time, and never kept.
    await app.db.put("meta", [...shown].filter((one) => one !== "colleague"), "layers");
    if (layer === "colleague" && shown.has(layer)) await this.colleagues(app, then);
    else await then();
  },

  async colleagues(app, then) {
    const at = app.position.last();
    try {
      const told = await app.api.get(asked("/colleagues", { lon: at?.lon, lat: at?.lat }));
      this.others = told.people.filter((one) => one.lon !== undefined);
      if (!told.on_duty) fill(this.told, banner("info", app.t("colleagues.off_duty")));
    } catch (error) {
      this.others = [];
      fill(this.told, banner("warn", trouble(app, error)));
    }
    await then();
  },

  spots(app, shown) {
    const { categories = {}, registers = {}, events = [], things = [] } = this.pack ?? {};
    const tasks = this.tasks.map((one) => ({ ...one, id: one.task, own: true, due: one.expires, kind: "mine", label: one.title }));
    const mine = new Set(tasks.map((one) => one.case_no));
    return [
      ...(shown.has("thing") ? things.map((one) => ({ ...one, kind: "thing", label: one.title, what: name(registers[one.register], one.register) })) : []),
      ...(shown.has("event") ? [...tasks, ...events.filter((one) => !mine.has(one.case_no)).map((one) => ({ ...one, kind: one.own ? "mine" : "event", label: name(categories[one.category], app.t(`map.kind_${one.kind}`)) }))] : []),
      ...(shown.has("colleague") ? this.others.map((one) => ({ ...one, kind: "colleague", label: one.name })) : []),
    ];
  },

  /** The own track of today, as this phone knows it. */
  async track(app) {
    return kept(app, dayOf(app));
  },

  /** What is nearest to the worker, as a list: for fingers that do not hit dots, and for who does not see them. */
  near(app, at) {
    const { t } = app;
    const spots = this.view.layers.spots.filter((spot) => spot.kind !== "mark");
    if (!at || !spots.length) return fill(this.below, this.pack?.error && !this.pack.cells.length ? null : el("p", { class: "quiet" }, t(spots.length ? "map.no_place" : "map.nothing")));
    // Not only what there is most of: lamp posts stand closer than anything that happens.
    const sorted = spots.map((spot) => [metres(at, spot), spot]).sort((a, b) => a[0] - b[0]);
    const some = [true, false].flatMap((thing) => sorted.filter(([, spot]) => (spot.kind === "thing") === thing).slice(0, NEAR / 2)).sort((a, b) => a[0] - b[0]);
    return fill(this.below, card(t("map.near"), list(some, ([away, spot]) => row({
      name: { thing: "place", colleague: "person" }[spot.kind] ?? "alert", colour: spot.kind === "mine" ? "waiting" : "", title: el("bdi", {}, spot.label),
      under: spot.what ?? (spot.case_no ? ltr(spot.case_no) : ""), end: ltr(far(away).join(" ")), test: "near",
      act: () => { this.view.to(spot.lon, spot.lat); this.view.choose(spot); scrollTo({ top: 0 }); },
    }), null, { class: "list flat" })));
  },

  /** What was touched. */
  tell(app, spot, place) {
    const { t } = app;
    if (!spot) {
      const cell = (this.pack?.cells ?? []).find((one) => inside(one.ring, place.lon, place.lat));
      return fill(this.told, cell ? card(null, el("div", { class: "who" }, el("strong", {}, el("bdi", {}, cell.name)), cell.own ? chip("good", t("map.own_cell")) : null), el("p", { class: "quiet" }, ltr(cell.code), cell.worker ? [" · ", el("bdi", {}, cell.worker)] : null)) : null);
    }
    const fact = (words, value) => (value ? [el("dt", {}, words), el("dd", {}, value)] : []);
    return fill(this.told, card(null,
      el("div", { class: "who" }, el("strong", {}, el("bdi", {}, spot.label)), spot.what ? chip("plain", spot.what) : spot.state ? chip(spot.own ? "waiting" : "plain", t(`map.state_${spot.state}`)) : null),
      el("dl", { class: "facts" },
        fact(t("map.case"), spot.case_no && ltr(spot.case_no)), fact(t("map.key"), spot.key && ltr(spot.key)),
        fact(t("map.since"), spot.made && ltr(when(spot.made))), fact(t("map.due"), spot.due && ltr(when(spot.due))),
        fact(t("map.seen"), spot.fixed_at && ltr(when(spot.fixed_at)))),
      spot.id ? button(t("map.task"), () => app.go("task", { id: spot.id }), { name: "tasks" }) : null,
      spot.register ? button(t("map.in_register"), () => app.go("registers", { name: spot.register, q: spot.key }), { name: "book" }) : null));
  },

  async here(app) {
    try {
      const at = await app.position.now();
      this.view?.to(at.lon, at.lat);
    } catch (error) {
      fill(this.told, banner("warn", app.t(`report.place_${error.code ?? "nowhere"}`)));
    }
  },

  age(app, line, renew) {
    const { t } = app;
    const { error, at, more } = this.pack;
    if (error && !at) return fill(line, banner("warn", t(error.code === "no-map" ? "map.none" : "map.not_kept")));
    return fill(line, el("span", { class: "quiet" }, t("map.as_of"), " ", ltr(when(at)), more ? ` · ${t("map.more")}` : ""),
      button(t("kept.renew"), renew, { kind: "small", test: "map-renew" }));
  },
};
