/**
 * What can keep a piece from being shown.
 *
 *   ViewerError
 *     code "network"    the model could not be fetched; trying again may help
 *     code "not-found"  there is no model at that address
 *     code "bad-model"  the file is damaged or of a kind we do not read
 *     code "no-webgl"   this browser or machine cannot draw in 3D
 */
export type ViewerErrorCode = "network" | "not-found" | "bad-model" | "no-webgl";

export class ViewerError extends Error {
  readonly code: ViewerErrorCode;

  constructor(code: ViewerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ViewerError";
    this.code = code;
  }

  /** Whether the same request may succeed later. */
  get transient(): boolean {
    return this.code === "network";
  }
}
