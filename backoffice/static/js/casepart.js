// A case as it stands on a page: renews what changed, never what somebody is typing in or listening to.

import { CaseFiles } from "./casefiles.js";
import { announce, t } from "./lib.js";
import { feed } from "./feed.js";
import { fetched, swap } from "./fragment.js";
import { Player } from "./player.js";
import { types } from "./shortcuts.js";

export class CasePart {
  #players = new Map();
  #busy = false;
  #again = false;
  #first = true;

  /** `root` has data-casepage (the case's id), data-part (where its part comes from) and data-contact. */
  constructor(root) {
    this.root = root;
    this.files = new CaseFiles(root, () => this.renew());
    root.addEventListener("click", (event) => this.#put(event));
    document.addEventListener("keydown", (event) => this.#key(event));
    feed.on("case", (event) => { if (event.case === root.dataset.casepage) this.renew(); });
    feed.on("step", () => this.renew());
    feed.on("recording", (event) => { if (event.contact === root.dataset.contact) this.renew(); });
    feed.on("state", (state) => {
      if (state === "up" && !this.#first) this.renew();
      if (state === "up") this.#first = false;
    });
    this.#dress();
  }

  /** Whether something typed here would be lost. */
  get typed() { return this.#typedIn(this.root); }

  /** Show another case; false when it cannot be had. */
  async open({ id, no, contact }) {
    Object.assign(this.root.dataset, { casepage: id, part: `/cases/${no}/part`, contact });
    const fresh = await fetched(this.root.dataset.part);
    if (!fresh || this.root.dataset.casepage !== id) return false;
    this.#players.clear();
    this.root.replaceChildren(...fresh.body.childNodes);
    this.#dress();
    return true;
  }

  /** Fetch what is shown anew, and change what is not in use. */
  async renew() {
    if (!this.root.dataset.part) return;
    if (this.#busy) { this.#again = true; return; }
    this.#busy = true;
    const id = this.root.dataset.casepage;
    const fresh = await fetched(this.root.dataset.part);
    if (fresh && this.root.dataset.casepage === id) {
      for (const section of this.root.querySelectorAll("[data-live]")) this.#change(section, fresh);
      this.#dress();
    }
    this.#busy = false;
    if (this.#again) { this.#again = false; setTimeout(() => this.renew(), 150); }
  }

  #change(section, fresh) {
    const next = fresh.querySelector(`[data-live="${section.dataset.live}"]`);
    if (!next || same(section, next)) return;
    if (this.#inUse(section)) {
      if (section.dataset.live === "actions" && section.dataset.version !== next.dataset.version) announce(t("case.changed"), true);
      return;
    }
    swap(section, next);
  }

  #dress() {
    for (const node of this.root.querySelectorAll("[data-player]")) {
      if (!this.#players.has(node)) this.#players.set(node, new Player(node));
    }
  }

  #inUse(section) {
    if (section.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) return true;
    return this.#typedIn(section) || [...this.#players].some(([node, player]) => section.contains(node) && player.opened);
  }

  #typedIn(part) {
    return [...part.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=range])")].some((field) => field.value !== field.defaultValue);
  }

  // A reason that is offered goes into the field of its form, after what is there; a unit into the choice of its form.
  #put(event) {
    const offered = event.target.closest("[data-put]");
    const field = offered?.closest("form").elements.reason;
    if (field) {
      field.value = [field.value.trim(), offered.dataset.put].filter(Boolean).join("\n");
      field.focus();
    }
    const unit = event.target.closest("[data-unit]");
    if (unit) this.#choose(unit);
  }

  #choose(unit) {
    const form = unit.closest("form");
    form.elements.department.value = unit.dataset.unit;
    form.querySelector("button:not([type=button])").focus();
  }

  #key(event) {
    if (types(event.target) || event.altKey || event.ctrlKey || event.metaKey || !/^[1-3]$/.test(event.key)) return;
    const unit = this.root.querySelectorAll("[data-unit]")[Number(event.key) - 1];
    if (!unit) return;
    event.preventDefault();
    this.#choose(unit);
  }
}

function same(one, other) {
  const text = (node) => node.innerHTML.replaceAll(/name="order" value="[^"]*"/g, "").replaceAll(/(width|height)="\d+"/g, "").replaceAll(" open=\"\"", "");
  return text(one) === text(other);
}
