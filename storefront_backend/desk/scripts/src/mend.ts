/** The rows of a sheet that have problems, as a grid to write in. Without it a plain form serves. */

import { EditModule, FormatModule, FrozenColumnsModule, KeybindingsModule, ResizeColumnsModule, Tabulator } from "tabulator-tables";
import type { CellComponent, ColumnDefinition } from "tabulator-tables";

Tabulator.registerModule([EditModule, FormatModule, FrozenColumnsModule, KeybindingsModule, ResizeColumnsModule]);

interface Fault {
  severity: "error" | "warning";
  text: string;
  guess: string;
}
interface Row {
  number: number;
  cells: Record<string, string>;
  faults: Record<string, Fault>;
}
interface Sheet {
  name: string;
  columns: { letter: string; header: string }[];
  rows: Row[];
}
type Corrections = Record<string, Record<string, string>>;

const form = document.querySelector<HTMLFormElement>("form.mend");
const corrections: Corrections = {};

function escaped(text: string): HTMLElement {
  const span = document.createElement("span");
  span.textContent = text;
  return span;
}

function build(sheet: Sheet, place: HTMLElement, form: HTMLFormElement): void {
  const faults = new Map(sheet.rows.map((row) => [row.number, row.faults]));
  const why = document.createElement("p");
  why.className = "mend__why";
  why.setAttribute("role", "status");
  const grid = document.createElement("div");
  why.textContent = form.dataset["hint"] ?? "";
  place.append(grid, why);

  const faultOf = (cell: CellComponent): Fault | undefined =>
    faults.get(Number(cell.getData()["number"]))?.[cell.getField()];

  const explain = (cell: CellComponent) => {
    const fault = faultOf(cell);
    const address = `${cell.getField()}${cell.getData()["number"]}`;
    why.textContent = fault ? `${address}: ${fault.text}` : address;
    if (fault?.guess && form.dataset["mayWrite"]) {
      const take = document.createElement("button");
      take.type = "button";
      take.textContent = `${form.dataset["guess"]} ${fault.guess}?`;
      take.addEventListener("click", () => cell.setValue(fault.guess));
      why.append(take);
    }
  };

  const columns: ColumnDefinition[] = sheet.columns.map(({ letter, header }) => ({
    title: header || letter,
    field: letter,
    titleFormatter: (column) => escaped(String(column.getValue())),
    ...(form.dataset["mayWrite"] ? { editor: "input" as const } : {}),
    minWidth: 90,
    maxWidth: 280,
    formatter: (cell) => {
      const fault = faultOf(cell);
      const mended = corrections[sheet.name]?.[`${letter}${cell.getData()["number"]}`] !== undefined;
      const element = cell.getElement();
      element.classList.toggle("is-mended", mended);
      element.classList.toggle("is-error", !mended && fault?.severity === "error");
      element.classList.toggle("is-warning", !mended && fault?.severity === "warning");
      if (fault) element.title = fault.text;
      return escaped(String(cell.getValue() ?? ""));
    },
  }));
  const table = new Tabulator(grid, {
    data: sheet.rows.map((row) => ({ number: row.number, ...row.cells })),
    index: "number",
    columns: [
      { title: form.dataset["row"] ?? "", field: "number", frozen: true, width: 64 },
      ...columns,
    ],
    layout: "fitDataFill",
    maxHeight: "60vh",
    renderVertical: "basic",
    columnDefaults: { resizable: true },
  });
  if (form.dataset["mayWrite"]) {
    // Its cells take the focus; a focusable box between a grid and its rows hides them from readers.
    table.on("tableBuilt", () => grid.querySelector(".tabulator-tableholder")?.removeAttribute("tabindex"));
  }
  table.on("cellClick", (_event, cell) => explain(cell));
  table.on("cellEditing", explain);
  table.on("cellEdited", (cell) => {
    const address = `${cell.getField()}${cell.getData()["number"]}`;
    (corrections[sheet.name] ??= {})[address] = String(cell.getValue() ?? "");
    cell.getRow().reformat();
  });
}

if (form) {
  form.classList.add("mend--live");
  for (const section of form.querySelectorAll("section")) {
    const data = section.querySelector('script[type="application/json"]');
    const place = section.querySelector<HTMLElement>(".mend__grid");
    if (data?.textContent && place) build(JSON.parse(data.textContent) as Sheet, place, form);
  }
  form.addEventListener("submit", () => {
    const field = form.querySelector<HTMLInputElement>('input[name="cells"]');
    if (field) field.value = JSON.stringify(corrections);
    // The plain form's fields would say the old values again.
    for (const input of form.querySelectorAll<HTMLInputElement>(".mend__plain input")) input.disabled = true;
  });
}
