// A telephone to try the voice menus on: what a caller hears key by key, by the engine that callers meet; saved or not.

import { el, insist, post, put, t } from "./lib.js";

const PAD = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

export class Trial {
  /** `book` has body, title(id) and service(name). */
  constructor(book) {
    Object.assign(this, { book, pressed: [], asked: 0, shown: 0, queue: [], sound: new Audio() });
    this.log = el("div", { class: "heard", role: "log", "aria-label": t("voice.heard"), "data-testid": "voice-log" });
    this.where = el("p", { class: "quiet", role: "status", "data-testid": "voice-where" });
    this.aloud = el("input", { type: "checkbox" });
    const key = (one, word = one) => {
      const button = el("button", { type: "button", "data-press": one, "data-testid": `voice-press-${one}` }, word);
      button.addEventListener("click", () => this.press(one));
      return button;
    };
    const again = el("button", { type: "button", "data-testid": "voice-again" }, t("voice.again"));
    again.addEventListener("click", () => this.begin());
    this.node = el("aside", { class: "card voicetry", "aria-label": t("voice.try"), tabindex: -1, "data-testid": "voice-try" },
      el("h2", {}, t("voice.try")), this.log, this.where,
      el("div", { class: "pad", dir: "ltr" }, ...PAD.map((one) => key(one))),
      el("p", { class: "row" }, key("silence", t("voice.silence")), again, el("label", { class: "tick" }, this.aloud, t("voice.aloud"))));
    this.node.addEventListener("keydown", (event) => {
      if (PAD.includes(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey) { event.preventDefault(); this.press(event.key); }
    });
    this.sound.addEventListener("ended", () => this.next());
    this.sound.addEventListener("error", () => { if (this.sound.src) this.next(); });
  }

  /** The book is another one: the same keys are pressed in it. */
  changed() { this.walk(); }

  begin() {
    this.pressed = [];
    this.served = false;
    this.shown = 0;
    this.log.replaceChildren();
    this.walk();
  }

  press(key) {
    if (this.served) return;
    this.pressed.push(key);
    this.walk();
  }

  async walk() {
    const asked = ++this.asked;
    try {
      const found = await insist(() => post("/rules/voice/try", { body: this.book.body, pressed: this.pressed }), () => {});
      if (asked === this.asked) this.show(found);
    } catch (trouble) {
      if (asked !== this.asked) return;
      this.silent();
      this.book.mark(trouble.fields ?? {});
      put(this.where, trouble.message);
    }
  }

  show({ told, at, served, wait }) {
    this.book.mark({});
    this.served = served !== null;
    const lines = told.map((one) => this.line(one));
    if (this.served) lines.push(el("p", { class: "served" }, t("voice.served", { service: this.book.service(served) })));
    const fresh = told.slice(this.shown);
    this.shown = told.length;
    this.log.replaceChildren(...lines);
    this.log.lastElementChild?.scrollIntoView({ block: "nearest" });
    put(this.where, this.served ? "" : t("voice.waits", { menu: at === "services" ? t("voice.services") : this.book.title(at), seconds: wait }));
    this.silent();
    if (this.aloud.checked) {
      this.queue = fresh.filter((one) => one.say);
      this.next();
    }
  }

  line(one) {
    if (one.pressed) return el("p", { class: "pressed" }, one.pressed === "silence" ? t("voice.silence") : el("kbd", {}, one.pressed));
    if (one.status) return el("p", { class: "quiet" }, t("voice.status"));
    if (one.case) return el("p", { class: "quiet" }, t(`voice.case_${one.case}`));
    if (one.turn) return el("p", { class: "quiet" }, t("voice.turned", { language: t(`language.${one.turn}`) }));
    return el("p", {}, el("span", { class: "chip" }, t(`language.${one.language}`)), " ", el("bdi", { lang: one.language }, one.say));
  }

  // -- aloud -----------------------------------------------------------------------------------------------------

  hear(language, name, text) {
    const words = new URLSearchParams({ language, name, text });
    this.sound.src = `/rules/voice/hear?${words}`;
    this.sound.play().catch(() => {}); // a browser that wants a click first has had it; what cannot be played is skipped
  }

  next() {
    const one = this.queue.shift();
    if (one) this.hear(one.language, one.name, one.say);
  }

  silent() {
    this.queue = [];
    this.sound.pause();
  }
}
