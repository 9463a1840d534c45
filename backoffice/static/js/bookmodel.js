// Rows of a rule book, as plain lists: what moving, adding and removing mean. No page in here.

/** 1 for "02", 2 for "0203", 3 for "020301". */
export const level = (code) => Math.ceil(code.length / 2);

/** How many rows from `at` on are the row itself and those below it. */
export function span(rows, at, code = (row) => row.code) {
  let count = 1;
  while (at + count < rows.length && code(rows[at + count]).length > code(rows[at]).length
         && code(rows[at + count]).startsWith(code(rows[at]))) count += 1;
  return count;
}

/** The rows with the one at `at`, and those below it, moved before its neighbour above (-1) or after the one below (1). */
export function moved(rows, at, step, tree = false) {
  const code = tree ? (row) => row.code : () => "x";
  const size = tree ? span(rows, at) : 1;
  const same = (row) => !tree || code(row).slice(0, -2) === code(rows[at]).slice(0, -2);
  let other = step < 0 ? at - 1 : at + size;
  while (step < 0 && other >= 0 && tree && code(rows[other]).length > code(rows[at]).length) other -= 1;
  if (other < 0 || other >= rows.length || !same(rows[other])) return { rows, at };
  const rest = rows.slice();
  const block = rest.splice(at, size);
  const to = step < 0 ? other : other + (tree ? span(rows, other) : 1) - size;
  rest.splice(to, 0, ...block);
  return { rows: rest, at: to };
}

/** The first code below `above` ("": the first level) that is free; "" when there is none left. */
export function freeCode(rows, above) {
  const taken = new Set(rows.map((row) => row.code));
  for (let number = 1; number < 100; number += 1) {
    const code = above + String(number).padStart(2, "0");
    if (!taken.has(code)) return code;
  }
  return "";
}

/** The rows with a new one after everything below `above`. */
export function added(rows, above) {
  const code = freeCode(rows, above);
  if (!code || code.length > 6) return { rows, at: -1 };
  const parent = rows.findIndex((row) => row.code === above);
  const at = parent < 0 ? rows.length : parent + span(rows, parent);
  return { rows: [...rows.slice(0, at), { code, names: { zh: "" } }, ...rows.slice(at)], at };
}

/** The rows without the one at `at` and those below it. */
export function removed(rows, at, tree = false) {
  const size = tree ? span(rows, at) : 1;
  return rows.filter((_, i) => i < at || i >= at + size);
}
