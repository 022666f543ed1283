"""A build as the page shows it: measured beside declared, and what to do about a difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from storefront_backend import wiring
from storefront_backend.models3d.models import Asset, Build

# By the first word of a verdict's name (showroom.steps.measure).
_CURES: Mapping[str, str | Promise] = {
    "inner": _("Correct the ring size or inner diameter in the passport, or the model."),
    "width": _("Correct the size in the passport, or the unit that the file was exported in."),
    "height": _("Correct the size in the passport, or the unit that the file was exported in."),
    "depth": _("Correct the size in the passport, or the unit that the file was exported in."),
    "length": _("Correct the size in the passport, or the unit that the file was exported in."),
    "weight": _("Weigh the piece. If the passport is right, check what its parts are made of."),
    "carat": _("Check below which parts are stones, and the carat of the passport."),
    "count": _("Check below which parts are stones, and their number in the passport."),
    "watertight": _("Close the surface in your CAD program; weights are estimates until then."),
    "unit": _("Export in millimetres, or say the unit with the file."),
}
_OURS = "budget"  # what our own files may weigh: nothing that a brand declares


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison; `cure` is empty where they agree."""

    name: str
    outcome: str
    found: str
    expected: str
    tolerance: str
    note: str
    cure: str | Promise


@dataclass(frozen=True, slots=True)
class Built:
    """A build with its figures and pictures, for one page or for two side by side."""

    row: Build
    shown: bool
    checks: tuple[Check, ...]
    problems: tuple[Mapping[str, str], ...]
    figures: tuple[tuple[str | Promise, str], ...]
    pictures: tuple[str, ...]

    @property
    def differs(self) -> int:
        """How many comparisons do not agree."""
        return sum(check.outcome in ("warn", "fail") for check in self.checks)


def built(row: Build) -> Built:
    """The build as the page shows it."""
    report = row.report or {}
    return Built(
        row=row,
        shown=row.model.current_build_id == row.pk,
        checks=tuple(
            _check(verdict)
            for verdict in report.get("verdicts", ())
            if not verdict.get("name", "").startswith(_OURS)
        ),
        problems=tuple(report.get("problems", ())),
        figures=tuple(_figures(row, report)),
        pictures=tuple(_pictures(row)),
    )


def parts_of(row: Build) -> list[dict[str, Any]]:
    """The parts that a build found, each with the correction that holds for it now."""
    overrides = row.model.declared.get("overrides", {})
    return [
        {**part, "said": overrides.get(part["name"], {}), "corrected": part["name"] in overrides}
        for part in (row.report or {}).get("parts", ())
    ]


def viewer_file(row: Build) -> str:
    """The address of the model for the viewer; empty while there is none."""
    asset = row.assets.filter(kind="web-glb").first()
    return wiring.assets().url(asset.key) if asset else ""


def _check(verdict: Mapping[str, str]) -> Check:
    outcome = verdict.get("outcome", "")
    word = verdict.get("name", "").split(" ")[0]
    return Check(
        verdict.get("name", ""),
        outcome,
        verdict.get("found", ""),
        verdict.get("expected", ""),
        verdict.get("tolerance", ""),
        verdict.get("note", ""),
        _CURES.get(word, "") if outcome in ("warn", "fail") else "",
    )


def _figures(row: Build, report: Mapping[str, Any]) -> Sequence[tuple[str | Promise, str]]:
    measure = report.get("measure", {})
    found: list[tuple[str | Promise, str]] = [(_("File"), row.source_name)]
    if size := measure.get("size_mm"):
        found.append((_("Size, mm"), " × ".join(f"{side:g}" for side in size)))
    if diameter := measure.get("inner_diameter_mm"):
        found.append((_("Inner diameter, mm"), f"{diameter:g}"))
    if volume := measure.get("metal_volume_mm3"):
        found.append((_("Metal, mm³"), f"{volume:g}"))
    assets = list(row.assets.all())
    web = [each for each in assets if each.kind == "web-glb"]
    if web:
        found.append((_("Triangles"), f"{web[0].triangles or 0:,}"))
        found.append((_("Bytes on a page"), f"{web[0].bytes:,}"))
    return found


def _pictures(row: Build) -> list[str]:
    rows = Asset.objects.filter(build=row, kind="poster", media_type="image/webp")
    return [wiring.assets().url(each.key) for each in rows.order_by("-variation", "alloy")[:2]]
