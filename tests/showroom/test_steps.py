"""Single steps on small meshes: what each promises, and what it leaves alone."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from showroom import quicklook, soup
from showroom.errors import InvalidRecipe
from showroom.faceted import is_stone
from showroom.hole import find
from showroom.pipeline import RECIPES
from showroom.scene import Mesh, Part, Role, Scene
from showroom.soup import first_of
from showroom.steps.normals import creased
from showroom.steps.repair import repaired
from showroom.steps.share import share
from showroom.steps.weld import welded
from showroom.topology import edges, face_crosses, face_volumes, open_edges, solid
from showroom.work import Work
from tests.showroom.workpieces import gem, ring_with_stones, torus


def test_welding_soup_closes_it() -> None:
    mesh = torus(around=16, across=8)
    loose = Mesh(
        mesh.positions[mesh.faces].reshape(-1, 3), np.arange(768, dtype="u4").reshape(-1, 3)
    )
    assert open_edges(edges(loose.faces)) == 768
    joined = welded(loose)
    assert len(joined.positions) == 128
    assert open_edges(edges(joined.faces)) == 0


@pytest.mark.parametrize("kinds", [1, 3, 40, 10**6])
def test_rows_find_the_first_that_is_the_same(kinds: int) -> None:
    random = np.random.default_rng(kinds)
    rows = random.integers(0, kinds, (2000, 3)).astype(np.uint32)
    seen: dict[tuple[int, ...], int] = {}
    expected = [seen.setdefault(tuple(row), index) for index, row in enumerate(rows.tolist())]
    assert first_of(rows).tolist() == expected


def test_rows_whose_hashes_all_collide_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soup, "_slots", lambda rows, turn, table: np.zeros(len(rows), np.uint32))
    rows = np.arange(300, dtype=np.uint32).repeat(2).reshape(-1, 1)
    assert first_of(rows).tolist() == [index - index % 2 for index in range(600)]


def test_what_a_mesh_encloses_is_the_same_whoever_asks_first() -> None:
    mended = repaired(torus())  # which remembers what it found
    fresh = Mesh(mended.positions.copy(), mended.faces.copy())
    assert solid(mended).volume == pytest.approx(solid(fresh).volume)
    assert (solid(mended).open_edges, solid(mended).pieces) == (0, 1)
    assert (solid(fresh).open_edges, solid(fresh).pieces) == (0, 1)


def test_repair_turns_every_triangle_outwards_again() -> None:
    mesh = gem()
    wrong = mesh.faces.copy()
    wrong[::3] = wrong[::3][:, [0, 2, 1]]
    mended = repaired(Mesh(mesh.positions, np.concatenate([wrong, wrong[:5]])))
    assert len(mended.faces) == len(mesh.faces)
    assert open_edges(edges(mended.faces)) == 0
    assert face_volumes(mended).sum() == pytest.approx(face_volumes(mesh).sum())


def test_a_hollow_stays_hollow() -> None:
    outer, inner = gem(10.0), gem(4.0)
    faces = np.concatenate(
        [outer.faces, inner.faces[:, [0, 2, 1]] + np.uint32(len(outer.positions))]
    )
    mesh = Mesh(np.concatenate([outer.positions, inner.positions]), faces)
    expected = face_volumes(outer).sum() - face_volumes(inner).sum()
    assert face_volumes(repaired(mesh)).sum() == pytest.approx(expected)


def test_a_stone_gets_the_normal_of_each_facet() -> None:
    mesh = creased(gem(), 1.0)
    assert mesh.normals is not None
    crosses = face_crosses(mesh)
    units = crosses / np.linalg.norm(crosses, axis=1, keepdims=True)
    assert np.abs(mesh.normals[mesh.faces] - units[:, None]).max() < 1e-5


def test_a_smooth_band_keeps_its_vertices_and_a_radial_normal() -> None:
    source = torus()
    mesh = creased(source, 35.0)
    assert mesh.normals is not None
    assert len(mesh.positions) == len(source.positions)
    assert np.linalg.norm(mesh.normals, axis=1) == pytest.approx(1.0)
    outermost = np.argmax(mesh.positions[:, 0])
    assert mesh.normals[outermost] == pytest.approx((1, 0, 0), abs=0.01)


def test_turned_and_sized_copies_are_stored_once() -> None:
    stone, turn = gem(), np.linalg.qr(np.random.default_rng(7).normal(size=(3, 3)))[0]
    turn *= np.sign(np.linalg.det(turn))
    copy = Mesh((stone.positions @ (1.7 * turn.T) + (5, 0, 3)).astype("f4"), stone.faces)
    parts = tuple(Part(f"dia.{k}", k, role=Role.STONE) for k in range(2))
    work = share(Work(Scene((stone, copy), parts), Path()))
    assert [part.count for part in work.scene.parts] == [2]
    assert len(work.scene.geometries) == 1
    again = list(work.scene.placed())[1][1]
    assert np.abs(again - copy.positions).max() < 1e-5


def test_a_mirrored_copy_is_no_copy() -> None:
    stone = ring_with_stones().geometries[1]
    lopsided = Mesh(stone.positions * (1, 1, 1) + (stone.positions[:, :1] ** 2) * 0.1, stone.faces)
    mirrored = Mesh((lopsided.positions * (-1, 1, 1)).astype("f4"), lopsided.faces)
    parts = (Part("a.1", 0), Part("a.2", 1))
    assert len(share(Work(Scene((lopsided, mirrored), parts), Path())).scene.geometries) == 2


@pytest.mark.parametrize("scale", [0.001, 1.0, 25.4])
def test_the_inner_diameter_is_found_in_any_unit_and_position(scale: float) -> None:
    mesh = torus(inner=16.5, around=200)
    turn = np.linalg.qr(np.random.default_rng(3).normal(size=(3, 3)))[0]
    points = ((mesh.positions @ turn.T + (100, -40, 7)) * scale).astype("f4")
    hole = find(Scene((Mesh(points, mesh.faces),), (Part("band", 0),)))
    assert hole is not None
    assert hole.diameter == pytest.approx(16.5 * scale, rel=2e-4)
    assert abs(hole.axis @ turn[:, 2]) == pytest.approx(1, abs=1e-3)


def test_a_coin_has_no_hole_though_no_point_lies_inside_its_rim() -> None:
    angle = np.arange(48) * 2 * np.pi / 48
    rim = np.column_stack([10 * np.cos(angle), 10 * np.sin(angle)])
    points = np.vstack([np.column_stack([rim, np.full(48, z)]) for z in (0.0, 1.0)])
    fan = np.array([[0, k, k + 1] for k in range(1, 47)])
    side = [[k, (k + 1) % 48, 48 + k] for k in range(48)]
    faces = np.concatenate([fan[:, ::-1], fan + 48, side]).astype("u4")
    assert find(Scene((Mesh(points.astype("f4"), faces),), (Part("coin", 0),))) is None


def test_cut_stones_are_told_from_bands_and_pins() -> None:
    angle = np.arange(24) * 2 * np.pi / 24
    rim = np.column_stack([0.4 * np.cos(angle), 0.4 * np.sin(angle)])
    points = np.vstack([np.column_stack([rim, np.full(24, z)]) for z in (0.0, 1.5)])
    fan = np.array([[0, k, k + 1] for k in range(1, 23)])
    side = [[k, (k + 1) % 24, 24 + k] for k in range(24)]
    side += [[(k + 1) % 24, 24 + (k + 1) % 24, 24 + k] for k in range(24)]
    pin = Mesh(points.astype("f4"), np.concatenate([fan[:, ::-1], fan + 24, side]).astype("u4"))
    assert [is_stone(mesh) for mesh in (gem(), torus(), pin)] == [True, False, False]


def test_quick_looks_rules_catch_a_compressed_package(tmp_path: Path) -> None:
    blob = io.BytesIO()
    with zipfile.ZipFile(blob, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.usda", "#usda 1.0\n" * 20)
        archive.writestr("notes.txt", "x")
    path = tmp_path / "model.usdz"
    path.write_bytes(blob.getvalue())
    said = " ".join(problem.message for problem in quicklook.check(path))
    for words in ("is compressed", "does not start at a multiple of 64", "may not be inside"):
        assert words in said


def test_quick_looks_rules_catch_a_lit_stage_with_another_up_axis(tmp_path: Path) -> None:
    from pxr import Usd, UsdGeom, UsdLux

    stage = Usd.Stage.CreateNew(str(tmp_path / "model.usda"))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdLux.SphereLight.Define(stage, "/Light")
    stage.GetRootLayer().Save()
    said = " ".join(problem.message for problem in quicklook._stage(tmp_path / "model.usda"))
    for words in ("not Y up", "SphereLight", "no default prim", "holds no triangles"):
        assert words in said


def test_a_recipe_refuses_what_it_does_not_know() -> None:
    assert list(RECIPES) == ["standard", "quick", "models", "hero"]
    with pytest.raises(InvalidRecipe, match="no such option"):
        RECIPES["models"].with_options("decimate", triangle=5)
    with pytest.raises(InvalidRecipe, match="no step 'polish'"):
        RECIPES["models"].with_options("polish")
