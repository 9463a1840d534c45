// The hint below a case form: earlier cases that what is typed is likely about, asked for when typing pauses.

import { el, post, put, t } from "./lib.js";

const PAUSE = 500;
const ASKED_BY = ["title", "text", "address", "cell", "number"];

export class Duplicates {
  /** `box` lists them, `told` says it to who cannot see; `values` gives what is typed, with its contact. */
  constructor(box, told, values) {
    this.values = values;
    this.box = box;
    this.list = box.querySelector("[data-likely]");
    this.told = told;
    this.turn = 0; // an answer to what was typed before is not shown
  }

  /** Something was typed: ask when it pauses. */
  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), PAUSE);
  }

  /** Another form begins. */
  clear() {
    clearTimeout(this.timer);
    this.turn += 1;
    this.asked = "";
    this.#draw([]);
  }

  async #ask() {
    const values = this.values();
    const asked = JSON.stringify(values);
    if (asked === this.asked) return;
    this.asked = asked;
    const turn = (this.turn += 1);
    if (!ASKED_BY.some((name) => (values[name] ?? "").trim().length > 1)) { this.#draw([]); return; }
    try {
      const found = await post("/api/duplicates", values);
      if (turn === this.turn) this.#draw(found);
    } catch {
      // A hint is no duty: what was found before stays, and the next pause asks again.
      if (turn === this.turn) this.asked = "";
    }
  }

  #draw(found) {
    this.list.replaceChildren(...found.map(row));
    this.box.hidden = found.length === 0;
    put(this.told, found.length ? t("duplicate.found", { count: found.length }) : "");
  }
}

function row(likely) {
  const href = `/cases/${encodeURIComponent(likely.case_no)}`;
  return el("li", { "data-testid": "duplicate" },
    el("p", { class: "row" },
      el("a", { class: "number", dir: "ltr", target: "_blank", rel: "noopener", href }, likely.case_no),
      el("span", { class: "chip" }, likely.state),
      el("strong", {}, t("duplicate.score", { percent: likely.percent }))),
    el("p", {}, el("bdi", {}, likely.title)),
    el("p", { class: "quiet" }, [likely.away, likely.age].filter(Boolean).join(t("punct.comma"))),
    el("ul", { class: "quiet reasons", "aria-label": t("duplicate.why_label") },
      ...likely.reasons.map((reason) => el("li", {}, reason))));
}
