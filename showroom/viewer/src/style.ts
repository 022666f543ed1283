/** The viewer's own style. Colours and corner come from the page's custom properties. */

export const STYLE = /* css */ `
  :host {
    display: block; position: relative; contain: layout paint; overflow: hidden;
    aspect-ratio: var(--viewer-ratio, 1); min-width: 0;
    background: var(--viewer-background, transparent);
    color: var(--viewer-ink, #2b2622);
    font: var(--viewer-font, 0.875rem/1.4 system-ui, sans-serif);
  }
  :host([hidden]) { display: none; }
  :host(:fullscreen) { aspect-ratio: auto; background: var(--viewer-background, #f6f3ee); }
  .stage { position: absolute; inset: 0; touch-action: pan-y; cursor: grab; outline: none; }
  /* Nothing to scroll there: a finger may lift the piece as well as turn it. */
  :host(:fullscreen) .stage { touch-action: none; }
  .stage:active { cursor: grabbing; }
  .stage:focus-visible { box-shadow: inset 0 0 0 3px var(--viewer-focus, #7a5c1e); }
  canvas { display: block; width: 100%; height: 100%; opacity: 0; }
  :host([data-state="shown"]) canvas { opacity: 1; transition: opacity 0.4s; }
  .poster { position: absolute; inset: 0; pointer-events: none; transition: opacity 0.4s; }
  .poster img, .poster ::slotted(img), .poster ::slotted(picture) {
    display: block; width: 100%; height: 100%; object-fit: contain;
  }
  :host([data-state="shown"]) .poster { opacity: 0; visibility: hidden; transition: opacity 0.4s, visibility 0s 0.4s; }
  .bar {
    position: absolute; inset-block-end: 0.5rem; inset-inline: 0.5rem;
    display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; pointer-events: none;
  }
  .bar > * { pointer-events: auto; }
  .space { flex: 1; pointer-events: none; }
  button {
    display: inline-flex; align-items: center; justify-content: center; gap: 0.5rem;
    min-width: 2.75rem; min-height: 2.75rem; padding: 0.25rem 0.625rem; box-sizing: border-box;
    border: 1px solid color-mix(in srgb, currentColor 22%, transparent);
    border-radius: var(--viewer-corner, 999px);
    background: var(--viewer-button, rgb(255 255 255 / 0.86)); color: inherit; font: inherit; cursor: pointer;
  }
  button:hover { border-color: currentColor; }
  button:focus-visible { outline: 3px solid var(--viewer-focus, #7a5c1e); outline-offset: 2px; }
  button[hidden] { display: none; }
  button[aria-pressed="true"] { background: var(--viewer-ink, #2b2622); color: #fff; }
  svg { width: 1.25rem; height: 1.25rem; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
  .note {
    position: absolute; inset-inline: 1rem; inset-block-start: 1rem; text-align: center;
    pointer-events: none;
  }
  .note > span {
    display: inline-block; padding: 0.375rem 0.75rem; border-radius: 0.75rem;
    background: var(--viewer-button, rgb(255 255 255 / 0.9));
  }
  .note button { pointer-events: auto; margin-inline-start: 0.5rem; min-height: 2.75rem; }
  .progress {
    position: absolute; inset-block-end: 0; inset-inline: 0; height: 2px;
    background: var(--viewer-focus, #7a5c1e); opacity: 0; transform-origin: 0 50%;
  }
  :host([data-state="loading"]) .progress { opacity: 1; animation: breathe 1.6s ease-in-out infinite alternate; }
  @keyframes breathe { from { opacity: 0.15; } to { opacity: 0.9; } }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @media (prefers-reduced-motion: reduce) { *, :host * { transition: none !important; animation: none !important; } }
  @media (forced-colors: active) { button { border-color: ButtonText; } }
`;
