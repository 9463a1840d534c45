/** The own track of a day: what the server has of it, else what this phone kept; drawn, measured, taken along. */
import { box, far, length } from "../geo.js";
import { when } from "../i18n.js";
import { asked, trouble } from "../kept.js";
import { MapView } from "../mapview.js";
import { csv, gpx, save } from "../saving.js";
import { banner, button, card, el, empty, fill, ltr, toast } from "../ui.js";
import { dayOf, later, picker } from "../days.js";

const times = (points) => [...points].sort((a, b) => (a.fixed_at < b.fixed_at ? -1 : 1));

/** The points of a day that this phone kept. */
export async function kept(app, day) {
  const range = IDBKeyRange.bound(`${later(day, -1)}T`, `${later(day, 2)}T`); // UTC: the site's day is somewhere in it
  return (await app.db.all("track", range)).filter((one) => one.worker === app.state.worker.id && dayOf(app, one.fixed_at) === day);
}

/** What the phone kept as the server tells it. */
const own = (points) => ({ ways: [points.map((one) => [Date.parse(one.fixed_at) / 1000, one.lon, one.lat])], metres: length(points), positions: points.length, flagged: {} });
const moment = (second) => when(second * 1000);

export default {
  name: "track",
  icon: "track",
  title: "track.title",
  view: null,
  async mount(root, app, { day = dayOf(app) }) {
    const { t } = app;
    const view = new MapView({ t, words: t("track.picture") });
    this.view = view;
    const facts = el("div", { class: "kept", "data-testid": "track" });
    root.append(picker(app, day, (other) => app.go("track", { day: other }, { instead: true })), view.node, facts);
    const packs = await app.db.all("packs");
    view.put({ cells: packs.filter((one) => one.worker === app.state.worker.id).flatMap((one) => one.cells) });
    const points = times(await kept(app, day));
    this.show(app, view, facts, day, own(points), points, null);
    try {
      const told = await app.api.get(asked("/track", { day }));
      if (this.view === view && told.positions >= points.length) this.show(app, view, facts, day, told, null, null);
    } catch (error) {
      if (this.view === view) this.show(app, view, facts, day, own(points), points, error);
    }
  },
  unmount() {
    this.view?.end();
    this.view = null;
  },
  /** `points`: what the phone kept, null where it is the server's track that is shown. */
  show(app, view, facts, day, track, points, error) {
    const { t } = app;
    const ways = track.ways.filter((way) => way.length).map((way) => way.map(([at, lon, lat]) => ({ at, lon, lat })));
    const all = ways.flat();
    const doubtful = Object.values(track.flagged).reduce((sum, n) => sum + n, 0);
    view.put({ tracks: ways, spots: all.length ? [{ ...all[0], kind: "begin", label: moment(all[0].at) }, { ...all.at(-1), kind: "end", label: moment(all.at(-1).at) }] : [] });
    const around = box(all);
    if (around) view.fit(around);
    fill(facts,
      error && !all.length ? banner("warn", trouble(app, error)) : null,
      track.positions ? card(null,
        el("dl", { class: "facts" },
          el("dt", {}, t("track.length")), el("dd", {}, ltr(far(track.metres).join(" "))),
          all.length ? [el("dt", {}, t("track.from_to")), el("dd", {}, ltr(`${moment(all[0].at)} – ${moment(all.at(-1).at)}`))] : [],
          el("dt", {}, t("track.points")), el("dd", {}, ltr(track.positions), doubtful ? ` (${t("track.doubtful", { n: doubtful })})` : "")),
        el("p", { class: "quiet" }, t(points ? "track.of_phone" : "track.of_server")),
        el("div", { class: "acts two" }, ["gpx", "csv"].map((ending) => button(t(`track.${ending}`), () => this.take(app, day, ending, points), { name: ending === "gpx" ? "track" : "log", test: `track-${ending}` }))))
        : error ? null : empty("track", t("track.none")),
      el("p", { class: "quiet" }, t("track.about")));
  },
  /** Take it along: all that the server has, or what the phone kept. */
  async take(app, day, ending, points) {
    const name = `track-${day}.${ending}`;
    const type = { gpx: "application/gpx+xml", csv: "text/csv" }[ending];
    if (points) return save(name, type, ending === "gpx" ? gpx(name, points) : csv([["fixed_at", "lon", "lat", "accuracy"], ...points.map((one) => [one.fixed_at, one.lon, one.lat, one.accuracy ?? ""])]));
    try {
      const answer = await fetch(`${app.api.base}/field/v1/track.${ending}?day=${day}`, { headers: app.api.headers(), credentials: "omit", cache: "no-store" });
      if (!answer.ok) throw Object.assign(new Error("refused"), { code: "failed" });
      return save(name, type, await answer.text());
    } catch (error) {
      return toast(trouble(app, { code: error.code ?? "offline" }), "warn");
    }
  },
};
