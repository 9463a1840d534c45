/** Places on the ground: metres, a flat picture of a small area, and what a track comes to. WGS-84 degrees. */

const RADIUS = 6_371_008.8;
const RAD = Math.PI / 180;

/** Metres between two places (on a sphere: 0.5 % is nothing on a screen). */
export function metres(a, b) {
  const dLat = (b.lat - a.lat) * RAD;
  const dLon = (b.lon - a.lon) * RAD;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * RAD) * Math.cos(b.lat * RAD) * Math.sin(dLon / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.sqrt(Math.min(1, h)));
}

/** A way to read metres: [number, "m" or "km"]. */
export const far = (m) => (m < 1000 ? [Math.round(m), "m"] : [Number((m / 1000).toFixed(m < 10_000 ? 1 : 0)), "km"]);

/** The length of a track in metres; points that were not trusted (`flag`) are passed over. */
export function length(points) {
  const good = points.filter((one) => !one.flag);
  return good.slice(1).reduce((sum, point, i) => sum + metres(good[i], point), 0);
}

/** Whether a place is in a ring of [lon, lat] pairs. */
export function inside(ring, lon, lat) {
  let within = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [x1, y1] = ring[i];
    const [x2, y2] = ring[j];
    if (y1 > lat !== y2 > lat && lon < x1 + ((lat - y1) * (x2 - x1)) / (y2 - y1)) within = !within;
  }
  return within;
}

/** A view of the ground: a middle, metres a pixel, and the size of the picture in pixels. North is up. */
export class View {
  constructor({ lon, lat, scale = 2, width = 320, height = 320 }) {
    Object.assign(this, { lon, lat, scale, width, height });
  }

  get #x() { return RADIUS * RAD * Math.cos(this.lat * RAD); }
  get #y() { return RADIUS * RAD; }

  /** A place as pixels. */
  xy(lon, lat) {
    return [this.width / 2 + ((lon - this.lon) * this.#x) / this.scale, this.height / 2 - ((lat - this.lat) * this.#y) / this.scale];
  }

  /** Pixels as a place. */
  place(x, y) {
    return { lon: this.lon + ((x - this.width / 2) * this.scale) / this.#x, lat: this.lat - ((y - this.height / 2) * this.scale) / this.#y };
  }

  /** Move by pixels. */
  pan(dx, dy) {
    const { lon, lat } = this.place(this.width / 2 - dx, this.height / 2 - dy);
    Object.assign(this, { lon, lat: Math.max(-85, Math.min(85, lat)) });
  }

  /** Come nearer (factor below 1) or go farther, while what is at x, y stays there. */
  zoom(factor, x = this.width / 2, y = this.height / 2) {
    const before = this.place(x, y);
    this.scale = Math.max(0.1, Math.min(400, this.scale * factor));
    const after = this.place(x, y);
    this.lon += before.lon - after.lon;
    this.lat += before.lat - after.lat;
  }

  /** Show a box [west, south, east, north] whole. */
  fit([west, south, east, north], margin = 24) {
    this.lon = (west + east) / 2;
    this.lat = (south + north) / 2;
    const wide = ((east - west) * this.#x) / Math.max(1, this.width - 2 * margin);
    const high = ((north - south) * this.#y) / Math.max(1, this.height - 2 * margin);
    this.scale = Math.max(0.3, Math.min(400, Math.max(wide, high)));
  }

  /** A round length for the bar: {metres, pixels}. */
  bar(most = 90) {
    const whole = most * this.scale;
    const power = 10 ** Math.floor(Math.log10(whole));
    const round = [5, 2, 1].map((n) => n * power).find((n) => n <= whole);
    return { metres: round, pixels: round / this.scale };
  }
}

/** The box around places, null without one. */
export function box(places) {
  if (!places.length) return null;
  const lons = places.map((one) => one.lon);
  const lats = places.map((one) => one.lat);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
