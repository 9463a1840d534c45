/** What is on the screen counts as seen: a second after it came there, and only while somebody can look at it. */
const LOOK_MS = 1_000;

/** Call `say` when a page's `app` has been on the screen for a second: now, after each `event`, and when it comes to the front. */
export function whenSeen(app, event, say) {
  let timer = null;
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = null;
      if (document.visibilityState === "visible" && !app.left.aborted) say();
    }, LOOK_MS);
  };
  app.on(event, soon);
  app.on("visible", soon);
  soon();
}
