/** What the server told once stays on the phone: it is there at once, without a network too, and is renewed when there is one. */
import { together } from "./db.js";
import { when } from "./i18n.js";
import { banner, button, busy, el, fill, icon, ltr } from "./ui.js";

const KEPT_DAYS = 60;

/** The address of a question, `words` as its query; what is empty is left out. */
export function asked(path, words = {}) {
  const query = new URLSearchParams(Object.entries(words).filter(([, value]) => value !== undefined && value !== null && value !== ""));
  return query.size ? `${path}?${query}` : path;
}

/** Its name in the store: what is one worker's own is not another's. */
const keyOf = (app, path, own) => (own ? `${app.state.worker.id} ${path}` : path);

/** What is kept of a question: {value, at} or undefined. */
export const look = (app, path, { own = false } = {}) => app.db.get("cache", keyOf(app, path, own));

/**
 * Ask, and keep the answer; with what is kept already the server only says whether anything is new.
 * Resolves with {value, at, fresh}. Raises ApiError when there is neither network nor anything kept.
 */
export async function read(app, path, { own = false } = {}) {
  const before = await look(app, path, { own });
  const etag = before?.value.etag;
  try {
    const told = await app.api.get(etag ? `${path}${path.includes("?") ? "&" : "?"}etag=${etag}` : path);
    const now = { value: told.same ? before.value : { ...told }, at: Date.now() };
    await app.db.put("cache", now, keyOf(app, path, own)).catch(() => undefined); // a full phone still shows it
    return { ...now, fresh: true };
  } catch (error) {
    if (!before || [403, 404].includes(error.status)) throw error;
    return { ...before, fresh: false, error };
  }
}

/** Let go of what nobody has looked at for long: the days of a work log would add up for ever. */
export const tidy = (now = Date.now()) => together(["cache"], ({ cache }) => {
  cache.openCursor().onsuccess = ({ target: { result } }) => {
    if (!result) return;
    if (!(result.value.at > now - KEPT_DAYS * 86_400_000)) result.delete();
    result.continue();
  };
});

/** What went wrong, in the worker's words. */
export const trouble = (app, error) => {
  const key = { offline: "kept.offline", timeout: "kept.offline", "not-ours": "kept.portal", "login-expired": "kept.login" }[error.code];
  return app.t(key ?? "kept.failed");
};

/**
 * A part of a page that shows what `path` tells: first what is kept, then what is new. `draw(value)` gives nodes.
 * The line above says how old it is, and asks again.
 */
export class Kept {
  #app;
  #turn = 0;

  constructor(app, draw, { own = false, test = "" } = {}) {
    this.#app = app;
    this.draw = draw;
    this.own = own;
    this.line = el("div", { class: "asof" });
    this.body = el("div", { class: "keptbody", "data-testid": test || undefined });
    this.node = el("section", { class: "kept" }, this.line, this.body);
  }

  /** Show what this path tells. */
  async show(path) {
    this.path = path;
    const turn = ++this.#turn;
    const kept = await look(this.#app, path, { own: this.own });
    if (turn !== this.#turn) return;
    if (kept) this.#put(kept.value);
    else fill(this.body, busy());
    this.#say(kept, true);
    try {
      const found = await read(this.#app, path, { own: this.own });
      if (turn !== this.#turn) return;
      if (!kept || found.value !== kept.value) this.#put(found.value);
      this.#say(found, false);
      this.node.dataset.fresh = String(found.fresh);
    } catch (error) {
      if (turn !== this.#turn) return;
      fill(this.body, banner("warn", trouble(this.#app, error), button(this.#app.t("ui.again"), () => this.show(path), { test: "again" })));
      fill(this.line);
      this.node.dataset.fresh = "false";
    }
  }

  #put(value) {
    this.value = value;
    fill(this.body, this.draw(value));
  }

  #say(found, asking) {
    const { t } = this.#app;
    if (!found) return fill(this.line);
    return fill(this.line,
      found.error ? icon("offline") : null,
      el("span", { class: "quiet" }, t("kept.as_of"), " ", ltr(when(found.at))),
      asking ? el("span", { class: "spin" }) : button(t("kept.renew"), () => this.show(this.path), { kind: "small", test: "renew" }));
  }
}
