/** The table a piece stands on: renderer, camera, light and the loop that draws only when it must. */

import {
  Group,
  NeutralToneMapping,
  PerspectiveCamera,
  Scene,
  WebGLRenderer,
  type Box3,
  type Object3D,
} from "three";
import type { Pose } from "./controls.ts";
import { buildStudio, type Studio } from "./environment.ts";
import { ViewerError } from "./errors.ts";
import { FIELD_OF_VIEW, distanceFor, type Outline } from "./framing.ts";
import { buildShadow } from "./shadow.ts";
import { Still } from "./still.ts";

/** Past this many device pixels per pixel no difference is visible, and phones get hot. */
const MAX_PIXEL_RATIO = 2;

export class Stage {
  readonly renderer: WebGLRenderer;
  readonly studio: Studio;
  /** The model hangs in here and turns; light and camera stay, as on a photographer's turntable. */
  readonly turntable = new Group();
  readonly scene = new Scene();
  readonly camera = new PerspectiveCamera(FIELD_OF_VIEW, 1, 0.001, 10);
  readonly #still: Still;
  #outline: Outline = [];
  #middle = 0;
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
    this.scene.add(this.turntable);
    this.#still = new Still(this.renderer);
  }

  place(model: Object3D, bounds: Box3, outline: Outline): void {
    this.clear();
    this.turntable.rotation.set(0, 0, 0);
    this.turntable.add(model);
    this.turntable.updateMatrixWorld(true);
    // The shadow belongs in the picture as much as the piece.
    const reach = Math.max(...outline.map((slice) => slice.reach));
    this.#outline = [...outline, { reach: reach * 1.05, height: bounds.min.y }];
    this.#middle = (bounds.min.y + bounds.max.y) / 2;
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
    const middle = this.#middle;
    const distance = distanceFor(this.#outline, middle, pose.elevation, this.camera.aspect);
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

  /** Whether a processor draws in place of a graphics card, as on servers and in blocked browsers. */
  get software(): boolean {
    const gl = this.renderer.getContext();
    const named = gl.getExtension("WEBGL_debug_renderer_info");
    const drawer = named ? String(gl.getParameter(named.UNMASKED_RENDERER_WEBGL)) : "";
    return /swiftshader|llvmpipe|software|basic render/i.test(drawer);
  }

  /** Readies the shaders, beside the page's own work where the browser can. */
  async compile(): Promise<void> {
    const beside = this.renderer.getContext().getExtension("KHR_parallel_shader_compile");
    if (beside) await this.renderer.compileAsync(this.scene, this.camera);
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
