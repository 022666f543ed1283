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
