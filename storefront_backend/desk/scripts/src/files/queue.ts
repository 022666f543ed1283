/** Files on their way: Uppy keeps the list and the events, this draws it as lines of the page. */

import Uppy from "@uppy/core";
import { Refused } from "./api.ts";

export type Sender = (file: File, signal: AbortSignal, progress: (share: number) => void) => Promise<string>;

/** A drop zone over a form: files are sent at once, three at a time, each with its line. */
export function queue(form: HTMLFormElement, sender: Sender, all: () => void): Uppy {
  const uppy = new Uppy({ autoProceed: true });
  const list = form.querySelector<HTMLElement>(".sending");
  const input = form.querySelector<HTMLInputElement>("input[type=file]");
  const stops = new Map<string, AbortController>();
  const said = (name: string) => form.dataset[`said${name}`] ?? name;

  const line = (id: string): HTMLElement => {
    const own = [...(list?.children ?? [])].find((each) => (each as HTMLElement).dataset["file"] === id);
    if (own) return own as HTMLElement;
    const made = document.createElement("li");
    made.dataset["file"] = id;
    list?.append(made);
    return made;
  };

  const draw = (id: string, name: string, words: string, share: number | null, doing?: [string, () => void]): void => {
    const at = line(id);
    const bar = document.createElement("progress");
    if (share !== null) bar.value = share;
    const act = document.createElement("button");
    const text = document.createElement("span");
    text.textContent = words ? `${name}: ${words}` : name;
    act.type = "button";
    act.className = "act act--quiet";
    act.textContent = doing?.[0] ?? "";
    if (doing) act.addEventListener("click", doing[1]);
    at.replaceChildren(text, ...(share === null ? [] : [bar]), ...(doing ? [act] : []));
  };

  const sendOne = async (id: string): Promise<void> => {
    const file = uppy.getFile(id);
    if (!file?.data) return;
    const stop = new AbortController();
    stops.set(id, stop);
    const cancel: [string, () => void] = [said("Stop"), () => stop.abort()];
    const progress = (share: number) => draw(id, file.name ?? "", `${said("Sending")} ${Math.round(share * 100)} %`, share, cancel);
    progress(0);
    try {
      const words = await sender(file.data as File, stop.signal, progress);
      draw(id, file.name ?? "", words || said("Done"), null);
    } catch (error) {
      if (stop.signal.aborted) return line(id).remove();
      const words = error instanceof Refused ? error.message : said("Lost");
      draw(id, file.name ?? "", words, null, [said("Again"), () => void sendOne(id)]);
      throw error;
    } finally {
      stops.delete(id);
    }
  };

  uppy.addUploader(async (ids) => {
    const waiting = [...ids];
    let failed = 0;
    const worker = async () => {
      for (let id = waiting.shift(); id; id = waiting.shift()) await sendOne(id).catch(() => (failed += 1));
    };
    await Promise.all([worker(), worker(), worker()]);
    if (!failed) all();
  });

  const take = (files: Iterable<File>) => {
    for (const file of files) {
      try {
        uppy.addFile({ name: file.name, type: file.type, data: file, source: "desk" });
      } catch {
        // The same file twice is sent once.
      }
    }
  };
  for (const name of ["dragenter", "dragover"] as const) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.add("is-over");
    });
  }
  for (const name of ["dragleave", "drop"] as const) form.addEventListener(name, () => form.classList.remove("is-over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer?.files ?? []);
  });
  input?.addEventListener("change", () => {
    take(input.files ?? []);
    input.value = "";
  });
  form.querySelector("button:not([type])")?.setAttribute("hidden", ""); // sent when chosen
  form.classList.add("is-live");
  addEventListener("beforeunload", (event) => stops.size && event.preventDefault());
  return uppy;
}
