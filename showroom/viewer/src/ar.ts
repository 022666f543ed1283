/** Handing the piece over to the phone's own AR, at true size: shoppers must not be able to scale it. */

export type ArMode = "quick-look" | "scene-viewer" | "webxr";

export interface ArOffer {
  /** USDZ, for Apple's Quick Look. */
  iosSrc: string | null;
  /** Plain GLB without required extensions, for Google's Scene Viewer. */
  arSrc: string | null;
  title: string;
  /** Where Scene Viewer's own button and the fallback lead: the product's page. */
  page: string;
}

/** What the device says it can do. */
export interface ArDevice {
  quickLook: boolean;
  android: boolean;
  webxr: boolean;
}

/** Scene Viewer first on Android: it needs no permission prompt and knows light and occlusion. */
export function chooseMode(device: ArDevice, offer: ArOffer): ArMode | null {
  if (device.quickLook && offer.iosSrc) return "quick-look";
  if (device.android && offer.arSrc) return "scene-viewer";
  if (device.webxr) return "webxr";
  return null;
}

/**
 * An intent for Scene Viewer, as https://developers.google.com/ar/develop/scene-viewer lays it down.
 * `file` and the others travel percent-encoded; `resizable=false` keeps the piece at its true size.
 */
export function sceneViewerIntent(offer: ArOffer & { arSrc: string }): string {
  const file = new URL(offer.arSrc, offer.page);
  const parameters = new URLSearchParams({
    file: file.href,
    mode: "ar_preferred",
    title: offer.title,
    link: offer.page,
    resizable: "false",
  });
  // URLSearchParams writes spaces as "+", which Scene Viewer shows as they are.
  const query = parameters.toString().replaceAll("+", "%20");
  return (
    `intent://arvr.google.com/scene-viewer/1.0?${query}` +
    `#Intent;scheme=https;package=com.google.android.googlequicksearchbox;` +
    `action=android.intent.action.VIEW;` +
    `S.browser_fallback_url=${encodeURIComponent(offer.page)};end;`
  );
}

/** The USDZ's address with Quick Look set to forbid scaling and to share the product's page. */
export function quickLookUrl(offer: ArOffer & { iosSrc: string }): string {
  const url = new URL(offer.iosSrc, offer.page);
  const page = encodeURIComponent(offer.page);
  url.hash = `allowsContentScaling=0&canonicalWebPageURL=${page}`;
  return url.href;
}

export async function thisDevice(): Promise<ArDevice> {
  const anchor = document.createElement("a");
  let webxr = false;
  try {
    webxr = (await navigator.xr?.isSessionSupported("immersive-ar")) ?? false;
  } catch {
    // Refused by permissions policy: the same as not there.
  }
  return {
    quickLook: anchor.relList.supports("ar"),
    android: /android/i.test(navigator.userAgent),
    webxr,
  };
}

/** Opens the phone's viewer. Quick Look insists on a link whose only child is an image. */
export function handOver(mode: "quick-look" | "scene-viewer", offer: ArOffer): void {
  const link = document.createElement("a");
  if (mode === "quick-look" && offer.iosSrc) {
    link.rel = "ar";
    link.append(document.createElement("img"));
    link.href = quickLookUrl({ ...offer, iosSrc: offer.iosSrc });
  } else if (offer.arSrc) {
    link.href = sceneViewerIntent({ ...offer, arSrc: offer.arSrc });
  }
  link.click();
}
