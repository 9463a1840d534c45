/** The envelope: a message as the bytes that go over the wire, and its signature. Made once, never again. */
import { rfc3339 } from "./clock.js";
import { sign } from "./keys.js";

const utf8 = new TextEncoder();
const text = new TextDecoder();

/** The topic of a type of message. */
export const topicOf = (device, type) => `gridline/${device}/up/${type}`;

/** Bytes of a message: the common fields, then its own. Positions carry their own times. */
export function write({ type, id, seq, look, login, fields }) {
  const body = { v: 1, type, id, seq, boot: look.boot, mono: look.mono };
  if (type !== "position") body.made = rfc3339(look.at);
  if (login !== undefined && login !== null) body.login = login;
  for (const [name, value] of Object.entries(fields)) if (value !== undefined && value !== null) body[name] = value;
  return utf8.encode(JSON.stringify(body));
}

/** What a message says. */
export const read = (body) => JSON.parse(text.decode(body));

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
