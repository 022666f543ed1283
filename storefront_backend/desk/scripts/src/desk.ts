/** What every page of the desk does beyond plain HTML. Every page works without it. */

import htmx from "htmx.org";

// The page's security policy allows no style and no script that does not come from a file.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;

// "/" goes to the search field, as in the tools that people at a desk know.
document.addEventListener("keydown", (event) => {
  const search = document.querySelector<HTMLElement>("#search");
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "");
  if (event.key === "/" && search && !typing && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    search.focus();
  }
});

// A page whose work is under way asks again until it is done, and replaces its main part.
const PATIENCE = 2_000;
const underWay = () => document.querySelector("main [data-under-way]");

async function follow(): Promise<void> {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.redirected) return location.reload(); // signed out meanwhile
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const [old, fresh] = [document.querySelector("main"), page.querySelector("main")];
      if (old && fresh && old.innerHTML !== fresh.innerHTML) {
        old.replaceChildren(...fresh.childNodes);
        htmx.process(old);
      }
    }
  } catch {
    // The line is down; the next try may find it up.
  }
  if (underWay()) setTimeout(follow, PATIENCE);
}

if (underWay()) setTimeout(follow, PATIENCE);
