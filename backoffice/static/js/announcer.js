// What a screen reader is told of a call: only what changed, in one sentence each.

import { put, t } from "./lib.js";
import { watched } from "./callpanel.js";
import { label } from "./targets.js";

const WARN_AT = 10; // seconds before wrap-up ends

export class Announcer {
  constructor(node) {
    this.node = node;
    this.parties = new Map();
    this.watchers = new Set();
    this.state = "";
    this.warned = "";
  }

  /** The situation as it is now. */
  saw(now) {
    const texts = [];
    if (this.state && now.state !== this.state) texts.push(t(`seat_state.${now.state}`));
    this.state = now.state;
    const parties = new Map(now.parties.map((one) => [`${one.role} ${one.target}`, one]));
    for (const [key, one] of parties) {
      if (this.parties.get(key)?.state !== one.state) texts.push(`${t(`where.${one.role}`)} ${label(one.target)}${t("punct.colon")}${t(`where.${one.state}`)}`);
    }
    this.parties = parties;
    const watchers = new Set(now.watchers.map(watched));
    for (const text of watchers) if (!this.watchers.has(text)) texts.push(text);
    this.watchers = watchers;
    if (texts.length) put(this.node, texts.join(" "));
  }

  /** Wrap-up ends `until` (ISO) in so many seconds. */
  left(until, seconds) {
    if (!until || seconds > WARN_AT || seconds <= 0 || this.warned === until) return;
    this.warned = until;
    put(this.node, t("seat.wrap_ends", { seconds: Math.ceil(seconds) }));
  }
}
