/** The table a piece stands on: renderer, camera, light and the loop that draws only when it must. */

import {
  AmbientLight,
  Box3,
  Group,
  NeutralToneMapping,
  PerspectiveCamera,
  Scene,
  Vector3,
  WebGLRenderer,
  type Object3D,
} from "three";
import type { Pose } from "./controls.ts";
import { buildStudio, type Studio } from "./environment.ts";
import { ViewerError } from "./errors.ts";
import { FIELD_OF_VIEW, distanceFor } from "./framing.ts";
import { buildShadow } from "./shadow.ts";
import { Still } from "./still.ts";

/** Past this many device pixels per pixel nobody sees a difference, and phones get hot. */
const MAX_PIXEL_RATIO = 2;

export class Stage {
  readonly renderer: WebGLRenderer;
  readonly studio: Studio;
  /** The model hangs in here and turns; light and camera stay, as on a photographer's turntable. */
  readonly turntable = new Group();
  readonly scene = new Scene();
  readonly camera = new PerspectiveCamera(FIELD_OF_VIEW, 1, 0.001, 10);
  readonly #still: Still;
  #bounds = new Box3(new Vector3(-0.01, 0, -0.01), new Vector3(0.01, 0.02, 0.01));
  #shadow: { sheet: Object3D; dispose(): void } | undefined;

  constructor(canvas: HTMLCanvasElement) {
    try {
      this.renderer = new WebGLRenderer({ canvas, alpha: true, antialias: true });
    } catch (cause) {
      throw new ViewerError("no-webgl", "This browser cannot draw in 3D", { cause });
    }
    this.renderer.toneMapping = NeutralToneMapping;
    this.renderer.toneMappingExposure = 1;
    this.studio = buildStudio(this.renderer);
    this.scene.environment = this.studio.blurred;
    this.scene.add(this.turntable, new AmbientLight(0xffffff, 0));
    this.#still = new Still(this.renderer);
  }

  place(model: Object3D, bounds: Box3): void {
    this.clear();
    this.turntable.rotation.set(0, 0, 0);
    this.turntable.add(model);
    this.turntable.updateMatrixWorld(true);
    this.#bounds = bounds;
    this.#shadow = buildShadow(this.renderer, model, bounds);
    this.turntable.add(this.#shadow.sheet);
  }

  clear(): void {
    this.#shadow?.dispose();
    this.#shadow = undefined;
    this.turntable.clear();
  }

  resize(width: number, height: number): void {
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, MAX_PIXEL_RATIO));
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / Math.max(1, height);
  }

  aim(pose: Pose): void {
    const size = this.#bounds.getSize(new Vector3());
    const radius = Math.hypot(size.x, size.z) / 2;
    const distance = distanceFor(radius, size.y, pose.elevation, this.camera.aspect);
    const middle = this.#bounds.min.y + size.y / 2;
    this.turntable.rotation.y = -pose.azimuth;
    this.camera.zoom = pose.zoom;
    this.camera.near = distance / 50;
    this.camera.far = distance * 6;
    this.camera.position.set(
      0,
      middle + Math.sin(pose.elevation) * distance,
      Math.cos(pose.elevation) * distance,
    );
    this.camera.lookAt(0, middle, 0);
    this.camera.updateProjectionMatrix();
  }

  draw(): void {
    this.#still.reset();
    this.renderer.render(this.scene, this.camera);
  }

  /** Draws one more of the shifted frames that make a standing picture fine. False when done. */
  refine(): boolean {
    return this.#still.add(this.scene, this.camera);
  }

  dispose(): void {
    this.clear();
    this.#still.dispose();
    this.studio.dispose();
    this.renderer.dispose();
    // Browsers keep about sixteen contexts; do not wait for the garbage collector to hand ours back.
    this.renderer.forceContextLoss();
  }
}
