/** Settings: the language, what is kept on the phone, when it looks and sends; the server's address for the permitted. */
import { bytes } from "../i18n.js";
import { space } from "../health.js";
import { look, read } from "../kept.js";
import { FIX_MS, SEND_MS } from "../patrol.js";
import { ask, banner, button, card, el, field, fill, ltr, toast } from "../ui.js";
import { languages } from "./more.js";
import { pack } from "./map.js";

export default {
  name: "settings",
  icon: "settings",
  title: "settings.title",
  async mount(root, app) {
    const { t } = app;
    const kept = el("section", { class: "card", "data-testid": "settings-kept" });
    const server = el("section", { class: "card", "data-testid": "settings-server" });
    root.append(languages(app), kept, this.schedule(app), server);
    const draw = async () => {
      const [answers, packs, room] = await Promise.all([app.db.all("cache"), app.db.all("packs"), space()]);
      const size = new Blob([JSON.stringify([answers, packs])]).size;
      fill(kept, el("h2", {}, t("settings.kept")), el("p", {}, t("settings.kept_said"), " ", ltr(bytes(size)), room ? ` · ${t("more.room", { free: bytes(room.free) })}` : ""),
        el("div", { class: "acts" },
          button(t("settings.fetch"), async (event) => { event.currentTarget.disabled = true; await this.fetch(app); await draw(); }, { name: "map", test: "settings-fetch" }),
          button(t("settings.forget"), async () => { await this.forget(app, answers); await draw(); }, { name: "trash", test: "settings-forget" })));
    };
    await draw();
    const allowed = await read(app, "/may", { own: true }).catch(() => look(app, "/may", { own: true }));
    this.server(app, server, allowed?.value?.server ?? false);
  },
  /** Have all that is looked up on the phone, before going where there is no network. */
  async fetch(app) {
    const reads = await Promise.allSettled([pack(app, app.position.last()), read(app, "/people"), read(app, "/dialrules"), read(app, "/registers")]);
    const registers = reads[3].status === "fulfilled" ? reads[3].value.value.registers.filter((one) => one.small) : [];
    const more = await Promise.allSettled(registers.map((one) => read(app, `/registers/${one.name}`)));
    const fine = [...reads, ...more].every((one) => one.status === "fulfilled" && one.value.fresh !== false && !one.value.error);
    toast(app.t(fine ? "settings.fetched" : "kept.offline"), fine ? "good" : "warn");
  },
  /** Throw away what the server has too. What was written here and waits stays. */
  async forget(app) {
    if (await ask(app.t("settings.forget_ask"), [["yes", app.t("settings.forget"), "main"], ["", app.t("ui.cancel")]], app.t("settings.forget_said")) !== "yes") return;
    await Promise.all(["cache", "packs"].map((name) => app.db.clear(name)));
  },
  schedule(app) {
    const { t } = app;
    return card(t("settings.schedule"), el("ul", { class: "bulleted" },
      el("li", {}, t("settings.fix", { s: FIX_MS / 1000 })), el("li", {}, t("settings.send", { m: SEND_MS / 60_000 })), el("li", {}, t("settings.hidden"))));
  },
  server(app, node, allowed) {
    const { t, state } = app;
    const shown = el("p", {}, ltr(location.origin));
    if (!allowed) return fill(node, el("h2", {}, t("settings.server")), shown, el("p", { class: "quiet" }, t("settings.not_permitted")));
    const typed = el("input", { type: "url", dir: "ltr", value: location.origin, autocomplete: "off", "data-testid": "server-address" });
    const line = field(t("settings.address"), typed, t("settings.address_hint"));
    const go = async () => {
      let url = null;
      try { url = new URL(typed.value.trim()); } catch { url = null; }
      const local = ["localhost", "127.0.0.1"].includes(url?.hostname);
      if (!url || !(url.protocol === "https:" || (local && url.protocol === "http:")) || url.username) return line.fault(t("settings.address_wrong"));
      line.fault("");
      if (url.origin === location.origin) return undefined;
      if (state.waiting) return line.fault(t("settings.address_waiting", { n: state.waiting }));
      if (await ask(t("settings.address_ask"), [["yes", t("settings.address_go"), "main"], ["", t("ui.cancel")]], url.origin) === "yes") location.assign(url.origin);
      return undefined;
    };
    return fill(node, el("h2", {}, t("settings.server")), line, state.waiting ? banner("warn", t("settings.address_waiting", { n: state.waiting })) : null, button(t("settings.address_go"), go, { test: "server-go" }));
  },
};
