/**
 * `<pavilion-viewer>`: a piece of jewellery, in 3D.
 *
 * Attributes: src, ar-src, ios-src, poster, alt, alloy, auto-rotate, orbit ("35 20", degrees of
 * azimuth and elevation at the start), gems ("traced" or "plain"), quality ("full" or "fast"; left
 * out, the viewer measures), pick (a press without a turn chooses a part; use gems="plain" with it,
 * since traced stones are joined), and the labels of labels.ts.
 * Events: load, error {code, message}, variant-change {alloy}, ar-status {status, mode},
 * part-pick {part}: the part's name in the file, empty beside the piece.
 */

import { chooseMode, handOver, thisDevice, type ArMode, type ArOffer } from "./ar.ts";
import { Chrome } from "./chrome.ts";
import { Controls, type Pose } from "./controls.ts";
import { ViewerError } from "./errors.ts";
import { finish } from "./finish.ts";
import type { GemQuality } from "./gem.ts";
import { LABELS } from "./labels.ts";
import { loadModel, setGemQuality, setting, type Model } from "./model.ts";
import { Pace } from "./pace.ts";
import { Stage } from "./stage.ts";
import { Highlight, STILL, deviceCoordinates, partAt } from "./pick.ts";
import { openXr } from "./webxr.ts";

const START: Pose = { azimuth: 0.6, elevation: 0.36, zoom: 1 };

export class PavilionViewer extends HTMLElement {
  static readonly observedAttributes = [
    "src", "ar-src", "ios-src", "poster", "alt", "alloy", "auto-rotate", "orbit", ...LABELS,
  ];

  readonly #chrome = new Chrome(this);
  readonly #calm = matchMedia("(prefers-reduced-motion: reduce)");
  #stage: Stage | undefined;
  #model: Model | undefined;
  #controls: Controls | undefined;
  #loading: AbortController | undefined;
  #watching: AbortController | undefined;
  #pace = new Pace();
  #seen = false;
  #frame = 0;
  #last = 0;
  #arMode: ArMode | null = null;
  #alloy = "";
  readonly #highlight = new Highlight();
  #pressed: PointerEvent | undefined;

  connectedCallback(): void {
    this.#watching = new AbortController();
    const { signal } = this.#watching;
    const { stage, ar, rotate, fullscreen } = this.#chrome;
    this.#controls = new Controls(stage, this.#startPose(), this.#calm.matches, () => this.#wake());
    this.#turnByItself(this.hasAttribute("auto-rotate") && !this.#calm.matches);
    rotate.addEventListener("click", () => this.#turnByItself(!this.#controls?.autoRotate), { signal });
    fullscreen.addEventListener("click", () => void this.#toggleFullscreen(), { signal });
    ar.addEventListener("click", () => void this.#openAr(), { signal });
    stage.addEventListener("pointerdown", (event) => (this.#pressed = event), { signal });
    stage.addEventListener("pointerup", (event) => this.#choose(event), { signal });

    const near = new IntersectionObserver(([entry]) => this.#sight(entry?.isIntersecting === true), {
      rootMargin: "200px",
    });
    near.observe(this);
    const size = new ResizeObserver(() => this.#fit());
    size.observe(this);
    signal.addEventListener("abort", () => {
      near.disconnect();
      size.disconnect();
    });
    void this.#offerAr();
  }

  disconnectedCallback(): void {
    this.#watching?.abort();
    this.#controls?.dispose();
    this.#controls = undefined;
    this.#seen = false;
    this.#strike();
  }

  attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (before === value) return;
    if (name === "src") void this.reload();
    else if (name === "alloy") void (value && value !== this.#alloy && this.setAlloy(value));
    else if (name === "auto-rotate") this.#turnByItself(value !== null && !this.#calm.matches);
    else if (name === "orbit") this.#reorbit();
    else if (name === "ar-src" || name === "ios-src") void this.#offerAr();
    else this.#chrome.relabel();
  }

  /** The alloys the loaded file holds, by their codes. */
  get alloys(): readonly string[] {
    return this.#model?.variants.names ?? [];
  }

  get loaded(): boolean {
    return this.dataset["state"] === "shown";
  }

  /**
   * Shows the piece in another alloy. False if the file has none so named, and nothing changes; or if
   * it is not there yet, and then it will come in that alloy.
   */
  async setAlloy(code: string): Promise<boolean> {
    const model = this.#model;
    if (!model) this.setAttribute("alloy", code);
    if (!model || !(await model.variants.wear(code, model.root))) return false;
    this.#alloy = code;
    this.setAttribute("alloy", code);
    this.#polish(model);
    this.#wake();
    this.dispatchEvent(new CustomEvent("variant-change", { detail: { alloy: code } }));
    return true;
  }

  /** Shows a part in the colour of a choice; an empty name shows none. False where there is none. */
  highlight(part: string): boolean {
    if (!this.#model) return false;
    const found = this.#highlight.show(this.#model.root, part);
    this.#wake();
    return found > 0;
  }

  /** Starts over: after an error, or when the file has changed. */
  async reload(): Promise<void> {
    this.#strike();
    if (this.#seen) await this.#load();
  }

  async #load(): Promise<void> {
    const src = this.getAttribute("src");
    if (!src || this.#loading) return;
    const loading = new AbortController();
    this.#loading = loading;
    this.dataset["state"] = "loading";
    this.#chrome.say("label-loading");
    try {
      const stage = this.#raise();
      const model = await loadModel(src, stage.studio.sharp, {
        traceGems: this.getAttribute("gems") !== "plain",
        signal: loading.signal,
      });
      if (loading.signal.aborted) return model.dispose();
      this.#model = model;
      const alloy = this.getAttribute("alloy");
      if (alloy) await this.setAlloy(alloy);
      this.#polish(model);
      setGemQuality(model.gems, this.#quality());
      stage.place(model.root, model.bounds, model.outline);
      // The first picture waits for its shaders without holding up the page.
      await stage.compile();
      if (loading.signal.aborted) return;
      this.#fit();
      this.#draw();
      this.dataset["state"] = "shown";
      this.#chrome.say(null);
      this.#wake();
      this.dispatchEvent(new CustomEvent("load"));
    } catch (error) {
      if (!loading.signal.aborted) this.#fail(error);
    }
  }

  #polish(model: Model): void {
    if (!this.#stage || this.getAttribute("gems") === "plain") return;
    finish(model.root, this.#stage.studio.blurred);
    setting(model.root, model.gems);
  }

  #choose(event: PointerEvent): void {
    const start = this.#pressed;
    this.#pressed = undefined;
    if (!this.hasAttribute("pick") || !start || !this.#model || !this.#stage) return;
    if (Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > STILL) return;
    const place = deviceCoordinates(event.clientX, event.clientY, this.getBoundingClientRect());
    const part = partAt(this.#model.root, this.#stage.camera, place);
    this.highlight(part);
    this.dispatchEvent(new CustomEvent("part-pick", { detail: { part } }));
  }

  #raise(): Stage {
    if (this.#stage) return this.#stage;
    const canvas = this.#chrome.renewCanvas();
    const stage = new Stage(canvas);
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      // Phones take contexts away from pages in the back. The poster shows until we draw again.
      if (this.#stage === stage) setTimeout(() => void this.reload(), 0);
    });
    this.#stage = stage;
    this.#pace = new Pace(stage.software);
    return stage;
  }

  #strike(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#loading?.abort();
    this.#loading = undefined;
    this.#highlight.clear();
    this.#model?.dispose();
    this.#model = undefined;
    const stage = this.#stage;
    this.#stage = undefined;
    stage?.dispose();
    delete this.dataset["state"];
    this.#chrome.say(null);
  }

  #fail(error: unknown): void {
    const known = error instanceof ViewerError ? error : new ViewerError("bad-model", String(error));
    this.#strike();
    this.dataset["state"] = "error";
    this.#chrome.say("label-error", () => void this.reload());
    const { code, message } = known;
    this.dispatchEvent(new CustomEvent("error", { detail: { code, message } }));
  }

  #sight(seen: boolean): void {
    this.#seen = seen;
    if (!seen) return;
    if (!this.#loading) void this.#load();
    else this.#wake();
  }

  #fit(): void {
    const { clientWidth, clientHeight } = this;
    if (!this.#stage || clientWidth === 0) return;
    this.#stage.resize(clientWidth, clientHeight);
    if (this.loaded) this.#draw();
  }

  #wake(): void {
    this.#pace.moved();
    if (this.#frame || !this.#seen || !this.loaded) return;
    this.#last = performance.now();
    this.#frame = requestAnimationFrame((now) => this.#step(now));
  }

  #step(now: number): void {
    this.#frame = 0;
    if (!this.#seen || !this.#stage || !this.#controls) return;
    const seconds = Math.min(0.1, (now - this.#last) / 1000);
    this.#last = now;
    const moving = this.#controls.tick(seconds) || this.#controls.held;
    const verdict = this.#pace.next(seconds, moving);
    if (verdict.quality && this.#model && !this.hasAttribute("quality")) {
      setGemQuality(this.#model.gems, verdict.quality);
    }
    if (verdict.draw) this.#draw();
    else if (!(verdict.refine || this.#quality() === "full") || !this.#stage.refine()) return;
    this.#frame = requestAnimationFrame((next) => this.#step(next));
  }

  #draw(): void {
    if (!this.#stage || !this.#controls) return;
    this.#stage.aim(this.#controls.pose);
    this.#stage.draw();
  }

  #quality(): GemQuality {
    const requested = this.getAttribute("quality");
    return requested === "full" || requested === "fast" ? requested : this.#pace.quality;
  }

  #startPose(): Pose {
    const [azimuth, elevation] = (this.getAttribute("orbit") ?? "").split(/\s+/).map(Number);
    if (!Number.isFinite(azimuth) || !Number.isFinite(elevation)) return { ...START };
    const radians = Math.PI / 180;
    return { azimuth: azimuth! * radians, elevation: elevation! * radians, zoom: 1 };
  }

  #reorbit(): void {
    if (!this.#controls) return;
    this.#controls.start = this.#startPose();
    this.#controls.pose = this.#startPose();
    this.#wake();
  }

  #turnByItself(on: boolean): void {
    if (!this.#controls) return;
    this.#controls.autoRotate = on;
    this.#chrome.rotate.setAttribute("aria-pressed", String(on));
    this.#wake();
  }

  async #toggleFullscreen(): Promise<void> {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await this.requestFullscreen();
  }

  #offer(): ArOffer {
    return {
      iosSrc: this.getAttribute("ios-src"),
      arSrc: this.getAttribute("ar-src"),
      title: this.getAttribute("alt") ?? document.title,
      page: location.href,
    };
  }

  async #offerAr(): Promise<void> {
    this.#arMode = chooseMode(await thisDevice(), this.#offer());
    this.#chrome.ar.hidden = this.#arMode === null;
    this.#tellAr(this.#arMode ? "available" : "unavailable");
  }

  async #openAr(): Promise<void> {
    if (!this.#arMode) return;
    try {
      if (this.#arMode === "webxr") {
        if (!this.#stage) return;
        await openXr(this.#stage, this, () => {
          this.#tellAr("ended");
          this.#fit();
        });
      } else handOver(this.#arMode, this.#offer());
      this.#tellAr("started");
    } catch {
      this.#tellAr("failed");
    }
  }

  #tellAr(status: "available" | "unavailable" | "started" | "ended" | "failed"): void {
    this.dispatchEvent(new CustomEvent("ar-status", { detail: { status, mode: this.#arMode } }));
  }
}

if (!customElements.get("pavilion-viewer")) customElements.define("pavilion-viewer", PavilionViewer);
