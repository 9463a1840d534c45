// Orders of this seat: each has an id of its own, is sent until it is taken, and followed until it is done or failed.

import { get, insist, post, t, uuid7 } from "./lib.js";

const PATIENCE = 6000; // an order about a call is of no use later
const FOLLOWED = 12000;
const LOOK_EVERY = 150;

const REASONS = [
  [/^that call is over|^seat \d+ is not in a call$|^seat \d+ has no call$|talks with nobody now$/, "no_call"],
  [/^the citizen is no longer in the call/, "citizen_gone"],
  [/^nobody is being consulted/, "nobody_asked"],
  [/has not answered yet/, "not_answered"],
  [/^that caller does not wait/, "caller_gone"],
  [/^somebody is being consulted|^the citizen waits while/, "consulting"],
  [/^three are talking|^all three/, "three"],
  [/^seat \d+ is in a call$/, "in_call"],
  [/nothing was seen of it$/, "not_seen"],
  [/does not write up a call$/, "wrapped"],
];
const SEAT_STATE = /^seat (\d+) is (not open|closed|unreachable|paused|ready|ringing|talking|wrapup)\b/;

/** Why the telephone room could not do it, in the page's language. */
export function failure(reason) {
  for (const [shape, key] of REASONS) if (shape.test(reason)) return t(`order_failed.${key}`);
  const found = SEAT_STATE.exec(reason);
  if (found) return t("order_failed.seat_state", { seat: found[1], state: t(`seat_state.${found[2] === "not open" ? "closed" : found[2]}`) });
  return t("order_failed.other", { why: reason });
}

const pause = (ms) => new Promise((go) => { setTimeout(go, ms); });

/** Send an order; its id once it is taken. Sent again while nobody answers, it stays the same order. */
export async function send(verb, body = {}, told = () => {}) {
  const order = uuid7();
  const end = Date.now() + PATIENCE;
  for (;;) {
    try {
      await post(`/api/seat/${verb}`, { ...body, order });
      return order;
    } catch (trouble) {
      if (!trouble.passing || Date.now() > end) throw trouble;
      told(trouble);
      await pause(500);
    }
  }
}

/** Wait until the telephone room has done it. Throws an Error in words when it could not. */
export async function follow(order, patience = FOLLOWED) {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    const { state, reason } = await insist(() => get(`/api/orders/${order}`));
    if (state === "observed") return;
    if (state === "failed") throw new Error(failure(reason));
    await pause(LOOK_EVERY);
  }
  throw new Error(t("order_failed.slow"));
}
