import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseMode, quickLookUrl, sceneViewerIntent } from "../src/ar.ts";

const offer = {
  iosSrc: "/media/ring.usdz",
  arSrc: "/media/ring.glb?v=1&a=ö",
  title: "Wok-ear gable ring & box",
  page: "https://shop.example/ae/ar/jewellery/gable-ring/",
};
const desk = { quickLook: false, android: false, webxr: false };

test("each device is offered what it can open, and a desk nothing", () => {
  assert.equal(chooseMode({ ...desk, quickLook: true }, offer), "quick-look");
  assert.equal(chooseMode({ ...desk, android: true, webxr: true }, offer), "scene-viewer");
  assert.equal(chooseMode({ ...desk, android: true, webxr: true }, { ...offer, arSrc: null }), "webxr");
  assert.equal(chooseMode(desk, offer), null);
});

test("without a file for it a viewer is not offered", () => {
  assert.equal(chooseMode({ ...desk, quickLook: true }, { ...offer, iosSrc: null }), null);
  assert.equal(chooseMode({ ...desk, android: true }, { ...offer, arSrc: null }), null);
});

test("the intent carries an absolute file, the title and a fixed scale", () => {
  const intent = sceneViewerIntent(offer);
  const [address, flags] = intent.replace("intent://", "https://").split("#");
  const query = new URL(address!).searchParams;
  assert.equal(query.get("file"), "https://shop.example/media/ring.glb?v=1&a=%C3%B6");
  assert.equal(query.get("title"), "Wok-ear gable ring & box");
  assert.equal(query.get("resizable"), "false");
  assert.ok(!address!.includes("+"));
  assert.match(flags!, /^Intent;scheme=https;package=com\.google\.android\.googlequicksearchbox;/);
  assert.match(flags!, /S\.browser_fallback_url=https%3A%2F%2Fshop\.example%2F[^;]*;end;$/);
});

test("Quick Look is set to keep the true size", () => {
  const url = new URL(quickLookUrl(offer));
  assert.equal(url.origin + url.pathname, "https://shop.example/media/ring.usdz");
  assert.match(url.hash, /^#allowsContentScaling=0&canonicalWebPageURL=https%3A/);
});
