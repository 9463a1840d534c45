// The call panel: the call's state, who is where in it, who listens, and a button for whatever can be done now.

import { el, put, t } from "./lib.js";
import { label } from "./targets.js";

const KEYS = ["answer", "recover", "hold", "resume", "mute", "unrecord", "record", "swap", "conference", "complete", "cancel", "consult", "transfer", "expert", "keypad", "hangup"];
const STATES = { ringing: "call.ringing", talking: "call.talking", hold: "call.on_hold", stray: "call.elsewhere" };

export class CallPanel {
  constructor(root) {
    this.part = (name) => root.querySelector(`[data-${name}]`);
    this.key = (name) => root.querySelector(`[data-do=${name}]`);
  }

  draw(now, { call, row }) {
    const panel = this.part("call");
    panel.hidden = now.callstate === "none";
    panel.dataset.state = now.callstate;
    put(this.part("callstate"), headline(now, call, row));
    put(this.part("number"), call?.number || row?.number || "");
    this.part("reconnecting").hidden = !now.reconnecting;
    for (const name of KEYS) {
      const key = this.key(name); // some there are only with a right
      if (key) key.hidden = !now.can.has(name);
    }
    this.#parties(now.parties);
    this.#watchers(now.watchers);
  }

  #parties(parties) {
    const list = this.part("parties");
    const seen = parties.map((one) => `${one.role}|${one.target}|${one.state}`).join("\n");
    list.hidden = parties.length === 0;
    if (list.dataset.seen === seen) return;
    list.dataset.seen = seen;
    list.replaceChildren(...parties.map((one) => el("li", { "data-testid": "call-party", "data-role": one.role, "data-state": one.state },
      el("span", { class: "quiet" }, t(`where.${one.role}`)), el("bdi", {}, label(one.target)),
      el("span", { class: "chip", "data-state": one.state }, t(`where.${one.state}`)))));
  }

  #watchers(watchers) {
    const list = this.part("watched");
    list.hidden = watchers.length === 0;
    const texts = watchers.map(watched);
    if (list.dataset.seen === texts.join("\n")) return;
    list.dataset.seen = texts.join("\n");
    list.replaceChildren(...texts.map((text) => el("li", {}, text)));
  }
}

/** "Seat 900 is listening to this call." */
export const watched = ({ watcher, mode }) => t(`where.watched_${mode}`, { who: t("where.seat", { seat: watcher }) });

function headline(now, call, row) {
  if (now.callstate === "none") return "";
  if (row?.why === "watch" && call) return t("call.watching");
  if (row?.why === "prompt" && call) return t("prompts.phone.speaking");
  if (now.callstate === "talking" && now.parties.some((one) => one.role === "called" && one.state === "ringing")) return t("call.calling");
  return t(STATES[now.callstate]);
}
