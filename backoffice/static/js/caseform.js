// The case form: a draft kept every few seconds, filed once, then sent to a worker from the same place.

import { Combobox, Finder } from "./combobox.js";
import { Duplicates } from "./duplicates.js";
import { announce, el, get, insist, post, postForm, put, t, uuid7 } from "./lib.js";
import { cellMap } from "./map.js";

const SAVE_AFTER = 2000;

export class CaseForm {
  /** `root` holds the form and the panel shown once it is filed. */
  constructor(root) {
    const part = (name) => root.querySelector(`[data-${name}]`);
    this.form = part("caseform");
    this.panel = part("filed");
    this.part = part;
    this.contact = uuid7(); // until a call brings one: what did not come by telephone is a contact of its own
    this.called = false;
    this.order = uuid7();
    this.busy = false;
    this.defaults = this.#values();
    this.category = new Combobox(part("categories"), () => get("/api/categories"), (row) => this.#categorised(row));
    this.cell = new Finder(part("cells"), (typed) => get(`/api/cells?q=${encodeURIComponent(typed)}`));
    this.duplicates = new Duplicates(part("duplicates"), part("likelytold"), () => ({ ...this.#values(), contact: this.contact ?? "" }));
    this.map = cellMap(part("map"), (place) => this.#picked(place));
    this.form.addEventListener("input", (event) => this.#typed(event.target));
    this.form.addEventListener("taken", (event) => this.#typed(event.target));
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.file(); });
    this.form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.ctrlKey) { event.preventDefault(); this.file(); }
    });
    part("dispatch").addEventListener("submit", (event) => { event.preventDefault(); this.#dispatch(); });
    part("answer").addEventListener("submit", (event) => { event.preventDefault(); this.#answer(); });
    this.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.ctrlKey) return;
      event.preventDefault();
      event.target.form?.requestSubmit();
    });
    part("another").addEventListener("click", () => this.begin(this.called ? this.contact : uuid7(), {}, this.called));
    addEventListener("pagehide", () => { if (this.timer) this.#save(); });
  }

  get dirty() {
    const values = this.#values();
    return Object.keys(values).some((name) => values[name] !== this.defaults[name] && name !== "number");
  }

  /** A form for this contact (null: not known yet). What was typed for another one is kept as its draft. */
  begin(contact, draft = {}, called = false) {
    if (this.dirty && !this.form.hidden && this.contact && this.contact !== contact) {
      this.#save();
      announce(t("draft.kept"));
    } else if (this.timer) this.#save();
    this.contact = contact;
    this.called = called;
    this.order = uuid7();
    this.form.reset();
    this.form.elements.category.value = "";
    this.proposed = null;
    this.#wrong({});
    this.form.hidden = false;
    this.panel.hidden = true;
    this.part("no").replaceChildren();
    put(this.part("draft"), "");
    this.duplicates.clear();
    this.fill(draft);
  }

  /** The contact became known, or its draft did: never over what is typed already. */
  know(contact, { draft, number, citizen } = {}) {
    if (this.contact !== null && this.contact !== contact) return;
    this.contact = contact;
    this.called = true;
    if (draft && !this.dirty && !this.form.hidden) this.fill(draft);
    this.fill({ number: this.form.elements.number.value || number, citizen: this.form.elements.citizen.value || citizen });
    if (this.dirty) this.#later();
  }

  /** Put values into fields. */
  fill(values) {
    for (const [name, value] of Object.entries(values)) {
      const field = this.form.elements[name];
      if (!field || value === undefined || value === null) continue;
      if (field.type === "checkbox") field.checked = value === field.value;
      else field.value = value;
    }
    if ("category" in values) this.category.show();
    this.#draw();
    this.duplicates.later();
  }

  /** Copy an earlier case into this form (the number and name stay). */
  copy(values) {
    this.fill(values);
    this.#later();
  }

  async file() {
    if (this.busy) return;
    this.busy = true;
    const button = this.form.querySelector("[data-testid=case-file]");
    button.disabled = true;
    this.#wrong({});
    try {
      const contact = (this.contact ??= uuid7());
      clearTimeout(this.timer);
      this.timer = null;
      const body = { ...this.#values(), contact, order: this.order };
      const filed = await insist(() => post("/api/cases", body), (trouble) => this.#say(trouble.message));
      if (this.contact === contact) this.#filed(filed);
    } catch (trouble) {
      this.#wrong(trouble.fields ?? {});
      this.#say(trouble.message);
    } finally {
      this.busy = false;
      button.disabled = false;
    }
  }

  /** To where the filed case is answered at once. */
  answer() { if (!this.part("answer").hidden && !this.panel.hidden) this.part("answer").elements.text.focus(); }

  #filed(filed) {
    this.filed = filed;
    const href = `/cases/${encodeURIComponent(filed.case_no)}`;
    const shown = { class: "number", "data-testid": "case-no" };
    this.part("no").replaceChildren(
      filed.seen ? el("a", { ...shown, target: "_blank", rel: "noopener", href }, filed.case_no) : el("span", shown, filed.case_no),
    );
    const group = (label, own) => {
      const people = filed.workers.filter((worker) => worker.own === own);
      const option = (worker) => el("option", { value: worker.id, "data-duty": String(worker.on_duty) }, worker.name);
      return people.length ? el("optgroup", { label }, ...people.map(option)) : null;
    };
    const select = this.part("dispatch").elements.worker;
    const groups = [group(t("dispatch.own"), true), group(t("dispatch.others"), false)];
    const first = filed.workers[0]?.own ? null : el("option", { value: "" }, t("dispatch.choose"));
    select.replaceChildren(...[first, ...groups].filter(Boolean));
    const hint = () => {
      const worker = filed.workers.find((row) => row.id === select.value);
      put(this.part("dispatch-hint"), worker ? t(worker.on_duty ? "dispatch.on_duty" : "dispatch.off_duty") : "");
    };
    select.onchange = hint;
    hint();
    this.nextOrder = uuid7();
    // Whoever may not read confidential cases has done their part.
    this.part("dispatch").hidden = this.part("answer").hidden = !filed.seen;
    if (!filed.seen) put(this.part("dispatch-hint"), t("case.filed_confidential"));
    this.part("dispatched").hidden = true;
    this.part("dispatch-trouble").hidden = true;
    this.form.hidden = true;
    this.panel.hidden = false;
    (filed.seen ? select : this.part("another")).focus();
    document.dispatchEvent(new CustomEvent("gridline:filed", { detail: filed }));
  }

  #dispatch() {
    const { worker, note } = this.part("dispatch").elements;
    const fields = { worker: worker.value, note: note.value };
    this.#next(this.part("dispatch"), "dispatch", fields, () => t("dispatch.done", { worker: worker.selectedOptions[0]?.textContent ?? "" }));
  }

  #answer() {
    this.#next(this.part("answer"), "reply", { text: this.part("answer").elements.text.value }, () => t("reply.done"));
  }

  /** What becomes of the filed case from here, once: it is dispatched, or answered at once. */
  async #next(form, action, fields, done) {
    const trouble = this.part("dispatch-trouble");
    if (this.panel.dataset.sent) return;
    this.panel.dataset.sent = "1";
    trouble.hidden = true;
    const told = { ...fields, version: this.filed.version, order: this.nextOrder };
    try {
      const path = `/cases/${this.filed.case_no}/${action}`;
      await insist(() => postForm(path, told), (passing) => { put(trouble, passing.message); trouble.hidden = false; });
      trouble.hidden = true;
      put(this.part("dispatched"), done());
      this.part("dispatched").hidden = false;
      put(this.part("dispatch-hint"), "");
      for (const one of [this.part("dispatch"), this.part("answer")]) { one.hidden = true; one.reset(); }
      this.part("another").focus();
    } catch (wrong) {
      put(trouble, wrong.message);
      trouble.hidden = false;
      this.nextOrder = uuid7();
    } finally {
      delete this.panel.dataset.sent;
    }
  }

  /** A category says of which class and kind its cases are, and what they are called; the agent may say otherwise. */
  #categorised(row) {
    const { title } = this.form.elements;
    for (const name of ["class_", "kind"]) if (row[name]) this.form.elements[name].value = row[name];
    if (!title.value.trim() || title.value === this.proposed) {
      title.value = this.proposed = row.name.split(" / ").at(-1);
      this.#wrongAt("title", "");
    }
  }

  #picked({ cell, lon, lat }) {
    this.fill({ cell, ...(lon ? { lon, lat } : {}) });
    this.#later();
  }

  #typed(field) {
    this.#wrongAt(field.name, "");
    this.#draw();
    this.duplicates.later();
    this.#later();
  }

  #draw() {
    const { cell, lon, lat } = this.form.elements;
    this.map.show(cell.value.trim().split(" ")[0], lon.value.trim(), lat.value.trim());
  }

  #later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#save(), SAVE_AFTER);
  }

  async #save() {
    clearTimeout(this.timer);
    this.timer = null;
    const contact = this.contact;
    if (!contact || this.form.hidden) return;
    try {
      const { saved } = await post(`/api/drafts/${contact}`, this.#values());
      if (this.contact === contact) put(this.part("draft"), t("draft.saved", { at: saved }));
    } catch (trouble) {
      if (this.contact !== contact) return;
      put(this.part("draft"), t("draft.not_saved"));
      if (trouble.passing) this.#later();
    }
  }

  #values() {
    return Object.fromEntries([...new FormData(this.form)].map(([name, value]) => [name, String(value)]));
  }

  #say(text) {
    const trouble = this.part("trouble");
    put(trouble, text);
    trouble.hidden = !text;
  }

  #wrong(fields) {
    this.#say("");
    for (const node of this.form.querySelectorAll("[data-wrong]")) this.#wrongAt(node.dataset.wrong, fields[node.dataset.wrong] || "");
    this.form.querySelector("[aria-invalid=true]")?.focus();
  }

  #wrongAt(name, text) {
    const node = this.form.querySelector(`[data-wrong="${name}"]`);
    if (node) put(node, text);
    this.form.elements[name]?.setAttribute("aria-invalid", String(Boolean(text)));
  }
}
