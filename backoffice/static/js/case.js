// The case page.

import { CasePart } from "./casepart.js";

new CasePart(document.querySelector("[data-casepage]"));
