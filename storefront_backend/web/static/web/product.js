// Another metal or size without leaving the page: the server's own page is asked for, and its
// price, sizes and passport take the place of ours. One source of prices, with or without script.

const form = document.querySelector("[data-choice]");
const viewer = document.querySelector("pavilion-viewer");
let asking = new AbortController();

async function show(address, remember) {
  asking.abort();
  asking = new AbortController();
  const parts = [...document.querySelectorAll("[data-swap]")];
  for (const part of parts) part.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal: asking.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const opened = document.querySelector(".price__why")?.open;
    const engraving = document.querySelector("[name=engraving]")?.value;
    const focused = document.activeElement?.id;
    for (const part of parts) {
      const fresh = page.querySelector(`[data-swap="${part.dataset.swap}"]`);
      if (fresh) part.replaceChildren(...fresh.childNodes);
      part.removeAttribute("aria-busy");
    }
    if (opened) document.querySelector(".price__why").open = true;
    const field = document.querySelector("[name=engraving]");
    if (field && engraving) field.value = engraving;
    if (focused) document.getElementById(focused)?.focus();
    dress(page);
    if (remember) history.replaceState(null, "", address);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  }
}

/** Viewer and poster in the chosen metal. */
function dress(page) {
  const poster = page.querySelector("[data-poster]");
  const ours = document.querySelector("[data-poster]");
  if (poster && ours && ours.getAttribute("src") !== poster.getAttribute("src")) {
    ours.setAttribute("src", poster.getAttribute("src"));
  }
  const fresh = page.querySelector("pavilion-viewer");
  if (!viewer || !fresh) return;
  for (const name of ["src", "ios-src", "ar-src", "alloy"]) {
    const value = fresh.getAttribute(name);
    if (value === null) viewer.removeAttribute(name);
    else if (value !== viewer.getAttribute(name)) viewer.setAttribute(name, value);
  }
}

form?.addEventListener("change", () => {
  const chosen = new URLSearchParams(new FormData(form));
  void show(`${location.pathname}?${chosen}`, true);
});
