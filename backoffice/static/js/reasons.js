// Why a seat is not ready, in words.

import { t } from "./lib.js";

/** The reason as people read it; one that is not in the dictionary is shown as it is. */
export function reason(word) {
  const key = `reason.${word.replaceAll(" ", "_")}`;
  const said = t(key);
  return said === key ? word : said;
}
