/**
 * How much this machine can draw. A phone's GPU cannot be judged by its name, so frame times are
 * measured.
 * Standing still costs nothing, so the finest picture is made then, if frames come quickly.
 */

import type { GemQuality } from "./gem.ts";

/** Seconds a frame may take on average before the stones get the faster shader, and after which
 * they may have the full one. The gap between them keeps the shader from flipping to and fro. */
const TOO_SLOW = 1 / 28;
const FAST_ENOUGH = 1 / 50;
const MEASURED_FRAMES = 20;
/** A standing picture that takes longer than this per frame is left as it is. */
const TOO_SLOW_TO_REFINE = 1 / 8;

export interface Verdict {
  /** Draw again; otherwise the picture stays as it is. */
  draw: boolean;
  /** Frames come quickly enough to spend sixteen of them on a standing picture. */
  refine: boolean;
  /** Set when the shader should change. */
  quality?: GemQuality;
}

export class Pace {
  quality: GemQuality = "fast";
  #mean = 0;
  #frames = 0;
  #dirty = false;
  #settled: boolean;
  #stood = 0;
  #refine: boolean;

  /** `software` means that no GPU draws: the fast shader, and no fine standing pictures. */
  constructor(software = false) {
    this.#settled = software;
    this.#refine = !software;
  }

  moved(): void {
    this.#dirty = true;
  }

  /** Called once a frame with the seconds since the last one. */
  next(seconds: number, moving: boolean): Verdict {
    const draw = moving || this.#dirty;
    this.#dirty = false;
    // The first standing frame's time still belongs to the drawing before it.
    this.#stood = draw ? 0 : this.#stood + 1;
    if (this.#stood > 1 && seconds > TOO_SLOW_TO_REFINE) this.#refine = false;
    const verdict: Verdict = { draw, refine: this.#refine };
    if (!moving || this.#settled) return verdict;

    this.#frames += 1;
    this.#mean += (seconds - this.#mean) / this.#frames;
    if (this.#frames < MEASURED_FRAMES) return verdict;
    this.#frames = 0;
    if (this.quality === "fast" && this.#mean < FAST_ENOUGH) {
      this.quality = "full";
      return { ...verdict, quality: "full" };
    }
    if (this.quality === "full" && this.#mean > TOO_SLOW) {
      this.quality = "fast";
      this.#settled = true;
      return { ...verdict, quality: "fast" };
    }
    return verdict;
  }
}
