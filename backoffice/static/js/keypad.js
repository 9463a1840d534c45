// The keypad of a call: DTMF by click, or by the keyboard while the focus is in it.

import { put } from "./lib.js";

const SHOWN = 24;

export class Keypad {
  /** `send(digits)` sends them to the other party. */
  constructor(box, sent, send) {
    Object.assign(this, { box, sent, send });
    box.addEventListener("click", (event) => {
      const digit = event.target.closest("[data-digit]")?.dataset.digit;
      if (digit) this.press(digit);
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { event.stopPropagation(); this.close(); return; }
      if (event.altKey || event.ctrlKey || event.metaKey || !/^[0-9*#]$/.test(event.key)) return;
      event.preventDefault();
      this.press(event.key);
    });
  }

  get open() { return !this.box.hidden; }

  show(back) {
    this.back = back;
    this.box.hidden = false;
    this.box.querySelector("[data-digit]").focus();
  }

  close() {
    if (!this.open) return;
    const inside = this.box.contains(document.activeElement);
    this.box.hidden = true;
    if (inside) this.back?.focus();
  }

  /** Another call: nothing was sent in it. */
  forget() { put(this.sent, ""); this.close(); }

  press(digit) {
    put(this.sent, (this.sent.textContent + digit).slice(-SHOWN));
    this.send(digit);
  }
}
