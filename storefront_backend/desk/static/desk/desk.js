// What the desk's pages do beyond plain HTML. Every page works without it.

// "/" goes to the search field, as in the tools that people at a desk know.
document.addEventListener("keydown", (event) => {
  const search = document.querySelector("#search");
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "");
  if (event.key === "/" && search && !typing && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    search.focus();
  }
});

// A page whose work is under way asks again until it is done, and replaces its main part.
const PATIENCE = 2_000;
const underWay = () => document.querySelector("main [data-under-way]");

async function follow() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.redirected) return location.reload(); // signed out meanwhile
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const [old, fresh] = [document.querySelector("main"), page.querySelector("main")];
      if (fresh && old.innerHTML !== fresh.innerHTML) old.replaceChildren(...fresh.childNodes);
    }
  } catch {
    // The line is down; the next try may find it up.
  }
  if (underWay()) setTimeout(follow, PATIENCE);
}

if (underWay()) setTimeout(follow, PATIENCE);
