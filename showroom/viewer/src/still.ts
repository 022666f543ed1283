/**
 * A standing picture, made fine: frames shifted by parts of a pixel are averaged. Multisampling
 * smooths the outline of a stone, not the hundreds of edges seen inside it; this does.
 */

import {
  HalfFloatType,
  FloatType,
  Mesh,
  NeutralToneMapping,
  NoToneMapping,
  OrthographicCamera,
  PlaneGeometry,
  Scene,
  ShaderMaterial,
  Vector2,
  WebGLRenderTarget,
  type PerspectiveCamera,
  type Texture,
  type WebGLRenderer,
} from "three";

const FRAMES = 16;

const VERTEX = /* glsl */ `
  varying vec2 vUv;
  void main() { vUv = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }`;

/** The i-th of the Halton points in base 2 and 3, each between 0 and 1. */
export function halton(i: number): [number, number] {
  const radical = (base: number): number => {
    let [value, share, rest] = [0, 1 / base, i];
    for (; rest > 0; rest = Math.floor(rest / base), share /= base) value += share * (rest % base);
    return value;
  };
  return [radical(2), radical(3)];
}

export class Still {
  readonly #renderer: WebGLRenderer;
  readonly #size = new Vector2();
  readonly #page = new Scene();
  readonly #eye = new OrthographicCamera(-1, 1, 1, -1, 0, 1);
  readonly #quad = new Mesh(new PlaneGeometry(2, 2));
  readonly #mix: ShaderMaterial;
  readonly #show: ShaderMaterial;
  #frame: WebGLRenderTarget | undefined;
  #sum: [WebGLRenderTarget, WebGLRenderTarget] | undefined;
  #count = 0;

  constructor(renderer: WebGLRenderer) {
    this.#renderer = renderer;
    this.#quad.frustumCulled = false;
    this.#page.add(this.#quad);
    this.#mix = pass(
      `uniform sampler2D before; uniform float share;
       void main() { gl_FragColor = mix(texture2D(before, vUv), texture2D(map, vUv), share); }`,
      { before: { value: null }, share: { value: 1 } },
    );
    // Tone mapping is no straight line: it comes after the average, on colour free of its alpha.
    this.#show = pass(
      `void main() {
         vec4 mean = texture2D(map, vUv);
         gl_FragColor = vec4(mean.rgb / max(mean.a, 1e-4), mean.a);
         #include <tonemapping_fragment>
         #include <colorspace_fragment>
         gl_FragColor.rgb *= mean.a;
       }`,
      {},
    );
    this.#show.toneMapped = true;
  }

  reset(): void {
    this.#count = 0;
  }

  add(scene: Scene, camera: PerspectiveCamera): boolean {
    if (this.#count >= FRAMES) return false;
    const [frame, [sum, spare]] = this.#targets();
    const renderer = this.#renderer;
    const { x: width, y: height } = this.#size;
    const [dx, dy] = halton(this.#count + 1);
    camera.setViewOffset(width, height, dx - 0.5, dy - 0.5, width, height);
    renderer.toneMapping = NoToneMapping;
    renderer.setRenderTarget(frame);
    renderer.clear();
    renderer.render(scene, camera);
    camera.clearViewOffset();

    this.#count += 1;
    this.#pass(this.#mix, { map: frame.texture, before: sum.texture, share: 1 / this.#count }, spare);
    this.#sum = [spare, sum];
    renderer.toneMapping = NeutralToneMapping;
    this.#pass(this.#show, { map: spare.texture }, null);
    return this.#count < FRAMES;
  }

  dispose(): void {
    this.#frame?.dispose();
    this.#sum?.forEach((target) => target.dispose());
    this.#mix.dispose();
    this.#show.dispose();
    this.#quad.geometry.dispose();
  }

  #pass(
    material: ShaderMaterial,
    values: Record<string, Texture | number>,
    to: WebGLRenderTarget | null,
  ): void {
    for (const [name, value] of Object.entries(values)) {
      const uniform = material.uniforms[name];
      if (uniform) uniform.value = value;
    }
    this.#quad.material = material;
    this.#renderer.setRenderTarget(to);
    this.#renderer.render(this.#page, this.#eye);
  }

  #targets(): [WebGLRenderTarget, [WebGLRenderTarget, WebGLRenderTarget]] {
    const size = this.#renderer.getDrawingBufferSize(new Vector2());
    if (!this.#frame || !this.#sum || !size.equals(this.#size)) {
      this.#frame?.dispose();
      this.#sum?.forEach((target) => target.dispose());
      this.#size.copy(size);
      const make = (samples: number, type: typeof HalfFloatType | typeof FloatType) =>
        new WebGLRenderTarget(size.x, size.y, { samples, type, depthBuffer: samples > 0 });
      this.#frame = make(4, HalfFloatType);
      this.#sum = [make(0, HalfFloatType), make(0, HalfFloatType)];
    }
    return [this.#frame, this.#sum];
  }
}

function pass(body: string, uniforms: Record<string, { value: unknown }>): ShaderMaterial {
  return new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: `varying vec2 vUv; uniform sampler2D map; ${body}`,
    uniforms: { map: { value: null }, ...uniforms },
    depthTest: false,
    depthWrite: false,
    toneMapped: false,
    // The sheet replaces what is there, alpha too.
    transparent: false,
    premultipliedAlpha: true,
  });
}
