/**
 * The studio the piece stands in: soft boxes, dark gaps between them, a bright floor. Drawn by code,
 * so that nothing is downloaded and every market sees the same gold.
 *
 * Polished metal shows its surroundings and nothing else. Wide bright boxes make it bright, the dark
 * between them makes it metal, and a handful of small lamps give the stones their fire.
 */

import {
  BackSide,
  BoxGeometry,
  CubeCamera,
  HalfFloatType,
  LinearFilter,
  LinearMipmapLinearFilter,
  Mesh,
  PMREMGenerator,
  Scene,
  ShaderMaterial,
  Vector2,
  Vector3,
  Vector4,
  WebGLCubeRenderTarget,
  type CubeTexture,
  type Texture,
  type WebGLRenderer,
} from "three";

/** One light, as it stands around the piece. Azimuth 0 is behind the camera, 90 to its right. */
interface SoftBox {
  azimuth: number;
  elevation: number;
  /** Half width and half height, as tangents of the angle it covers. */
  half: readonly [number, number];
  /** How much of the half size is a soft edge. */
  edge: number;
  radiance: number;
  /** Warm above 0, cool below. */
  warmth?: number;
  round?: boolean;
}

const BOXES: readonly SoftBox[] = [
  { azimuth: 0, elevation: 74, half: [0.95, 0.42], edge: 0.25, radiance: 4.6 },
  { azimuth: -64, elevation: 24, half: [0.3, 0.85], edge: 0.3, radiance: 6.5, warmth: 0.04 },
  { azimuth: 70, elevation: 16, half: [0.2, 0.95], edge: 0.35, radiance: 4.2, warmth: -0.03 },
  { azimuth: 28, elevation: 34, half: [0.16, 0.3], edge: 0.4, radiance: 2.6 },
  { azimuth: 158, elevation: 30, half: [0.55, 0.22], edge: 0.3, radiance: 5, warmth: -0.04 },
  { azimuth: -142, elevation: 42, half: [0.3, 0.3], edge: 0.3, radiance: 6 },
  { azimuth: -8, elevation: -24, half: [0.75, 0.1], edge: 0.6, radiance: 0.9 },
];

/** Small lamps: too small to whiten the gold, bright enough to flash in a facet. */
const LAMPS: readonly SoftBox[] = [
  [-28, 52], [18, 60], [52, 44], [96, 52], [-100, 50], [140, 64], [-160, 66], [-46, 76],
  [8, 38], [-14, 24], [118, 26], [-118, 22],
].map(([azimuth, elevation], i) => ({
  azimuth: azimuth as number,
  elevation: elevation as number,
  half: [0.045, 0.045] as const,
  edge: 0.7,
  radiance: 38,
  round: true,
  warmth: i % 2 ? 0.05 : -0.05,
}));

/** Pixels along a cube's edge. Lamps need the finer one. Blurring costs a processor without a
 * graphics card several seconds, and the boxes' soft edges lose nothing at half the size. */
const FACE = { sharp: 256, blurred: 128 } as const;

const VERTEX = /* glsl */ `
  varying vec3 vDirection;
  void main() {
    vDirection = position;
    gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  }`;

const MOST_LIGHTS = BOXES.length + LAMPS.length;

const FRAGMENT = /* glsl */ `
  varying vec3 vDirection;
  uniform int lights;
  uniform vec3 ahead[${MOST_LIGHTS}];
  uniform vec3 across[${MOST_LIGHTS}];
  uniform vec4 shape[${MOST_LIGHTS}];   // half width, half height, edge, radiance
  uniform vec2 tone[${MOST_LIGHTS}];    // warmth, 1 for a round light
  void main() {
    vec3 d = normalize(vDirection);
    // A dim room, darkest at the horizon; a pale floor that lights the piece from below.
    float up = smoothstep(0.05, 1.0, d.y);
    float down = smoothstep(-0.06, -0.75, d.y);
    vec3 light = vec3(0.085) + vec3(0.50, 0.50, 0.51) * up + vec3(0.78, 0.765, 0.74) * down;
    for (int i = 0; i < lights; i++) {
      float depth = dot(d, ahead[i]);
      if (depth <= 0.0) continue;
      vec3 height = cross(ahead[i], across[i]);
      vec2 at = abs(vec2(dot(d, across[i]), dot(d, height))) / depth / shape[i].xy;
      at = mix(at, vec2(length(at), 0.0), tone[i].y);
      vec2 inside = 1.0 - smoothstep(vec2(1.0 - shape[i].z), vec2(1.0), at);
      // Brighter in the middle, as a lamp behind cloth is.
      float glow = mix(0.72, 1.0, exp(-dot(at, at)));
      vec3 tint = vec3(1.0 + tone[i].x, 1.0, 1.0 - 2.0 * tone[i].x);
      light += shape[i].w * inside.x * inside.y * glow * tint;
    }
    gl_FragColor = vec4(light, 1.0);
  }`;

export interface Studio {
  /** Sharp, with mip levels: what the gem shader looks into. */
  sharp: CubeTexture;
  /** Blurred by roughness: what three lights metal with. */
  blurred: Texture;
  dispose(): void;
}

/** Draws the studio once for this renderer. */
export function buildStudio(renderer: WebGLRenderer): Studio {
  // The lamps are for the stones alone: in polished metal and jade they would be a rash of dots.
  const sharp = drawCube(renderer, [...BOXES, ...LAMPS], FACE.sharp);
  const lampless = drawCube(renderer, BOXES, FACE.blurred);
  const generator = new PMREMGenerator(renderer);
  const blurred = generator.fromCubemap(lampless.texture);
  generator.dispose();
  lampless.dispose();
  return {
    sharp: sharp.texture,
    blurred: blurred.texture,
    dispose() {
      sharp.dispose();
      blurred.dispose();
    },
  };
}

function drawCube(
  renderer: WebGLRenderer,
  boxes: readonly SoftBox[],
  face: number,
): WebGLCubeRenderTarget {
  const box = new BoxGeometry(10, 10, 10);
  const material = new ShaderMaterial({
    side: BackSide,
    depthWrite: false,
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    uniforms: {
      lights: { value: boxes.length },
      ahead: { value: filled(boxes.map(ahead), new Vector3()) },
      across: { value: filled(boxes.map(across), new Vector3()) },
      shape: {
        value: filled(boxes.map((b) => new Vector4(...b.half, b.edge, b.radiance)), new Vector4()),
      },
      tone: {
        value: filled(boxes.map((b) => new Vector2(b.warmth ?? 0, b.round ? 1 : 0)), new Vector2()),
      },
    },
  });
  const scene = new Scene();
  scene.add(new Mesh(box, material));
  const target = new WebGLCubeRenderTarget(face, {
    type: HalfFloatType,
    generateMipmaps: true,
    minFilter: LinearMipmapLinearFilter,
    magFilter: LinearFilter,
  });
  new CubeCamera(0.1, 20, target).update(renderer, scene);
  material.dispose();
  box.dispose();
  return target;
}

/** One length for both cubes, so that both are drawn by one compiled shader. */
function filled<T>(values: T[], rest: T): T[] {
  return [...values, ...Array<T>(MOST_LIGHTS - values.length).fill(rest)];
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

function ahead({ azimuth, elevation }: SoftBox): Vector3 {
  const [a, e] = [radians(azimuth), radians(elevation)];
  return new Vector3(Math.sin(a) * Math.cos(e), Math.sin(e), Math.cos(a) * Math.cos(e));
}

function across({ azimuth }: SoftBox): Vector3 {
  return new Vector3(Math.cos(radians(azimuth)), 0, -Math.sin(radians(azimuth)));
}
