// The claim on a seat among the windows of this browser: one holds it, another takes it only by a click.

const mark = (seat) => `gridline-seat-${seat}`;

export class Claim {
  /** `lost` is called when another window takes the seat. */
  constructor(seat, lost) {
    this.name = mark(seat);
    this.lost = lost;
    this.release = null;
  }

  /** Take the seat, from whichever window holds it. */
  async take() {
    if (this.release || !navigator.locks) return;
    await new Promise((taken) => { this.#hold({ steal: true }, taken); });
  }

  /** This window has the seat: after a reload it opens it again by itself. */
  keep() { sessionStorage.setItem(this.name, "1"); }

  /** Let go. */
  drop() {
    sessionStorage.removeItem(this.name);
    const release = this.release;
    this.release = null;
    release?.();
  }

  /** After a reload: open again when this window had the seat and no other took it meanwhile. */
  async resume(open) {
    if (!sessionStorage.getItem(this.name)) return;
    if (!navigator.locks) { open(); return; }
    const free = await new Promise((told) => { this.#hold({ ifAvailable: true }, told); });
    if (free) open();
    else sessionStorage.removeItem(this.name);
  }

  #hold(options, told) {
    let mine = null;
    navigator.locks.request(this.name, options, (lock) => {
      if (!lock) { told(false); return undefined; }
      return new Promise((go) => { mine = go; this.release = go; told(true); });
    }).catch((error) => {
      if (error.name !== "AbortError" || this.release !== mine || mine === null) return;
      this.release = null;
      this.lost();
    });
  }
}
