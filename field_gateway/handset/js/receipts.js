/** What a receipt means for the message it is for. Pure. */

/** Refusals that may pass: the message is kept and sent again later. */
const PASSING = new Set(["failed", "later", "unknown-device", "blocked"]);

/**
 * kept: the server has it · failed, conflict: it does not as it is, the worker decides · forget: of no further use
 * · wait: nothing is decided.
 */
export function outcome(record, receipt) {
  const settled = ["done", "failed", "conflict"].includes(record.state);
  switch (receipt.status) {
    case "kept":
    case "again":
      if (record.type !== "report") return "forget";
      return record.state === "done" ? "wait" : "kept";
    case "conflict":
      if (record.type !== "report") return "forget";
      return settled && record.state !== "failed" ? "wait" : "conflict";
    case "refused":
      if (PASSING.has(receipt.code)) return "wait";
      if (record.type !== "report") return "forget";
      // A refusal that comes late must not undo what was kept.
      return record.state === "waiting" ? "failed" : "wait";
    default:
      return "wait";
  }
}

/** Seconds until a message without an answer is sent again: longer each time, a minute at most. */
export const pause = (tries) => Math.min(10 * 2 ** Math.max(0, tries - 1), 60);
