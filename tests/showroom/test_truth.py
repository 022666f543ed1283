"""Truth checks: generated pieces whose measures are known come back within the stated tolerance."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from i18n.ring_sizes import SYSTEMS
from showroom.__main__ import main
from showroom.atelier import piece, write
from showroom.atelier.rings import us_diameter
from showroom.declared import Declared, DeclaredStone
from showroom.errors import Refused
from showroom.pipeline import MODELS, build
from showroom.report import Report
from showroom.steps.measure import Options
from showroom.work import Outcome
from tests.showroom.workpieces import ring_with_stones, together, torus, write_3dm, write_stl

TRUTH = MODELS.without("decimate", "lod", "normals", "compress", "usdz", "write")


def measured(source: Path, declared: Declared) -> Report:
    """The report of a build that measures and writes nothing."""
    return build(source, source.with_suffix(".out"), recipe=TRUTH, declared=declared)


def outcomes(report: Report) -> dict[str, Outcome]:
    """Verdicts by name."""
    return {verdict.name: verdict.outcome for verdict in report.verdicts}


# A kernel takes a minute for a STEP file of fifty thousand flat faces.
STEP = pytest.param("step", marks=pytest.mark.long)


@pytest.mark.parametrize("form", [STEP, "3dm", "3mf", "glb", "obj", "ply", "stl"])
def test_a_set_ring_comes_back_with_its_diameter_grams_and_carats(
    tmp_path: Path, form: str
) -> None:
    design = piece("LY-102")
    truth = design.build(inner_diameter=us_diameter(6))
    (code, grams), *_ = truth.grams.items()
    carat = sum(stone.carat for stone in truth.stones)
    count = sum(stone.count for stone in truth.stones)
    declared = Declared(
        "ring",
        alloys=(code,),
        grams={code: Decimal(str(round(grams, 3)))},
        inner_diameter_mm=Decimal(str(round(us_diameter(6), 2))),
        stones=(DeclaredStone("diamond", count, Decimal(str(round(carat, 3)))),),
    )
    report = measured(write(design, tmp_path, form, inner_diameter=us_diameter(6)), declared)
    tolerance = Options()
    assert report.measure["inner_diameter_mm"] == pytest.approx(
        us_diameter(6), abs=tolerance.diameter_mm / 4
    )
    assert report.measure["grams"][code] == pytest.approx(grams, rel=tolerance.weight / 8)
    assert report.measure["carat"]["diamond"] == pytest.approx(carat, rel=tolerance.carat / 5)
    found = outcomes(report)
    for name in ("inner diameter", f"weight {code}", "carat diamond", "count diamond"):
        assert found[name] is Outcome.PASS, name


def test_one_volume_gives_the_grams_of_every_metal_it_is_sold_in(tmp_path: Path) -> None:
    sold = ("gold-750-yellow", "gold-585-rose", "platinum-950", "silver-925")
    report = measured(write(piece("HE-102"), tmp_path, "3dm"), Declared("ring", alloys=sold))
    volume = report.measure["metal_volume_mm3"]
    assert set(report.measure["grams"]) == set(sold)
    for code in sold:
        density = report.measure["grams"][code] / volume * 1000
        truth = piece("HE-102").build(alloy=code)
        assert density == pytest.approx(truth.grams[code] / volume * 1000, rel=0.005)


@pytest.mark.parametrize(
    ("circumference", "sizes"),
    [
        ("54.4", {"iso": "54", "us": "7", "jp": "14", "hk": "15"}),
        ("49.3", {"us": "5", "jp": "9"}),
    ],
)
def test_a_bands_size_is_told_in_every_system(
    tmp_path: Path, circumference: str, sizes: dict[str, str]
) -> None:
    inner = float(circumference) / 3.14159265
    source = write_stl(tmp_path / "band.stl", torus(inner=inner, around=400))
    found = measured(source, Declared("ring", unit="mm")).measure["ring_size"]
    assert set(found) == set(SYSTEMS) >= {"iso", "us", "uk", "jp", "hk"}
    assert {code: found[code] for code in sizes} == sizes


@pytest.mark.parametrize(
    ("grams", "outcome"),
    [("2.9", Outcome.PASS), ("3.4", Outcome.DOUBTFUL), ("4.6", Outcome.FAIL)],
)
def test_sold_grams_that_the_volume_does_not_give_are_caught(
    tmp_path: Path, grams: str, outcome: Outcome
) -> None:
    source = write_3dm(tmp_path / "ring.3dm", ring_with_stones())
    said = Declared("ring", grams={"gold-750-yellow": Decimal(grams)})
    assert outcomes(measured(source, said))["weight gold-750-yellow"] is outcome


@pytest.mark.parametrize(
    ("stones", "carat", "count"),
    [
        (DeclaredStone("diamond", 3, Decimal("0.30")), Outcome.PASS, Outcome.PASS),
        (DeclaredStone("diamond", 4, Decimal("0.30")), Outcome.PASS, Outcome.DOUBTFUL),
        (DeclaredStone("diamond", 3, Decimal("0.60")), Outcome.FAIL, Outcome.PASS),
    ],
)
def test_stones_that_the_passport_counts_otherwise_are_caught(
    tmp_path: Path, stones: DeclaredStone, carat: Outcome, count: Outcome
) -> None:
    source = write_3dm(tmp_path / "ring.3dm", ring_with_stones())
    found = outcomes(measured(source, Declared("ring", stones=(stones,))))
    assert (found["carat diamond"], found["count diamond"]) == (carat, count)


@pytest.mark.parametrize(
    ("sides", "expected"),
    [
        ({"width": "21.0", "height": "23.0", "depth": "3.0"}, [Outcome.PASS] * 3),
        ({"width": "3.1"}, [Outcome.PASS]),  # the band's width, as ring makers mean it
        ({"width": "12.0"}, [Outcome.DOUBTFUL]),
        ({"height": "40.0"}, [Outcome.FAIL]),  # larger than the whole piece
    ],
)
def test_declared_sides_are_held_against_the_piece(
    tmp_path: Path, sides: dict[str, str], expected: list[Outcome]
) -> None:
    source = write_3dm(tmp_path / "ring.3dm", ring_with_stones())
    said = Declared("ring", dimensions_mm={name: Decimal(mm) for name, mm in sides.items()})
    found = outcomes(measured(source, said))
    assert [found[name] for name in sides] == expected


def test_a_wrong_unit_that_is_plausible_is_caught_by_a_declared_side(tmp_path: Path) -> None:
    # A pendant of 25.4 mm, saved in inches by a program that calls them millimetres: 1 "mm".
    source = write_3dm(tmp_path / "big.3dm", ring_with_stones(coarse=True))
    said = Declared("pendant", dimensions_mm={"height": Decimal("583.7")})
    (verdict,) = [v for v in measured(source, said).verdicts if v.name == "height"]
    assert verdict.outcome is Outcome.FAIL
    assert verdict.note.startswith("25.4 times apart")


@pytest.mark.parametrize(("scale", "unit"), [(1.0, "mm"), (1 / 25.4, "in"), (0.1, "cm")])
def test_a_declared_side_tells_the_unit_of_a_file_without_one(
    tmp_path: Path, scale: float, unit: str
) -> None:
    # A disc without a hole to measure: 22 mm, or 0.87 in, or 2.2 cm would all be pendants.
    source = write_stl(tmp_path / "disc.stl", together(ring_with_stones(1)), scale)
    said = Declared("pendant", dimensions_mm={"height": Decimal("22.98")})
    report = measured(source, said)
    assert report.unit == unit
    assert max(report.measure["size_mm"]) == pytest.approx(22.98, abs=0.02)


@pytest.mark.parametrize("unit", ["m", "ft", "µm"])
def test_a_unit_that_makes_the_piece_impossible_is_refused(tmp_path: Path, unit: str) -> None:
    source = write_stl(tmp_path / "ring.stl", torus())
    with pytest.raises(Refused) as caught:
        measured(source, Declared("ring", unit=unit))
    assert [problem.code for problem in caught.value.problems] == ["wrong_unit"]
    assert "fit mm" in caught.value.problems[0].hint


def test_an_open_surface_is_said_and_its_volume_called_an_estimate(tmp_path: Path) -> None:
    mesh = torus()
    opened = type(mesh)(mesh.positions, mesh.faces[:-20])
    report = measured(write_stl(tmp_path / "ring.stl", opened), Declared("ring", unit="mm"))
    assert outcomes(report)["watertight"] is Outcome.DOUBTFUL
    assert "not_watertight" in [problem.code for problem in report.problems]


def test_the_command_takes_what_a_sheet_would_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_3dm(tmp_path / "ring.3dm", ring_with_stones())
    said = ["--kind", "ring", "--grams", "gold-750-yellow=2.9", "--stones", "diamond:3:0.30",
            "--side", "height=23", "--recipe", "models", "--json"]  # fmt: skip
    assert main(["build", str(source), "--out", str(tmp_path / "out"), *said]) == 0
    verdicts = {v["name"]: v["outcome"] for v in json.loads(capsys.readouterr().out)["verdicts"]}
    for name in ("weight gold-750-yellow", "carat diamond", "count diamond", "height"):
        assert verdicts[name] == "pass"


@pytest.mark.parametrize("said", ["--grams=gold=x", "--stones=rock:1:1", "--side=height=-2"])
def test_the_command_says_what_it_cannot_understand(tmp_path: Path, said: str) -> None:
    source = write_stl(tmp_path / "ring.stl", torus())
    with pytest.raises(SystemExit) as caught:
        main(["build", str(source), "--out", str(tmp_path / "out"), said])
    assert caught.value.code == 2


def test_a_bands_thinnest_place_is_measured(tmp_path: Path) -> None:
    source = write_stl(tmp_path / "a.stl", torus(inner=17.0, tube=2.4, around=96, across=48))
    report = measured(source, Declared("ring"))
    assert report.measure["thinnest_band_mm"] == {
        "width": pytest.approx(2.4, abs=0.02),
        "thickness": pytest.approx(2.4, abs=0.02),
    }


def test_a_mesh_too_large_to_cut_is_measured_without_its_band(tmp_path: Path) -> None:
    source = write_stl(tmp_path / "a.stl", torus(around=900, across=150))
    report = measured(source, Declared("ring"))
    assert "thinnest_band_mm" not in report.measure
    assert report.measure["inner_diameter_mm"] == pytest.approx(17.0, abs=0.02)
