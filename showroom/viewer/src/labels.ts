/** Every word the viewer shows or says, each set by an attribute: the page knows the language. */

const ENGLISH = {
  "label-ar": "View in your space",
  "label-rotate": "Rotate automatically",
  "label-fullscreen": "Full screen",
  "label-loading": "Loading the 3D view",
  "label-error": "The 3D view could not be shown.",
  "label-retry": "Try again",
  "label-hint": "Arrow keys rotate the piece; plus and minus zoom.",
} as const;

export type Label = keyof typeof ENGLISH;

export const LABELS = Object.keys(ENGLISH) as Label[];

export function label(element: Element, name: Label): string {
  return element.getAttribute(name) ?? ENGLISH[name];
}
