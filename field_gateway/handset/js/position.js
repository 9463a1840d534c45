/** Where the phone is: asked for when somebody wants to know, remembered for who can do with the last. */
export class Position {
  #app;
  #last = null;

  constructor(app) {
    this.#app = app;
  }

  /** The last fix {lon, lat, accuracy, fixed_at, speed?, bearing?, altitude?}, or null. */
  last() {
    return this.#last;
  }

  /**
   * A fix no older than `age` ms, within `timeout` ms. Raises an Error whose `code` is
   * "refused", "nowhere" (no fix) or "missing" (no such device).
   */
  now({ age = 15_000, timeout = 20_000 } = {}) {
    return new Promise((done, fail) => {
      if (!navigator.geolocation) return fail(Object.assign(new Error("no geolocation"), { code: "missing" }));
      return navigator.geolocation.getCurrentPosition(
        (found) => done(this.take(found)),
        (error) => fail(Object.assign(new Error(error.message), { code: error.code === 1 ? "refused" : "nowhere" })),
        { enableHighAccuracy: true, maximumAge: age, timeout },
      );
    });
  }

  /** Take a fix as the browser gives it. */
  take({ coords, timestamp }) {
    const round = (value, digits) => (value === null || value === undefined ? undefined : Number(value.toFixed(digits)));
    this.#last = {
      lon: round(coords.longitude, 6),
      lat: round(coords.latitude, 6),
      accuracy: round(coords.accuracy, 0),
      speed: round(coords.speed, 1),
      bearing: round(coords.heading, 0),
      altitude: round(coords.altitude, 0),
      fixed_at: new Date(timestamp).toISOString(),
    };
    this.#app.emit("position", this.#last);
    return this.#last;
  }
}
