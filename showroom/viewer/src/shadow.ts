/** The shadow a piece throws on the table: seen from below once, blurred, laid on the floor. */

import {
  DoubleSide,
  HalfFloatType,
  Mesh,
  OrthographicCamera,
  PlaneGeometry,
  Scene,
  ShaderMaterial,
  WebGLRenderTarget,
  type Box3,
  type Object3D,
  type Texture,
  type WebGLRenderer,
} from "three";

const SIZE = 256;
/** How far the shadow's sheet reaches beyond the piece, as a share of the piece's width. */
const MARGIN = 0.45;

const QUAD = /* glsl */ `
  varying vec2 vUv;
  void main() { vUv = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }`;

const BLUR = /* glsl */ `
  varying vec2 vUv;
  uniform sampler2D map;
  uniform vec2 span;
  void main() {
    float sum = 0.0, weights = 0.0;
    for (int i = -8; i <= 8; i++) {
      float w = exp(-float(i * i) / 24.0);
      sum += w * texture2D(map, vUv + span * float(i) / 8.0).r;
      weights += w;
    }
    gl_FragColor = vec4(sum / weights, 0.0, 0.0, 1.0);
  }`;

/** Returns the floor sheet, ready to add to the piece, and what it holds on the GPU. */
export function buildShadow(
  renderer: WebGLRenderer,
  model: Object3D,
  bounds: Box3,
): { sheet: Mesh; dispose(): void } {
  const width = bounds.max.x - bounds.min.x;
  const depth = bounds.max.z - bounds.min.z;
  const height = bounds.max.y - bounds.min.y;
  const side = Math.max(width, depth, height * 0.6) * (1 + 2 * MARGIN);

  const near = new WebGLRenderTarget(SIZE, SIZE, { type: HalfFloatType });
  const far = new WebGLRenderTarget(SIZE, SIZE, { type: HalfFloatType });
  const below = new OrthographicCamera(-side / 2, side / 2, side / 2, -side / 2, 0, height * 1.01);
  below.position.y = bounds.min.y - height * 0.005;
  below.rotation.x = Math.PI / 2;

  // Whatever nears the floor darkens it; what is a ring's height away hardly does.
  const darkness = new ShaderMaterial({
    side: DoubleSide,
    vertexShader: /* glsl */ `
      varying float vHeight;
      uniform float height;
      void main() {
        #ifdef USE_INSTANCING
          vec4 at = modelMatrix * instanceMatrix * vec4(position, 1.0);
        #else
          vec4 at = modelMatrix * vec4(position, 1.0);
        #endif
        vHeight = at.y / height;
        gl_Position = projectionMatrix * viewMatrix * at;
      }`,
    fragmentShader: /* glsl */ `
      varying float vHeight;
      void main() { gl_FragColor = vec4(exp(-3.2 * max(vHeight, 0.0)), 0.0, 0.0, 1.0); }`,
    uniforms: { height: { value: height } },
  });
  const scene = new Scene();
  const home = model.parent;
  scene.add(model);
  scene.overrideMaterial = darkness;
  const clear = renderer.getClearAlpha();
  renderer.setClearAlpha(0);
  renderer.setRenderTarget(near);
  renderer.clear();
  renderer.render(scene, below);
  home?.add(model);

  blur(renderer, near, far, 0.05);
  blur(renderer, near, far, 0.024);
  renderer.setRenderTarget(null);
  renderer.setClearAlpha(clear);
  darkness.dispose();
  far.dispose();

  const sheet = new Mesh(new PlaneGeometry(side, side), floorMaterial(near.texture));
  // The camera below saw the floor with +Z upwards: turned flat, the sheet reads it the same way.
  sheet.rotation.x = -Math.PI / 2;
  sheet.position.y = bounds.min.y - height * 0.002;
  sheet.renderOrder = -1;
  return {
    sheet,
    dispose() {
      near.dispose();
      sheet.geometry.dispose();
      (sheet.material as ShaderMaterial).dispose();
    },
  };
}

function blur(
  renderer: WebGLRenderer,
  image: WebGLRenderTarget,
  spare: WebGLRenderTarget,
  reach: number,
): void {
  const material = new ShaderMaterial({
    vertexShader: QUAD,
    fragmentShader: BLUR,
    uniforms: { map: { value: image.texture }, span: { value: [reach, 0] } },
    depthTest: false,
    depthWrite: false,
  });
  const quad = new Mesh(new PlaneGeometry(2, 2), material);
  quad.frustumCulled = false;
  const scene = new Scene().add(quad);
  const camera = new OrthographicCamera();
  const { map, span } = material.uniforms;
  for (const [from, to, along] of [
    [image, spare, [reach, 0]],
    [spare, image, [0, reach]],
  ] as const) {
    if (map) map.value = from.texture;
    if (span) span.value = [...along];
    renderer.setRenderTarget(to);
    renderer.render(scene, camera);
  }
  quad.geometry.dispose();
  material.dispose();
}

function floorMaterial(map: Texture): ShaderMaterial {
  return new ShaderMaterial({
    transparent: true,
    depthWrite: false,
    vertexShader: /* glsl */ `
      varying vec2 vUv;
      void main() {
        vUv = uv;
        gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
      }`,
    fragmentShader: /* glsl */ `
      varying vec2 vUv;
      uniform sampler2D map;
      void main() {
        // Seen from above, what the camera below had on its left lies on the right way round in x
        // and upside down in z.
        float dark = texture2D(map, vec2(vUv.x, 1.0 - vUv.y)).r;
        gl_FragColor = vec4(0.010, 0.0075, 0.006, min(0.62, dark * 0.85));
        #include <colorspace_fragment>
      }`,
    uniforms: { map: { value: map } },
  });
}
