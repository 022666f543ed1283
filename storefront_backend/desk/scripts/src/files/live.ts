/**
 * A page whose work is under way (`data-waiting`) reads itself again and replaces its live parts alone,
 * so that what somebody types or drops meanwhile is not lost.
 */

const PATIENCE = 2_000;

const waiting = (page: ParentNode): boolean => page.querySelector("[data-waiting]") !== null;

/** Puts the live parts of the fresh page in place of the old ones, but not under a hand at work. */
export function renew(page: ParentNode, fresh: ParentNode, active: Element | null): void {
  for (const old of page.querySelectorAll("[data-live][id]")) {
    const now = fresh.querySelector(`#${CSS.escape(old.id)}`);
    if (now && !old.contains(active)) old.replaceWith(now);
  }
}

async function look(): Promise<void> {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.redirected) return location.reload(); // signed out meanwhile
    if (answer.ok) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      renew(document, fresh, document.activeElement);
    }
  } catch {
    // The line is down; the next try may find it up.
  }
  if (waiting(document)) setTimeout(look, PATIENCE);
}

/** Begins to look where the page has something under way. */
export function follow(): void {
  if (waiting(document)) setTimeout(look, PATIENCE);
}
