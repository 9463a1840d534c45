/** Which numbers may be dialled: as schema/rules/dialrules.py has it, on the phone, without a network. */

export const ALWAYS = ["110", "119", "120", "122"];
const LISTS = ["emergency", "numbers", "internal"];

/** A number as it is dialled, "" for what is none. */
export function plain(typed) {
  const found = typed.normalize("NFKC").trim().replace(/[\s().·/–-]+/g, "");
  return /^\+?[0-9]{3,20}$/.test(found) ? found : "";
}

/** Whether a number is one of a pattern's: digits, x for any one, * at the end for more. */
export function matches(pattern, dialled) {
  if (pattern === "*") return true;
  const body = pattern.replace(/\*$/, "").replace(/[^0-9x]/g, "\\$&").replace(/x/g, "[0-9]");
  return new RegExp(`^${body}${pattern.endsWith("*") ? "[0-9]*" : ""}$`).test(dialled);
}

/** As what a number may be dialled, "" when it may not: emergency, numbers, internal, colleague. */
export function allowedAs(rules, typed, colleagues = new Set()) {
  const dialled = plain(typed);
  if (!dialled) return "";
  if (ALWAYS.includes(dialled)) return "emergency";
  const found = LISTS.find((name) => (rules?.[name] ?? []).some((row) => matches(row.number, dialled)));
  return found ?? (colleagues.has(dialled) ? "colleague" : "");
}
