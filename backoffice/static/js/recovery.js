// A call that this seat has and this page has not: after a reload, or when a browser lost it. The page asks for it by
// itself, and the PBX rings the seat again with the same citizen.

const FRESH = 300; // a page that took up the line of another has nothing to wait for
const LAGGING = 2000; // the floor says a little later than the softphone that a call is over
const AGAIN = 5000;
const MOST = 3;

export class Recovery {
  /** `ask()` orders it. */
  constructor(ask) {
    Object.assign(this, { ask, fresh: false, tries: 0, due: null, waiting: false });
  }

  /** This page took up the line of the one before it. */
  begin() { this.fresh = true; }

  /** A call came: nothing is missing. */
  called() {
    this.fresh = false;
    this.tries = 0;
    this.#cancel();
  }

  /** A call ended here: what the floor still says of it is over in a moment. */
  ended() {
    this.fresh = false;
    this.#cancel();
  }

  /** The situation as it is now. */
  saw({ can }) {
    if (!can.has("recover")) { this.#cancel(); return; }
    if (this.due || this.tries >= MOST) return;
    this.waiting = this.fresh;
    this.due = setTimeout(() => {
      this.due = null;
      this.tries += 1;
      this.waiting = true;
      this.ask();
    }, this.tries ? AGAIN : this.fresh ? FRESH : LAGGING);
  }

  #cancel() {
    clearTimeout(this.due);
    this.due = null;
    this.waiting = false;
  }
}
