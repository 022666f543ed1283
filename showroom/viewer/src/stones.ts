/** What a material says of the stone it represents, in the terms the gem shader works in. */

/** Optical constants of one stone. */
export interface Optics {
  /** Refractive index for red, green and blue light. */
  ior: readonly [number, number, number];
  /** Beer-Lambert absorption of red, green and blue, per millimetre. */
  absorption: readonly [number, number, number];
}

/** As much of a glTF material, as three reads it, as speaks of stones. */
export interface StoneMaterial {
  name?: string;
  userData?: Record<string, unknown>;
  color?: { r: number; g: number; b: number };
  ior?: number;
  /** KHR_materials_dispersion: 20 divided by the Abbe number. */
  dispersion?: number;
  transmission?: number;
  attenuationColor?: { r: number; g: number; b: number };
  /** Metres. */
  attenuationDistance?: number;
}

/** The gemmologist's dispersion is n(G, 431 nm) - n(B, 687 nm); n itself is given at D, 589 nm.
 * Diamond: 2.407, 2.417, 2.451 (Walter, 1891, as in Webster, Gems, 5th ed.): D lies 23 % of the way. */
const BELOW_D = 0.23;
/** n(G) - n(B) over n(F) - n(C) for diamond: 0.044 / 0.0251. Turns an Abbe number into the above. */
const GB_OVER_FC = 1.75;
/** Used where a file names a stone and gives no index: diamond, the commonest in jewellery. */
const DIAMOND = { ior: 2.417, dispersion: 0.044 };
/** Millimetres of stone that show the material's base colour, where a file gives no absorption. */
const COLOUR_DEPTH = 4;

const NAMED = /^stone\b/i;

/**
 * The optics of a transparent stone, or null where the material is no stone or an opaque one.
 *
 * `extras.pavilion` wins; then the standard extensions; then the name, as in `stone:diamond centre`.
 */
export function opticsOf(material: StoneMaterial, partName = ""): Optics | null {
  const says = (material.userData?.["pavilion"] ?? {}) as Record<string, unknown>;
  const isStone =
    says["role"] === "stone" || NAMED.test(material.name ?? "") || NAMED.test(partName);
  // The showroom says which stones are cut and clear; pearls, jade and turquoise are not traced.
  const cut = says["optics"];
  if (!isStone || (cut !== undefined && cut !== "faceted")) return null;

  const declared = triple(says["absorption"]);
  const glassy = (material.transmission ?? 0) > 0;
  const kind = String(says["kind"] ?? `${material.name} ${partName}`).toLowerCase();
  const isDiamond = kind.includes("diamond");
  if (!declared && !glassy && !isDiamond && number(says["ior"]) === null) return null;

  const index = number(says["ior"]) ?? (isDiamond ? DIAMOND.ior : (material.ior ?? 1.5));
  const spread = number(says["dispersion"]) ?? (isDiamond ? DIAMOND.dispersion : abbe(material));
  return {
    ior: [index - BELOW_D * spread, index, index + (1 - BELOW_D) * spread],
    absorption: declared ?? (isDiamond ? [0, 0, 0] : tint(material)),
  };
}

function abbe({ ior = 1.5, dispersion = 0 }: StoneMaterial): number {
  return (((ior - 1) * dispersion) / 20) * GB_OVER_FC;
}

/** KHR_materials_volume says which colour is left after a distance; else the base colour does. */
function tint(material: StoneMaterial): [number, number, number] {
  const metres = material.attenuationDistance;
  const volume = material.attenuationColor && metres !== undefined && Number.isFinite(metres);
  const colour = (volume ? material.attenuationColor : material.color) ?? { r: 1, g: 1, b: 1 };
  const depth = volume && metres ? metres * 1000 : COLOUR_DEPTH;
  return [colour.r, colour.g, colour.b].map(
    (share) => -Math.log(Math.min(1, Math.max(0.002, share))) / depth,
  ) as [number, number, number];
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function triple(value: unknown): [number, number, number] | null {
  if (!Array.isArray(value) || value.length !== 3) return null;
  const read = value.map(number);
  return read.includes(null) ? null : (read as [number, number, number]);
}
