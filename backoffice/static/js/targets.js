// Whom a call can be sent to: colleagues, queues and experts as the server lists them, their states live.

import { feed } from "./feed.js";
import { get, insist, t } from "./lib.js";

const REACHED = new Set(["ready", "paused"]);
const NUMBER = /^\+?\d{3,20}$/;
let known = { seats: [], queues: [], experts: [] };

/** Ask the server; what was known stays meanwhile. */
export async function load() {
  known = await insist(() => get("/api/targets"));
  return known;
}

/** The number as it is dialled, without what people write between the digits; "" when it is none. */
export function number(text) {
  const plain = text.normalize("NFKC").replace(/[\s().·/–-]+/g, "");
  return NUMBER.test(plain) ? plain : "";
}

/** A target in words: "seat:102" → "102 吴桐". */
export function label(target) {
  const [kind, name] = [target.slice(0, target.indexOf(":")), target.slice(target.indexOf(":") + 1)];
  if (kind === "seat") {
    const who = feed.seats()[name]?.name || known.seats.find((one) => one.seat === name)?.name || "";
    return `${name} ${who}`.trim();
  }
  if (kind === "queue") return queueLabel(name);
  return known.experts.find((one) => one.number === name)?.name ? `${known.experts.find((one) => one.number === name).name} ${name}` : name || target;
}

/** A queue's name as people read it. */
export const queueLabel = (name) => known.queues.find((one) => one.name === name)?.label ?? name;

/** Who fits what was typed, those who can take a call first. `mode` is transfer, consult or expert. */
export function search(typed, mode, own) {
  const wanted = typed.trim().toLowerCase().replaceAll(" ", "");
  const fits = (...texts) => !wanted || texts.flat().some((text) => text.toLowerCase().replaceAll(" ", "").includes(wanted));
  const live = feed.seats();
  const seats = mode === "expert" ? [] : known.seats
    .filter((one) => one.seat !== own && fits(one.seat, one.name, one.letters))
    .map((one) => ({ target: `seat:${one.seat}`, name: one.name, more: one.seat, state: live[one.seat]?.state ?? "closed" }))
    .map((one) => ({ ...one, free: REACHED.has(one.state) }))
    .sort((a, b) => Number(b.free) - Number(a.free) || Number(b.state === "ready") - Number(a.state === "ready"));
  const queues = mode !== "transfer" ? [] : known.queues
    .filter((one) => fits(one.name, one.label, one.letters))
    .map((one) => ({ target: `queue:${one.name}`, name: one.label, more: t("picker.queue"), free: true }));
  const experts = known.experts
    .filter((one) => fits(one.name, one.number, one.department, one.letters))
    .map((one) => ({ target: `number:${one.number}`, name: one.name, more: `${one.department || t("picker.expert_of")} ${one.number}`, free: true }));
  const dialled = number(typed);
  const typedIn = dialled && !seats.some((one) => one.target === `seat:${dialled}`) && !experts.some((one) => one.target === `number:${dialled}`)
    ? [{ target: `number:${dialled}`, name: t("picker.number", { number: dialled }), more: "", free: true }] : [];
  return [...seats, ...queues, ...experts, ...typedIn];
}
