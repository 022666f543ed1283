"""The demo brands' spreadsheets: one XLSX a brand, one row a variant, weighed from the solids.

`write_all` also writes the CAD files that the sheets name, so a folder a brand is what a brand
would hand over. The same call gives the same bytes (3DM excepted, see showroom.atelier).
"""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

from i18n import locales
from showroom.atelier import Model, piece, write
from showroom.atelier.densities import ALLOY_DENSITY
from showroom.atelier.rings import us_diameter
from storefront_backend.demo.stories import DemoBrand, DemoPiece, brands, pieces, pieces_of

STAMP = datetime.datetime(2026, 9, 1)  # noqa: DTZ001 - a workbook knows no time zone
MARGIN_PERCENT = 35
LOSS_PERCENT = 6

_MARKS = {"platinum-950": "Pt950", "silver-925": "925"}


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the solids say: metal in mm³, stone groups as (kind, count, carat), box in mm."""

    volume: float
    stones: tuple[tuple[str, int, float], ...]
    box: tuple[float, float, float]  # width, depth, height
    inner_diameter: float | None


def write_all(folder: Path, progress: Callable[[str], None] | None = None) -> dict[str, Path]:
    """Sheets and CAD files of every brand under `folder`/BRAND; the sheet's path by brand code."""
    say = progress or (lambda _line: None)
    out = {}
    for brand in brands().values():
        say(f"{brand.name['en']}: CAD files")
        for entry in pieces_of(brand):
            write(piece(entry.code), folder / brand.code, entry.file)
        say(f"{brand.name['en']}: sheet")
        out[brand.code] = write_sheet(brand, folder / brand.code)
    return out


def write_sheet(brand: DemoBrand, folder: Path) -> Path:
    """The brand's sheet as `folder`/CODE.xlsx."""
    rows = [row for entry in pieces_of(brand) for row in _rows(brand, entry)]
    columns = list(dict.fromkeys(key for row in rows for key in row))
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Catalogue"
    sheet.append(columns)
    for row in rows:
        sheet.append([row.get(column) for column in columns])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "C2"
    book.properties.creator = brand.name["en"]
    book.properties.created = book.properties.modified = STAMP
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{brand.code}.xlsx"
    book.save(path)
    _fix_dates(path)
    return path


def _rows(brand: DemoBrand, entry: DemoPiece) -> Iterator[dict[str, Any]]:
    """One row a variant: every alloy in every size."""
    for alloy in entry.alloys:
        for size in entry.sizes or (None,):
            yield {
                **_words(entry),
                **_variant(entry, alloy, size),
                **_stones(entry, size),
                **_terms(brand, entry, alloy),
            }


@cache
def _languages() -> tuple[str, ...]:
    """The languages that some piece is named in."""
    return tuple(
        code for code in locales.LANGUAGES if any(code in entry.name for entry in pieces().values())
    )


def _words(entry: DemoPiece) -> dict[str, Any]:
    row: dict[str, Any] = {"product_code": entry.code, "sku": "", "kind": piece(entry.code).kind}
    row |= {f"name_{_column(lang)}": entry.name.get(lang) for lang in _languages()}
    row |= {f"description_{_column(lang)}": entry.description.get(lang) for lang in _languages()}
    return row | {"collection": entry.collection}


def _variant(entry: DemoPiece, alloy: str, size: int | None) -> dict[str, Any]:
    weighed = weigh(entry.code, size)
    width, depth, height = (round(Decimal(side), 1) for side in weighed.box)
    row: dict[str, Any] = {
        "sku": "-".join(filter(None, (entry.code, _short(alloy), f"US{size}" if size else ""))),
        "alloy": alloy,
        "grams": grams(weighed.volume, alloy),
        "finish": "polished",
        "plating": "rhodium" if alloy == "gold-750-white" else "",
    }
    if size is not None:
        row |= {"ring_size": str(size), "ring_size_system": "us"}
    if weighed.inner_diameter is not None:
        row["inner_diameter_mm"] = round(Decimal(weighed.inner_diameter), 2)
    row |= {"width_mm": width, "height_mm": height, "depth_mm": depth}
    if piece(entry.code).kind in ("chain", "bracelet"):
        row["length_mm"] = Decimal(str(piece(entry.code).parameters.get("length", 172)))
    return row


def _stones(entry: DemoPiece, size: int | None) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for i, (kind, count, carat) in enumerate(weigh(entry.code, size).stones, start=1):
        said = entry.stone[kind]
        row |= {
            f"stone_{i}_kind": kind,
            f"stone_{i}_count": count,
            f"stone_{i}_carat": round(Decimal(carat), 3 if carat < 0.1 else 2),
            f"stone_{i}_origin": said.origin,
            f"stone_{i}_treatment": said.treatment,
            f"stone_{i}_cut": said.cut,
            f"stone_{i}_country": said.country,
        }
    return row


def _terms(brand: DemoBrand, entry: DemoPiece, alloy: str) -> dict[str, Any]:
    silver = alloy.startswith("silver")
    # Marks that a market asks for are struck before export where the piece is listed there.
    marks = [_MARKS.get(alloy, alloy.split("-")[1])]
    if "gb" in entry.markets:
        marks.append("common-control-mark")
    if "ae" in entry.markets:
        marks.append("uae-official-stamp")
    if "fr" in entry.markets:
        marks += ["fr-guarantee", "fr-responsibility"]
    if "it" in entry.markets:
        marks.append("it-identification")
    return {
        "hallmarks": ", ".join(marks),
        "origin": brand.origin,
        "hs_code": entry.hs_code or ("711311" if silver else "711319"),
        "currency": brand.currency,
        "making_kind": entry.making_kind,
        "making": entry.making,
        "stones_price": entry.stones,
        "setting_price": entry.setting,
        "loss_percent": LOSS_PERCENT,
        "margin_percent": MARGIN_PERCENT,
        "stock": 1 if entry.one_of_a_kind else entry.stock,
        "made_to_order_days": entry.order,
        "engraving_max": entry.engraving,
        "model_file": f"{entry.code}.{entry.file}",
        "markets": ", ".join(entry.markets),
    }


def grams(volume: float, alloy: str) -> Decimal:
    """Grams to two places of a volume in mm³."""
    return round(Decimal(volume * ALLOY_DENSITY[alloy] / 1000), 2)


def weigh(code: str, size: int | None) -> Weighed:
    """The piece in that US size; None is its own size.

    A shank's volume is linear in its diameter (Pappus), so sizes between the smallest and the
    largest that the brand makes are read off the line between those two, unless the number of
    stones changes with the size.
    """
    sizes = pieces()[code].sizes
    if size is None or size in (sizes[0], sizes[-1]):
        return built(code, size)
    low, high = built(code, sizes[0]), built(code, sizes[-1])
    if [group[:2] for group in low.stones] != [group[:2] for group in high.stones]:
        return built(code, size)
    share = (size - sizes[0]) / (sizes[-1] - sizes[0])

    def between(a: float, b: float) -> float:
        return a + (b - a) * share

    width, depth, height = (between(a, b) for a, b in zip(low.box, high.box, strict=True))
    volume = between(low.volume, high.volume)
    return Weighed(volume, low.stones, (width, depth, height), us_diameter(size))


@cache
def built(code: str, size: int | None) -> Weighed:
    """The piece built in that US size and weighed."""
    changes = {} if size is None else {"inner_diameter": us_diameter(size)}
    model = piece(code).build(**changes)
    width, depth, height = (model.bounds[1] - model.bounds[0]).tolist()
    volume = sum(model.metal_volumes.values())
    return Weighed(volume, _groups(model), (width, depth, height), model.inner_diameter)


def _groups(model: Model) -> tuple[tuple[str, int, float], ...]:
    """Stones of one kind and within 15 % of one weight are one group, as a sheet lists them."""
    out: list[tuple[str, int, float]] = []
    for stone in model.stones:
        each = stone.carat / stone.count
        for i, (kind, count, carat) in enumerate(out):
            if kind == stone.kind and abs(carat / count - each) < 0.15 * each:
                out[i] = (kind, count + stone.count, carat + stone.carat)
                break
        else:
            out.append((stone.kind, stone.count, stone.carat))
    return tuple(out)


def _column(lang: str) -> str:
    return lang.replace("-", "_").lower()


def _short(alloy: str) -> str:
    """ "gold-750-yellow" as 18Y would read to a jeweller: 750Y."""
    metal, fineness, *colour = alloy.split("-")
    return fineness + (colour[0][0].upper() if colour else {"platinum": "PT"}.get(metal, ""))


def _fix_dates(path: Path) -> None:
    """openpyxl stamps the archive's entries and `modified` with now; both are set to STAMP."""
    with zipfile.ZipFile(path) as archive:
        entries = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            if name == "docProps/core.xml":
                content = _stamped(content)
            entry = zipfile.ZipInfo(name, STAMP.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)


def _stamped(core: bytes) -> bytes:
    when = STAMP.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + when, core)
