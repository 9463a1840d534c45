// "New case": the form for a request that did not come by telephone, or for a draft left unfinished.

import { CaseForm } from "./caseform.js";

const root = document.querySelector("[data-newcase]");
const form = new CaseForm(root);
form.begin(root.dataset.contact, JSON.parse(root.dataset.draft));
