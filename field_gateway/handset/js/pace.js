/** How long things wait, waiting that can be ended from outside, and how fast the line has been. Ms where nothing else is said. */
/** After the first failure; twice as long after each, and at most the second. */
export const FIRST_RETRY = 3_000;
export const LAST_RETRY = 300_000;
/** Until MQTT is tried again where it did not go. */
export const MQTT_AGAIN = 60_000;
/** Without a word, a line that was asked several times is dead. */
export const DEAD_MS = 30_000;
/** Seconds of a poll. */
export const POLL_SECONDS = 25;

export class Alarm {
  #wake = null;
  #rung = false;

  /** End the waiting, or the next one if nobody waits just now. */
  ring() {
    this.#rung = true;
    this.#wake?.();
  }

  /** Wait some ms, or until it rings. */
  wait(ms) {
    return new Promise((done) => {
      const end = () => {
        clearTimeout(timer);
        this.#wake = null;
        this.#rung = false;
        done();
      };
      const timer = setTimeout(end, Math.max(0, Math.min(ms, 2 ** 31 - 1)));
      this.#wake = end;
      if (this.#rung) end();
    });
  }
}

export class Speed {
  /** Bytes a second, 0 until something was seen. */
  value = 0;

  /** Take what was seen: bytes in some ms. */
  seen(bytes, ms) {
    if (bytes <= 0 || ms <= 0) return;
    const now = (1000 * bytes) / ms;
    this.value = this.value ? 0.6 * this.value + 0.4 * now : now;
  }
}
