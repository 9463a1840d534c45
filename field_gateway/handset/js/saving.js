/** What the worker takes along: a file made on the phone, of what the phone shows. */
import { el } from "./ui.js";

/** Save text under a name. */
export function save(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = el("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

const markup = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;" };
const escaped = (text) => String(text).replace(/[&<>"]/g, (one) => markup[one]);

/** A track as GPX 1.1. */
export function gpx(name, points) {
  const rows = points.map(({ lon, lat, fixed_at, altitude }) =>
    `<trkpt lat="${Number(lat)}" lon="${Number(lon)}">${altitude === undefined || altitude === null ? "" : `<ele>${Number(altitude)}</ele>`}<time>${escaped(fixed_at)}</time></trkpt>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Gridline" xmlns="http://www.topografix.com/GPX/1/1"><trk><name>${escaped(name)}</name><trkseg>\n${rows.join("\n")}\n</trkseg></trk></gpx>\n`;
}

// What a spreadsheet would take for a formula gets an apostrophe before it.
const cell = (value) => {
  const text = typeof value === "number" ? String(value) : String(value ?? "").replace(/^[\s\u00a0\u3000]*[=+\-@＝＋－＠]/, "'$&");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text;
};

/** Lines of values as CSV (RFC 4180), with the mark that Excel needs. */
export const csv = (lines) => `\ufeff${lines.map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
