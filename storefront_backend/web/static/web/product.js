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
    quiet();
    void engrave();
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

/** The button that asks for the engraving is not needed where typing does. */
function quiet() {
  document.querySelector(".buy [data-no-script]")?.setAttribute("hidden", "");
}

let typing = 0;
let drawing = new AbortController();

/** The picture of what is typed, or why it cannot be cut. */
async function engrave() {
  const place = document.querySelector("[data-engraving]");
  const field = document.querySelector("[name=engraving]");
  if (!place || !field) return;
  drawing.abort();
  drawing = new AbortController();
  if (!field.value.trim()) {
    place.hidden = true;
    refuse(field, "");
    return;
  }
  const address = new URL(place.dataset.engraving, location.href);
  address.searchParams.set("text", field.value);
  try {
    const answer = await fetch(address, { signal: drawing.signal });
    if (answer.status === 422) {
      place.hidden = true;
      refuse(field, await answer.text());
      return;
    }
    refuse(field, "");
    if (!answer.ok) return;
    const picture = place.querySelector("img");
    picture.src = address;
    picture.alt = field.value;
    const byHand = answer.headers.get("Content-Type")?.startsWith("image/svg") ?? false;
    place.querySelector("figcaption").hidden = !byHand;
    place.hidden = false;
  } catch (error) {
    if (error.name !== "AbortError") place.hidden = true;
  }
}

function refuse(field, why) {
  const box = field.closest(".field");
  let said = box.querySelector(".field__error");
  if (!said && why) {
    said = document.createElement("p");
    said.className = "field__error";
    said.id = "engraving-error";
    said.setAttribute("role", "status");
    field.before(said);
  }
  box.classList.toggle("field--wrong", Boolean(why));
  if (why) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  if (said) said.textContent = why;
}

document.addEventListener("input", (event) => {
  if (!(event.target instanceof HTMLInputElement) || event.target.name !== "engraving") return;
  clearTimeout(typing);
  typing = setTimeout(() => void engrave(), 350);
});
quiet();

form?.addEventListener("change", () => {
  const chosen = new URLSearchParams(new FormData(form));
  void show(`${location.pathname}?${chosen}`, true);
});
