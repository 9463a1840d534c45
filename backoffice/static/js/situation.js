// What is going on at a seat, and what its agent can do about it: made from the floor's row and the page's own softphone.
// Pure: `row` and `live` are the floor's seat and call, `call` the softphone's ({state, number, auto …}), `phone` its state.

const NOBODY = { parties: [], watchers: [] };

/** {state, callstate, stray, reconnecting, parties: [{role, target, state}], watchers, can: Set}. */
export function situation({ row, live = null, call = null, phone = "off" }) {
  const open = phone !== "off";
  // This window's own softphone knows of its call before the floor says so.
  const state = call && row ? call.state : row?.state ?? "closed";
  const stray = open && !call && row?.state === "talking" && Boolean(row.call);
  const seen = call || stray ? parties(row, live, call) : NOBODY;
  return {
    state, stray, open,
    reconnecting: Boolean(call) && phone === "connecting",
    callstate: callState(row, call, stray),
    ...seen,
    can: possible({ row, call, open, phone, state, stray }),
  };
}

function callState(row, call, stray) {
  if (stray) return "stray";
  if (!call) return "none";
  if (call.state === "ringing") return "ringing";
  return row?.state === "talking" && row.citizen === "hold" && !row.consult ? "hold" : "talking";
}

function parties(row, live, call) {
  const found = [];
  const here = row?.state === "talking";
  const side = live?.direction === "out" || ["out", "internal"].includes(row?.why) ? "called" : "citizen";
  const target = row?.number || call?.number || "";
  if (here && row.citizen) {
    const where = row.citizen === "hold" ? "hold" : row.conference ? "conference" : "talking";
    found.push({ role: side, target, state: where });
  } else if (here && row.consult) found.push({ role: side, target, state: "gone" });
  else if (call && side === "called") found.push({ role: side, target: call.number || target, state: "ringing" });
  if (here && row.consult) {
    const where = row.conference ? "conference" : row.consult.state;
    found.push({ role: "consulted", target: row.consult.target, state: where });
  }
  return { parties: found, watchers: row?.watchers ?? [] };
}

function possible({ row, call, open, phone, state, stray }) {
  const can = new Set();
  const talks = call?.state === "talking";
  if (call?.state === "ringing") can.add("answer");
  if (call || stray) can.add("hangup");
  // Who is only being asked, or listens, has no citizen of their own to get back: asking for one would take another's.
  if (stray && phone === "registered" && row.citizen) can.add("recover");
  if (talks) can.add("mute");
  if (open && !call) {
    can.add("pause").add("close");
    if (!["ready", "ringing", "talking"].includes(state)) can.add("ready");
    if (row && phone === "registered" && ["ready", "paused", "wrapup"].includes(state)) can.add("callout");
    if (state === "ready") can.add("pick");
    if (state === "wrapup") can.add("extend").add("done");
  }
  // Not ready can be asked for during a call: it is so when the call is over.
  if (open && call) can.add("pause");
  if (!talks || row?.state !== "talking" || ["watch", "prompt"].includes(row.why)) return can;
  const { citizen, consult, conference } = row;
  const asked = consult?.state ?? "";
  if (citizen !== "hold" || asked === "talking") can.add("keypad");
  if (!citizen) {
    if (consult) can.add("cancel");
    return can;
  }
  can.add(row.unrecorded ? "record" : "unrecord");
  if (citizen === "talking" && (!consult || conference)) can.add("hold");
  if (citizen === "hold" && !consult) can.add("resume");
  if (!consult) can.add("transfer").add("consult").add("expert");
  else {
    can.add("cancel");
    if (asked !== "ringing") {
      can.add("complete");
      if (!conference) can.add("swap").add("conference");
    }
  }
  return can;
}
