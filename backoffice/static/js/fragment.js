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
