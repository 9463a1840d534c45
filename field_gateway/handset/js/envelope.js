/** The envelope: a message as the bytes that go over the wire, and its signature. Made once, never again. */
import { rfc3339 } from "./clock.js";
import { shortId, timeOf, uuidOf } from "./ids.js";
import { sign } from "./keys.js";

const utf8 = new TextEncoder();
const text = new TextDecoder();

/** The topic of a type of message. */
export const topicOf = (device, type) => `gridline/${device}/up/${type}`;

/** What the short form of a report has room for. */
const SHORT = ["text", "place", "category", "task", "case"];
const PLACE = ["lon", "lat", "accuracy", "source", "fixed_at"];

/** Bytes of a message: the common fields, then its own. Positions carry their own times. */
export function write({ type, id, seq, look, login, fields }) {
  const said = Object.keys(fields).filter((name) => fields[name] !== undefined && fields[name] !== null);
  // In short the id says when: after the wall clock was set back it does not.
  if (type === "report" && said.every((name) => SHORT.includes(name)) && Math.abs(timeOf(id) - look.at) < 1_000) {
    const { text: words, place, category, task, case: whole } = fields;
    const where = place && bare([place.lon, place.lat, place.accuracy, place.source, place.fixed_at]);
    const short = [2, shortId(id), seq, look.boot, look.mono, login, words, where, category, task, whole];
    return utf8.encode(JSON.stringify(bare(short)));
  }
  const body = { v: 1, type, id, seq, boot: look.boot, mono: look.mono };
  if (type !== "position") body.made = rfc3339(look.at);
  if (login !== undefined && login !== null) body.login = login;
  for (const name of said) body[name] = fields[name];
  return utf8.encode(JSON.stringify(body));
}

/** An array without what is last and not there. */
function bare(values) {
  let count = values.length;
  while (count && (values[count - 1] ?? null) === null) count -= 1;
  return values.slice(0, count);
}

/** What a message says. */
export function read(body) {
  const said = JSON.parse(text.decode(body));
  if (!Array.isArray(said)) return said;
  const [v, id, seq, boot, mono, login, words, where, category, task, whole] = said;
  const place = where && Object.fromEntries(where.map((value, at) => [PLACE[at], value]).filter(([, value]) => value !== null));
  return { v, type: "report", id: uuidOf(id), seq, boot, mono, login, text: words, place, category, task, case: whole };
}

/** The signature over version, topic and body. */
export function seal(key, topic, body) {
  const head = utf8.encode(`gridline/1\n${topic}\n`);
  const whole = new Uint8Array(head.length + body.length);
  whole.set(head);
  whole.set(body, head.length);
  return sign(key, whole);
}

/** What travels beside a message and may differ at each sending: {sent, clock, sig}. */
export function beside(record, look) {
  const said = { sent: rfc3339(look.at), clock: `${look.boot}:${look.mono}` };
  if (record.sig) said.sig = record.sig;
  return said;
}
