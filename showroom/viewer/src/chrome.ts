/** What surrounds the picture: poster, buttons, notes. Built once per viewer, filled with labels. */

import { label, type Label } from "./labels.ts";
import { STYLE } from "./style.ts";

const ICONS = {
  ar: "M12 3l7 4v8l-7 4-7-4V7zM12 11l7-4M12 11v8M12 11L5 7M2 6V2h4M22 6V2h-4M2 18v4h4M22 18v4h-4",
  rotate: "M4 12c0-2.2 3.6-4 8-4s8 1.8 8 4-3.6 4-8 4M12 16l3-2.6M12 16l3 2.6",
  fullscreen: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
} as const;

let sheet: CSSStyleSheet | undefined;

export class Chrome {
  readonly stage = element("div", "stage");
  readonly ar = button("ar");
  readonly rotate = button("rotate");
  readonly fullscreen = button("fullscreen");
  canvas = element("canvas", "");
  readonly #host: HTMLElement;
  readonly #hint = element("span", "unseen");
  readonly #note = element("div", "note");
  readonly #poster = element("div", "poster");
  #posterImage: HTMLImageElement | undefined;

  constructor(host: HTMLElement) {
    this.#host = host;
    const root = host.attachShadow({ mode: "open" });
    sheet ??= new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];

    this.#hint.id = "hint";
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "application");
    this.stage.setAttribute("aria-describedby", "hint");
    this.canvas.setAttribute("aria-hidden", "true");
    this.stage.append(this.canvas);
    this.#poster.append(element("slot", ""));
    this.#note.setAttribute("role", "status");
    const bar = element("div", "bar");
    bar.append(this.ar, element("span", "space"), this.rotate, this.fullscreen);
    this.ar.hidden = true;
    this.fullscreen.hidden = !document.fullscreenEnabled;
    root.append(this.stage, this.#poster, element("div", "progress"), this.#note, bar, this.#hint);
    this.relabel();
  }

  /** Reads labels, alternative text and poster from the host's attributes again. */
  relabel(): void {
    const host = this.#host;
    this.stage.setAttribute("aria-label", host.getAttribute("alt") ?? "");
    this.#hint.textContent = label(host, "label-hint");
    name(this.ar, label(host, "label-ar"), true);
    name(this.rotate, label(host, "label-rotate"), false);
    name(this.fullscreen, label(host, "label-fullscreen"), false);
    const poster = host.getAttribute("poster");
    // An image in the page itself comes first: it is there without any script.
    if (poster && !host.querySelector("img")) {
      this.#posterImage ??= this.#poster.appendChild(document.createElement("img"));
      this.#posterImage.alt = "";
      this.#posterImage.src = poster;
    }
  }

  /** A fresh canvas, for a context that did not come back. */
  renewCanvas(): HTMLCanvasElement {
    const fresh = element("canvas", "");
    fresh.setAttribute("aria-hidden", "true");
    this.canvas.replaceWith(fresh);
    this.canvas = fresh;
    return fresh;
  }

  say(text: Label | null, retry?: () => void): void {
    this.#note.replaceChildren();
    if (!text) return;
    const line = document.createElement("span");
    line.textContent = label(this.#host, text);
    if (retry) {
      const again = document.createElement("button");
      again.type = "button";
      again.textContent = label(this.#host, "label-retry");
      again.addEventListener("click", retry, { once: true });
      line.append(again);
    }
    if (text === "label-loading") line.className = "unseen";
    this.#note.append(line);
  }
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, cls: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (cls) made.className = cls;
  return made;
}

function button(icon: keyof typeof ICONS): HTMLButtonElement {
  const made = element("button", icon);
  made.type = "button";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[icon]);
  svg.append(path);
  made.append(svg);
  return made;
}

function name(target: HTMLButtonElement, text: string, shown: boolean): void {
  target.querySelector("span")?.remove();
  if (shown) {
    const words = document.createElement("span");
    words.textContent = text;
    target.append(words);
  } else {
    target.setAttribute("aria-label", text);
    target.title = text;
  }
}
