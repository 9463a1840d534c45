// The case page.

import { CasePart } from "./casepart.js";
import { types } from "./shortcuts.js";

const page = document.querySelector("[data-casepage]");
new CasePart(page);

// One key follows the case, or no longer.
document.addEventListener("keydown", (event) => {
  const form = page.querySelector("form[data-follow]");
  if (!form || event.key.toLowerCase() !== "f" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || types(event.target)) return;
  event.preventDefault();
  form.requestSubmit();
});
