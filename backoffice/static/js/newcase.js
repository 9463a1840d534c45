// "New case": the form for a request that did not come by telephone, or for a draft left unfinished.

import { CaseForm } from "./caseform.js";
import { listen } from "./shortcuts.js";

const root = document.querySelector("[data-newcase]");
const form = new CaseForm(root);
form.begin(root.dataset.contact, JSON.parse(root.dataset.draft));
const fields = { category: () => form.category.field, title: () => form.form.elements.title };
listen((name) => (name === "answercase" ? form.answer() : fields[name]?.().focus()));
