/**
 * Turning the piece by hand: drag, pinch, wheel, keys. A page must still scroll on a phone, so a
 * finger that moves up or down belongs to the page and only sideways ones turn the piece.
 */

export interface Pose {
  /** Radians. 0 shows the front; grows as the piece turns to show its right side. */
  azimuth: number;
  /** Radians above the table. */
  elevation: number;
  /** 1 shows the whole piece, 3 brings it three times as near. */
  zoom: number;
}

export const LIMITS = { elevation: [-0.12, 1.45], zoom: [0.8, 5] } as const;

const KEY_STEP = Math.PI / 18;
const ZOOM_STEP = 1.2;
const FRICTION_PER_SECOND = 0.004;
const TURN_PER_SECOND = 0.32;

const clamp = (value: number, [low, high]: readonly [number, number]): number =>
  Math.min(high, Math.max(low, value));

/** The pose after a turn and a zoom, kept within what the table allows. */
export function moved(pose: Pose, turn: number, lift: number, nearer = 1): Pose {
  return {
    azimuth: pose.azimuth + turn,
    elevation: clamp(pose.elevation + lift, LIMITS.elevation),
    zoom: clamp(pose.zoom * nearer, LIMITS.zoom),
  };
}

/** What a key does to the pose, or null if it is none of ours. `Home` goes back to the start. */
export function afterKey(key: string, pose: Pose, start: Pose): Pose | null {
  switch (key) {
    case "ArrowLeft":
      return moved(pose, -KEY_STEP, 0);
    case "ArrowRight":
      return moved(pose, KEY_STEP, 0);
    case "ArrowUp":
      return moved(pose, 0, KEY_STEP / 2);
    case "ArrowDown":
      return moved(pose, 0, -KEY_STEP / 2);
    case "+":
    case "=":
      return moved(pose, 0, 0, ZOOM_STEP);
    case "-":
    case "_":
      return moved(pose, 0, 0, 1 / ZOOM_STEP);
    case "Home":
      return { ...start };
    default:
      return null;
  }
}

export class Controls {
  pose: Pose;
  start: Pose;
  autoRotate = false;
  readonly #element: HTMLElement;
  readonly #changed: () => void;
  readonly #pointers = new Map<number, PointerEvent>();
  readonly #listening = new AbortController();
  #spin = 0;
  #calm: boolean;

  /** `calm` drops inertia and easing, for those who ask their system for less motion. */
  constructor(element: HTMLElement, start: Pose, calm: boolean, changed: () => void) {
    this.#element = element;
    this.#changed = changed;
    this.#calm = calm;
    this.start = { ...start };
    this.pose = { ...start };
    const { signal } = this.#listening;
    element.addEventListener("pointerdown", (event) => this.#press(event), { signal });
    element.addEventListener("pointermove", (event) => this.#drag(event), { signal });
    for (const end of ["pointerup", "pointercancel"] as const) {
      element.addEventListener(end, (event) => this.#release(event), { signal });
    }
    element.addEventListener("wheel", (event) => this.#wheel(event), { signal, passive: false });
    element.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  get held(): boolean {
    return this.#pointers.size > 0;
  }

  /** Advances inertia and the turntable. Returns whether the piece is still moving. */
  tick(seconds: number): boolean {
    const turning = this.autoRotate && !this.held;
    if (turning) this.pose = moved(this.pose, TURN_PER_SECOND * seconds, 0);
    if (Math.abs(this.#spin) > 0.02 && !this.held) {
      this.pose = moved(this.pose, this.#spin * seconds, 0);
      this.#spin *= FRICTION_PER_SECOND ** seconds;
      return true;
    }
    this.#spin = this.held ? this.#spin : 0;
    return turning;
  }

  dispose(): void {
    this.#listening.abort();
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#pointers.set(event.pointerId, event);
    this.#element.setPointerCapture(event.pointerId);
    this.#spin = 0;
  }

  #drag(event: PointerEvent): void {
    const last = this.#pointers.get(event.pointerId);
    if (!last) return;
    const before = this.#spread();
    this.#pointers.set(event.pointerId, event);
    const across = Math.max(1, this.#element.clientWidth);
    if (this.#pointers.size === 1) {
      const turn = (-(event.clientX - last.clientX) / across) * Math.PI * 1.3;
      const lift = ((event.clientY - last.clientY) / across) * Math.PI;
      this.pose = moved(this.pose, turn, lift);
      const seconds = Math.max(0.008, (event.timeStamp - last.timeStamp) / 1000);
      if (!this.#calm) this.#spin = 0.6 * this.#spin + 0.4 * (turn / seconds);
    } else if (before > 0) {
      this.pose = moved(this.pose, 0, 0, this.#spread() / before);
    }
    this.#changed();
  }

  #release(event: PointerEvent): void {
    this.#pointers.delete(event.pointerId);
    this.#changed();
  }

  #spread(): number {
    const [a, b] = [...this.#pointers.values()];
    return a && b ? Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) : 0;
  }

  /** The wheel scrolls the page unless the piece has the focus or the hand pinches a trackpad. */
  #wheel(event: WheelEvent): void {
    const root = this.#element.getRootNode() as Document | ShadowRoot;
    if (!event.ctrlKey && root.activeElement !== this.#element) return;
    event.preventDefault();
    this.pose = moved(this.pose, 0, 0, Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)));
    this.#changed();
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const pose = afterKey(event.key, this.pose, this.start);
    if (!pose) return;
    event.preventDefault();
    this.pose = pose;
    this.#changed();
  }
}
