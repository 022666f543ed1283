"""A small gem-set ring in the readers that others use: whole, true to size, in every metal."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from showroom.atelier import piece, write
from showroom.declared import Declared
from showroom.pipeline import MODELS, build
from showroom.report import Report
from tests.showroom.opened import NAMES, Reader, readers, usd_triangles

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
SOLD = ("gold-750-white", "gold-750-yellow")


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Report]:
    """The folder of a built halo ring and its report."""
    folder = tmp_path_factory.mktemp("ring")
    source = write(piece("LY-102"), folder, "3dm")
    report = build(source, folder / "out", recipe=MODELS, declared=Declared("ring", alloys=SOLD))
    ruby = write(piece("SM-102"), folder, "glb")
    build(ruby, folder / "ruby", recipe=MODELS, declared=Declared("ring"))
    shutil.copy(folder / "ruby" / "model.glb", folder / "out" / "ruby.glb")
    return folder / "out", report


@pytest.fixture(scope="module")
def opened(_chromium: Browser, ring: tuple[Path, Report]) -> Iterator[dict[str, Reader]]:
    """Both readers over that folder."""
    with readers(_chromium, ring[0]) as found:
        yield found


@pytest.mark.parametrize("reader", NAMES)
def test_every_glb_opens_whole_and_true_to_size(
    opened: dict[str, Reader], ring: tuple[Path, Report], reader: str
) -> None:
    folder, report = ring
    for output in report.outputs:
        if not output.path.endswith(".glb"):
            continue
        found = opened[reader].open(folder / output.path)
        millimetres = [side * 1000 for side in found.size]
        assert millimetres == pytest.approx([19.8, 23.1, 8.7], abs=0.1)
        assert found.triangles in (None, output.triangles)
        assert found.variants == (SOLD if output.kind != "ar-glb" else ())
        assert 0.02 < found.drawn < 0.6


@pytest.mark.parametrize("reader", NAMES)
def test_a_ruby_is_red_in_readers_that_know_only_the_standard(
    opened: dict[str, Reader], ring: tuple[Path, Report], reader: str
) -> None:
    picture = opened[reader].open(ring[0] / "ruby.glb").picture.convert("RGB")
    red, green, blue = np.asarray(picture).astype(float).transpose(2, 0, 1)
    assert ((red > 1.6 * green) & (red > 1.25 * blue)).sum() > 300


def test_every_usdz_opens_whole(ring: tuple[Path, Report]) -> None:
    folder, report = ring
    packed = [output for output in report.outputs if output.kind == "usdz"]
    assert len(packed) == len(SOLD)
    for output in packed:
        assert usd_triangles(folder / output.path) == output.triangles
