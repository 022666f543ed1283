/** A piece's model: meshes dropped in, and parts named by clicking them in the viewer. */

import { follow } from "./files/live.ts";
import { sendInParts } from "./files/parts.ts";
import { queue } from "./files/queue.ts";

const form = document.querySelector<HTMLFormElement>("[data-meshes]");
if (form) {
  const { api = "", brand = "", meshes = "" } = form.dataset;
  queue(
    form,
    async (file, signal, progress) => {
      await sendInParts(api, brand, meshes, file, signal, progress);
      return "";
    },
    () => location.reload(),
  );
}

interface Viewer extends HTMLElement {
  highlight(part: string): boolean;
}

const viewer = document.querySelector<Viewer>("pavilion-viewer[pick]");
const rows = () => [...document.querySelectorAll<HTMLElement>("[data-part]")];

/** The row of a part: by its own name, else by the longest name that it begins with. */
export function rowOf(part: string, names: readonly string[]): string {
  const fitting = names.filter((name) => part === name || part.startsWith(name));
  return fitting.sort((one, other) => other.length - one.length)[0] ?? "";
}

function choose(part: string, focus: boolean): void {
  const name = rowOf(part, rows().map((row) => row.dataset["part"] ?? ""));
  for (const row of rows()) {
    const own = name !== "" && row.dataset["part"] === name;
    row.classList.toggle("is-chosen", own);
    if (own) {
      row.scrollIntoView({ block: "nearest" });
      if (focus) row.querySelector<HTMLElement>("select")?.focus();
    }
  }
}

viewer?.addEventListener("part-pick", (event) => choose((event as CustomEvent<{ part: string }>).detail.part, true));
for (const row of rows()) {
  row.addEventListener("focusin", () => {
    viewer?.highlight(row.dataset["part"] ?? "");
    choose(row.dataset["part"] ?? "", false);
  });
}
follow();
