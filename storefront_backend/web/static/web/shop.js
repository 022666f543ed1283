// Comforts of every page; each page works without them.

// The bag's count: pages are the same for everyone and may be cached, so the browser adds it.
const count = document.querySelector("[data-bag-count]");
const pieces = /(?:^|; )bag_count=(\d+)/.exec(document.cookie)?.[1];
if (count && pieces && pieces !== "0") {
  count.textContent = new Intl.NumberFormat(document.documentElement.lang, { numberingSystem: "latn" }).format(Number(pieces));
  count.hidden = false;
}

// A select that acts at once, and its button that is then not needed.
for (const form of document.querySelectorAll("[data-auto-submit]")) {
  form.querySelector("[data-no-script]")?.setAttribute("hidden", "");
  form.addEventListener("change", () => form.requestSubmit());
}
const filters = document.querySelector("[data-filters]");
filters?.addEventListener("change", (event) => {
  if (event.target instanceof HTMLSelectElement) filters.requestSubmit();
});
// Empty filters do not belong in the address.
filters?.addEventListener("submit", () => {
  for (const field of filters.elements) if (field.name && !field.value) field.disabled = true;
});
addEventListener("pageshow", () => {
  if (filters) for (const field of filters.elements) field.disabled = false;
});

// Times of day in the reader's own zone; the page says them in UTC.
for (const time of document.querySelectorAll("time[data-clock]")) {
  const shown = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", numberingSystem: "latn" });
  time.textContent = shown.format(new Date(time.dateTime));
}

// After a refused form, the reader is taken to what was wrong.
document.getElementById("error-summary")?.focus();
