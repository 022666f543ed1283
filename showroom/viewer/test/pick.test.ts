import assert from "node:assert/strict";
import { test } from "node:test";
import { BoxGeometry, Group, Mesh, MeshBasicMaterial, PerspectiveCamera } from "three";
import { Highlight, deviceCoordinates, nameOf, partAt } from "../src/pick.ts";

function box(name: string, x: number): Mesh {
  const mesh = new Mesh(new BoxGeometry(1, 1, 1), new MeshBasicMaterial());
  mesh.position.x = x;
  mesh.name = name;
  return mesh;
}

function scene(): { root: Group; camera: PerspectiveCamera } {
  const root = new Group();
  const stone = box("", 2);
  const node = new Group();
  node.name = "stonediamond_1"; // as three makes it safe
  node.userData["name"] = "stone:diamond 1";
  node.add(stone);
  root.add(box("band", -2), node);
  root.updateMatrixWorld(true);
  const camera = new PerspectiveCamera(60, 1, 0.1, 100);
  camera.position.z = 6;
  camera.updateMatrixWorld(true);
  return { root, camera };
}

test("the middle of an element is the middle of the picture", () => {
  const box = { left: 10, top: 20, width: 200, height: 100 };
  assert.deepEqual(deviceCoordinates(110, 70, box), [0, 0]);
  assert.deepEqual(deviceCoordinates(10, 20, box), [-1, 1]);
});

test("a part is found by where it is, under the name that the file gave it", () => {
  const { root, camera } = scene();
  assert.equal(partAt(root, camera, [-0.58, 0]), "band");
  assert.equal(partAt(root, camera, [0.58, 0]), "stone:diamond 1");
  assert.equal(partAt(root, camera, [0, 0.9]), "");
});

test("a highlight is put back when another part is shown", () => {
  const { root } = scene();
  const band = root.children[0] as Mesh;
  const before = band.material;
  const highlight = new Highlight();
  assert.equal(highlight.show(root, "band"), 1);
  assert.notEqual(band.material, before);
  assert.equal(highlight.show(root, "nothing"), 0);
  assert.equal(band.material, before);
  assert.equal(nameOf(band, root), "band");
});
