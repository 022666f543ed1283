/**
 * Cut stones that live: light is followed through the stone in the fragment shader.
 *
 * At each pixel a ray refracts into the stone, runs from facet to facet, and at each of them part of
 * it leaves towards the studio (or none: total internal reflection). Red, green and blue bend by
 * their own index, which is the fire; what is absorbed on the way is the colour of a ruby.
 */

import {
  BufferAttribute,
  BufferGeometry,
  DataTexture,
  FloatType,
  Mesh,
  NearestFilter,
  RGBAFormat,
  ShaderMaterial,
  Vector3,
  type CubeTexture,
} from "three";
import type { Facets } from "./facets.ts";
import type { Optics } from "./stones.ts";

/** `full` traces each colour by itself; `fast` one path that splits into colours where it leaves. */
export type GemQuality = "full" | "fast";

const ROW = 1024;
const BOUNCES: Record<GemQuality, number> = { full: 9, fast: 6 };

const VERTEX = /* glsl */ `
  attribute vec2 range;
  varying vec3 vPosition;
  varying vec3 vEye;
  flat varying vec3 vFacet;
  flat varying vec2 vRange;
  uniform mat4 worldToStone;
  void main() {
    vPosition = position;
    vEye = (worldToStone * vec4(cameraPosition, 1.0)).xyz;
    vFacet = normal;
    vRange = range;
    gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  }`;

const FRAGMENT = /* glsl */ `
  precision highp sampler2D;
  varying vec3 vPosition;
  varying vec3 vEye;
  flat varying vec3 vFacet;
  flat varying vec2 vRange;
  uniform sampler2D planes;
  uniform samplerCube studio;
  uniform mat3 stoneToWorld;
  uniform vec3 ior;
  uniform vec3 absorption;
  uniform vec3 setting;

  // Stones are exposed for their flashes: what whitens gold would drown them.
  #define EXPOSURE 0.5

  vec3 eyeward;

  vec3 studioAt(vec3 d) {
    vec3 w = normalize(stoneToWorld * d);
    // three's cube maps are left-handed.
    vec3 light = textureLod(studio, vec3(-w.x, w.yz), 0.6).rgb;
    // Who looks at a stone stands in its light: the dark arrows of a well-cut brilliant.
    float head = smoothstep(0.90, 0.985, dot(d, eyeward));
    // Below the girdle there is no room but the setting, which the stone mirrors.
    float below = smoothstep(0.0, -0.35, w.y);
    return EXPOSURE * mix(light, light * setting, below) * (1.0 - 0.85 * head);
  }

  // Unpolarised reflectance, going from index a into index b at cosine c.
  float fresnel(float c, float a, float b) {
    float s = a / b * sqrt(max(0.0, 1.0 - c * c));
    if (s >= 1.0) return 1.0;
    float t = sqrt(1.0 - s * s);
    float p = (a * t - b * c) / (a * t + b * c);
    float o = (a * c - b * t) / (a * c + b * t);
    return 0.5 * (p * p + o * o);
  }

  // The facet through which a ray leaves: its normal, and how far away it is.
  vec4 exitFacet(vec3 p, vec3 d) {
    vec4 nearest = vec4(0.0, 1.0, 0.0, 1e9);
    int first = int(vRange.x + 0.5);
    int last = first + int(vRange.y + 0.5);
    for (int i = first; i < last; i++) {
      vec4 plane = texelFetch(planes, ivec2(i & ${ROW - 1}, i >> ${Math.log2(ROW)}), 0);
      float towards = dot(plane.xyz, d);
      if (towards < 1e-6) continue;
      float far = (plane.w - dot(plane.xyz, p)) / towards;
      if (far < nearest.w) nearest = vec4(plane.xyz, far);
    }
    nearest.w = max(nearest.w, 0.0);
    return nearest;
  }

  vec3 throughStone(vec3 view, vec3 facet, float index, vec3 leaving) {
    vec3 d = refract(view, facet, 1.0 / index);
    vec3 p = vPosition;
    vec3 power = vec3(1.0);
    vec3 seen = vec3(0.0);
    for (int bounce = 0; bounce < BOUNCES; bounce++) {
      vec4 exit = exitFacet(p, d);
      p += d * exit.w;
      power *= exp(-absorption * exit.w);
      float c = dot(d, exit.xyz);
      #ifdef FULL
        float kept = fresnel(c, index, 1.0);
        if (kept < 1.0) seen += power * (1.0 - kept) * studioAt(refract(d, -exit.xyz, index));
        power *= kept;
      #else
        vec3 kept = vec3(fresnel(c, leaving.r, 1.0), fresnel(c, leaving.g, 1.0), fresnel(c, leaving.b, 1.0));
        if (kept.r < 1.0) seen.r += power.r * (1.0 - kept.r) * studioAt(refract(d, -exit.xyz, leaving.r)).r;
        if (kept.g < 1.0) seen.g += power.g * (1.0 - kept.g) * studioAt(refract(d, -exit.xyz, leaving.g)).g;
        if (kept.b < 1.0) seen.b += power.b * (1.0 - kept.b) * studioAt(refract(d, -exit.xyz, leaving.b)).b;
        power *= kept;
      #endif
      if (max(power.r, max(power.g, power.b)) < 0.01) break;
      d = reflect(d, exit.xyz);
    }
    // What still runs about inside has to leave somewhere.
    return seen + power * studioAt(d) * 0.5;
  }

  void main() {
    vec3 view = normalize(vPosition - vEye);
    vec3 facet = normalize(vFacet);
    eyeward = -view;
    float c = max(dot(-view, facet), 0.001);
    vec3 inside;
    #ifdef FULL
      inside.r = throughStone(view, facet, ior.r, ior).r;
      inside.g = throughStone(view, facet, ior.g, ior).g;
      inside.b = throughStone(view, facet, ior.b, ior).b;
    #else
      inside = throughStone(view, facet, ior.g, ior);
    #endif
    float mirrored = fresnel(c, 1.0, ior.g);
    vec3 light = mix(inside, studioAt(reflect(view, facet)), mirrored);
    gl_FragColor = vec4(light, 1.0);
    #include <tonemapping_fragment>
    #include <colorspace_fragment>
  }`;

/** A mesh of stones, in millimetres. It keeps its own planes and knows where the camera is. */
export function buildGems(facets: Facets, optics: Optics, studio: CubeTexture): Mesh {
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(facets.position, 3));
  geometry.setAttribute("normal", new BufferAttribute(facets.normal, 3));
  geometry.setAttribute("range", new BufferAttribute(facets.range, 2));

  const material = new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    uniforms: {
      planes: { value: planeTexture(facets.planes) },
      studio: { value: studio },
      ior: { value: new Vector3(...optics.ior) },
      absorption: { value: new Vector3(...optics.absorption) },
      setting: { value: new Vector3(1, 1, 1) },
      worldToStone: { value: null },
      stoneToWorld: { value: null },
    },
  });
  setQuality(material, "fast");

  const mesh = new Mesh(geometry, material);
  const { worldToStone, stoneToWorld } = material.uniforms;
  if (worldToStone) worldToStone.value = mesh.matrixWorld.clone();
  if (stoneToWorld) stoneToWorld.value = mesh.normalMatrix.clone();
  mesh.onBeforeRender = () => {
    worldToStone?.value.copy(mesh.matrixWorld).invert();
    // The scale from millimetres to metres is uniform, and studioAt() normalises.
    stoneToWorld?.value.setFromMatrix4(mesh.matrixWorld);
    material.uniformsNeedUpdate = true;
  };
  return mesh;
}

/** Trades fire for speed. Recompiles the shader. */
export function setQuality(material: ShaderMaterial, quality: GemQuality): void {
  material.defines = { BOUNCES: BOUNCES[quality], ...(quality === "full" ? { FULL: "" } : {}) };
  material.needsUpdate = true;
}

function planeTexture(planes: Float32Array): DataTexture {
  const rows = Math.ceil(planes.length / 4 / ROW);
  const texels = new Float32Array(ROW * rows * 4);
  texels.set(planes);
  const texture = new DataTexture(texels, ROW, rows, RGBAFormat, FloatType);
  texture.minFilter = NearestFilter;
  texture.magFilter = NearestFilter;
  texture.needsUpdate = true;
  return texture;
}
