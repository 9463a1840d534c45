/** The kind of problem a report is about: chosen from what the server told once, without a network too. */
import { current } from "./i18n.js";
import { look, read } from "./kept.js";
import { el, field, fill } from "./ui.js";

const PATH = "/categories";

export class KindChoice {
  #app;

  /** `chosen` is a code or "", `told` is called with the one chosen next. The node is hidden while no kinds are known. */
  constructor(app, chosen, told) {
    this.#app = app;
    this.chosen = chosen;
    this.select = el("select", { "data-testid": "report-kind", on: { change: () => {
      this.chosen = this.select.value;
      told(this.chosen);
    } } });
    this.node = field(app.t("report.kind"), this.select);
    this.node.hidden = true;
    this.#show();
  }

  async #show() {
    this.#draw((await look(this.#app, PATH))?.value);
    const fresh = await read(this.#app, PATH).catch(() => null);
    if (fresh?.fresh) this.#draw(fresh.value);
  }

  #draw(value) {
    if (!value?.kinds.length) return;
    const { t } = this.#app;
    const name = (names) => names[current()] ?? names.zh;
    const groups = new Map();
    for (const one of value.kinds) groups.set(name(one.group), [...(groups.get(name(one.group)) ?? []), one]);
    fill(this.select,
      el("option", { value: "" }, t("report.kind_unsure")),
      ...[...groups].map(([label, kinds]) => el("optgroup", { label }, ...kinds.map((one) => el("option", { value: one.code }, name(one.names))))));
    // A kind that takes no reports any more is still what was chosen: the server says what it made of it.
    if (this.chosen && !value.kinds.some((one) => one.code === this.chosen)) this.select.append(el("option", { value: this.chosen }, this.chosen));
    this.select.value = this.chosen;
    this.node.hidden = false;
  }
}
