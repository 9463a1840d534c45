/**
 * The phone's two clocks. A message says when it was made by both, so that the server can tell a wrong wall clock.
 *
 * The monotonic clock of a browser may stand still while the phone sleeps: whenever the two clocks have parted since
 * they were last looked at, a new `boot` begins, and nothing is reckoned across it.
 */
const PARTED_MS = 2_000;

export class Clock {
  #wall;
  #steady;
  #zero;

  constructor(wall = () => Date.now(), steady = () => performance.now()) {
    this.#wall = wall;
    this.#steady = steady;
    this.#begin();
  }

  #begin() {
    this.boot = [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => (byte % 36).toString(36)).join("");
    this.#zero = this.#wall() - this.#steady();
  }

  /** Both clocks now: {boot, mono in ms, at in ms of the wall clock}. */
  look() {
    if (Math.abs(this.#wall() - this.#steady() - this.#zero) > PARTED_MS) this.#begin();
    return { boot: this.boot, mono: Math.round(this.#steady()), at: this.#wall() };
  }
}

/** A moment of the wall clock as the protocol writes it: to the second, in UTC. */
export const rfc3339 = (ms) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
