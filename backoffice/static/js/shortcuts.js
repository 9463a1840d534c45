// Keys that do what a button does: function keys, and Alt with a letter by its place on the board (so that they are the
// same on a Uyghur layout and under an input method). None of them types anything into the form.

export const SHORTCUTS = {
  F2: "answer", F4: "ready", F8: "mute", F9: "hangup",
  "Alt+KeyB": "sit", "Alt+KeyP": "pause", "Alt+KeyA": "auto", "Alt+KeyH": "hold", "Alt+KeyN": "unrecord", "Alt+KeyK": "keypad", "Alt+KeyT": "transfer",
  "Alt+KeyR": "expert", "Alt+KeyC": "consult", "Alt+KeyS": "swap", "Alt+KeyG": "complete", "Alt+KeyJ": "conference",
  "Alt+KeyX": "cancel", "Alt+KeyO": "dial", "Alt+KeyM": "extend", "Alt+KeyL": "pick", "Alt+KeyE": "category", "Alt+KeyI": "title", "Alt+KeyW": "answercase",
  "Alt+Slash": "help",
};

/** Whether what has the focus takes typing. */
export const types = (node) => Boolean(node?.closest?.("input:not([type=checkbox], [type=range]), textarea, select, [contenteditable]"));

/** Call `act(name)` for each shortcut; it says whether there was something to do. */
export function listen(act) {
  document.addEventListener("keydown", (event) => {
    // The right-hand Alt of many layouts types a third letter: it is not ours.
    if (event.repeat || event.ctrlKey || event.metaKey || event.isComposing || event.getModifierState("AltGraph")) return;
    const name = event.altKey ? SHORTCUTS[`Alt+${event.code}`]
      : SHORTCUTS[event.key] ?? (event.key === "?" && !types(event.target) ? "help" : undefined);
    if (!name) return;
    // Taken even when there is nothing to do now: the browser would do something of its own with it.
    event.preventDefault();
    act(name);
  });
}
