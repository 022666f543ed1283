/**
 * How much this machine can draw. Nobody knows a phone's GPU by its name; its frame times tell.
 * Standing still costs nothing, so the finest picture is made then, if frames come quickly.
 */

import type { GemQuality } from "./gem.ts";

/** Seconds a frame may take on average before the stones get the faster shader, and after which
 * they may have the full one. The gap between them keeps the shader from flipping to and fro. */
const TOO_SLOW = 1 / 28;
const FAST_ENOUGH = 1 / 50;
const MEASURED_FRAMES = 20;

export interface Verdict {
  /** Draw anew; otherwise the picture stands and may be refined. */
  draw: boolean;
  /** Set when the shader should change. */
  quality?: GemQuality;
}

export class Pace {
  quality: GemQuality = "fast";
  #mean = 0;
  #frames = 0;
  #dirty = false;
  #settled = false;

  moved(): void {
    this.#dirty = true;
  }

  /** Called once a frame with the seconds since the last one. */
  next(seconds: number, moving: boolean): Verdict {
    const draw = moving || this.#dirty;
    this.#dirty = false;
    if (!moving || this.#settled) return { draw };

    this.#frames += 1;
    this.#mean += (seconds - this.#mean) / Math.min(this.#frames, MEASURED_FRAMES);
    if (this.#frames < MEASURED_FRAMES) return { draw };
    this.#frames = 0;
    if (this.quality === "fast" && this.#mean < FAST_ENOUGH) {
      this.quality = "full";
      return { draw, quality: "full" };
    }
    if (this.quality === "full" && this.#mean > TOO_SLOW) {
      this.quality = "fast";
      this.#settled = true;
      return { draw, quality: "fast" };
    }
    return { draw };
  }
}
