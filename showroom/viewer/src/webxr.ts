/** AR inside the page, where WebXR is present: the piece is put on a found surface, at true size. */

import type { Object3D, PerspectiveCamera, Scene, WebGLRenderer } from "three";

export interface XrTable {
  renderer: WebGLRenderer;
  scene: Scene;
  camera: PerspectiveCamera;
  turntable: Object3D;
}

/**
 * Opens an immersive session. The piece appears where the middle of the screen meets a surface, and
 * stays where the shopper taps. Resolves when the session has begun; `ended` is called at its end.
 */
export async function openXr(
  { renderer, scene, camera, turntable }: XrTable,
  overlay: Element,
  ended: () => void,
): Promise<XRSession> {
  if (!navigator.xr) throw new Error("WebXR is not present");
  const session = await navigator.xr.requestSession("immersive-ar", {
    requiredFeatures: ["hit-test"],
    optionalFeatures: ["dom-overlay", "light-estimation"],
    domOverlay: { root: overlay },
  });
  const home = { position: turntable.position.clone(), turn: turntable.rotation.y };
  let placed = false;
  let rays: XRHitTestSource | undefined;

  renderer.xr.enabled = true;
  renderer.xr.setReferenceSpaceType("local");
  await renderer.xr.setSession(session);
  const viewer = await session.requestReferenceSpace("viewer");
  rays = await session.requestHitTestSource?.({ space: viewer });
  session.addEventListener("select", () => {
    placed = turntable.visible;
  });
  session.addEventListener("end", () => {
    rays?.cancel();
    renderer.setAnimationLoop(null);
    renderer.xr.enabled = false;
    turntable.visible = true;
    turntable.position.copy(home.position);
    turntable.rotation.y = home.turn;
    ended();
  });

  turntable.visible = false;
  renderer.setAnimationLoop((_time, frame) => {
    const space = renderer.xr.getReferenceSpace();
    if (!placed && frame && rays && space) {
      const spot = frame.getHitTestResults(rays)[0]?.getPose(space)?.transform.position;
      if (spot) {
        turntable.visible = true;
        turntable.position.set(spot.x, spot.y, spot.z);
      }
    }
    renderer.render(scene, camera);
  });
  return session;
}
