// A page, or a part of one, fetched anew.

/** What is at `source` as a document; null when it cannot be had: the feed's pill shows that, and the next event asks again. */
export async function fetched(source) {
  try {
    const answer = await fetch(source, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null;
  }
}

/** Put a part that was fetched anew in the place of the old one; what somebody opened or shut in it stays so, and keeps the keyboard. */
export function swap(old, fresh) {
  const opened = new Map([...fresh.querySelectorAll("details")].map((one) => [keyOf(one), one]));
  const focused = [...old.querySelectorAll("details")].find((one) => one.querySelector("summary") === document.activeElement);
  for (const one of old.querySelectorAll("details")) {
    const same = opened.get(keyOf(one));
    if (same) same.open = one.open;
  }
  old.replaceWith(fresh);
  if (focused) opened.get(keyOf(focused))?.querySelector("summary").focus();
}

const keyOf = (details) => JSON.stringify([details.querySelector("form")?.getAttribute("action"), details.querySelector("summary").textContent]);
