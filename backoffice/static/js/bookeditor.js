// What is edited on a page as a whole and in versions: each change can be had back, it is saved by one order as the next version,
// and what an earlier version said can be brought back.

import { announce, get, insist, post, put, t, uuid7 } from "./lib.js";

const MOST_UNDONE = 100;

export class BookEditor {
  /** `given`: name, version, body and what the page offers to choose from; `path` is where versions are read and written. */
  constructor(form, given, path) {
    this.form = form;
    this.part = (name) => form.querySelector(`[data-${name}]`);
    Object.assign(this, given);
    Object.assign(this, { path, saved: JSON.stringify(this.body), past: [], order: uuid7(), faults: {}, busy: false });
    form.addEventListener("submit", (event) => { event.preventDefault(); this.save(); });
    form.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); event.target.blur?.(); this.save(); } else this.key(event);
    });
    this.part("undo").addEventListener("click", () => this.undo());
    for (const button of document.querySelectorAll("[data-bring]")) button.addEventListener("click", () => this.bring(button.dataset.bring));
    addEventListener("beforeunload", (event) => { if (this.dirty) event.preventDefault(); });
  }

  get dirty() { return JSON.stringify(this.body) !== this.saved; }

  /** Change the body; what it was can be had back. Whether anything changed. */
  keep(make) {
    const before = JSON.stringify(this.body);
    make(this.body);
    if (JSON.stringify(this.body) === before) return false;
    this.past.push(before);
    if (this.past.length > MOST_UNDONE) this.past.shift();
    this.order = uuid7();
    this.state();
    return true;
  }

  undo() {
    if (!this.past.length) return;
    this.body = JSON.parse(this.past.pop());
    this.order = uuid7();
    this.draw();
  }

  async save() {
    if (this.busy || !this.dirty) return;
    this.busy = true;
    this.say("");
    this.mark({});
    try {
      const body = { order: this.order, version: this.version, body: this.body, why: this.form.elements.why?.value };
      const { version } = await insist(() => post(this.path, body), (passing) => this.say(passing.message));
      this.saved = JSON.stringify(this.body);
      announce(t("rules.saved", { version }));
      location.reload();
    } catch (trouble) {
      this.mark(trouble.fields);
      const where = Object.entries(trouble.fields).slice(0, 5).map(([at, why]) => `${at}: ${why}`);
      this.say([trouble.message, ...where].join(" · "));
    } finally {
      this.busy = false;
      this.state();
    }
  }

  async bring(version) {
    const { body } = await insist(() => get(`${this.path}/${version}`), (passing) => this.say(passing.message));
    this.keep((now) => { for (const key of Object.keys(now)) delete now[key]; Object.assign(now, body); });
    this.draw();
    announce(t("rules.brought", { version }));
  }

  state() {
    put(this.part("state"), this.dirty ? t("rules.changed") : "");
    this.part("save").disabled = !this.dirty;
    this.part("undo").disabled = !this.past.length;
  }

  say(text) {
    put(this.part("trouble"), text);
    this.part("trouble").hidden = !text;
  }

  // What an editor adds: `draw()` everything from the body, and, if it has them, keys of its own and places for faults.

  key() {}

  mark(faults) { this.faults = faults; }
}
