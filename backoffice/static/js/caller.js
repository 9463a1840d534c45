// Who is on the telephone: number, name, what they asked before; and the case form is theirs.

import { CaseForm } from "./caseform.js";
import { announce, get, insist, put } from "./lib.js";
import { drawHistory } from "./seatlists.js";
import { queueLabel } from "./targets.js";

export class Caller {
  constructor(root, part) {
    this.part = part;
    this.form = new CaseForm(root.querySelector(".desk"));
    this.shown = null;
    this.language = "";
    this.entered = "";
    this.changed = () => {};
  }

  /** A call begins: the form is for whoever it is. */
  comes(call) {
    this.shown = null;
    this.#know({ number: call.number });
    // The same contact rings again (a call got back, or one that is handed on): what is typed for it stays.
    if (this.form.contact !== call.contact) this.form.begin(null);
    drawHistory(this.part("history"), this.part("nohistory"), []);
    if (call.contact) this.meet(call.contact);
  }

  /** This contact is at the seat: show who it is and what they asked before. */
  async meet(contact) {
    if (this.shown === contact) return;
    const { form } = this;
    const fresh = this.shown !== null || form.contact !== null;
    this.shown = contact;
    if (fresh && form.contact !== contact) form.begin(contact, {}, true);
    form.know(contact);
    put(this.part("contact"), contact);
    try {
      const known = await insist(() => get(`/api/contacts/${contact}`));
      if (this.shown !== contact) return;
      this.#know({ ...known, number: known.number || this.part("callernumber").textContent });
      put(this.part("callername"), known.citizen);
      drawHistory(this.part("history"), this.part("nohistory"), known.history, (values) => form.copy(values));
      form.know(contact, known);
      this.changed();
    } catch (error) {
      announce(error.message, true);
    }
  }

  /** The queue of a live call, as people read it. */
  queue(live) { return live?.queue ? queueLabel(live.queue) : ""; }

  draw(call) {
    this.part("nocaller").hidden = Boolean(this.shown || call);
    this.part("caller").hidden = !(this.shown || call);
  }

  #know({ number, language = "", entered = "" }) {
    Object.assign(this, { language, entered });
    put(this.part("callernumber"), number || "");
    if (!this.shown) { put(this.part("callername"), ""); put(this.part("contact"), ""); }
  }
}
