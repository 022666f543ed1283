"""From a brand's file to web and AR models: all of them published, or none."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from showroom import budget, degradation, heap, sandbox, tool
from showroom.declared import Declared
from showroom.errors import Cancelled, InvalidOutput, Problem, Refused, ShowroomError
from showroom.limits import DEFAULTS, Limits
from showroom.materials import load
from showroom.page import page
from showroom.recipe import Recipe, Step, recipe
from showroom.report import Report, StepEffect
from showroom.steps.posters import Picture
from showroom.work import Output, Work

Progress = Callable[[str, float], None]

STANDARD = recipe(
    "standard",
    "units", "weld", "repair", "split", "parts", "share", "measure", "orient", "center",
    "decimate", "lod",
    "materials", "variants", "normals", "compress", "usdz", "write", "posters", "comparison",
)  # fmt: skip
MODELS = replace(
    STANDARD.without("posters", "comparison"), name="models"
)  # seconds instead of a minute
# One small picture a metal: a shop of many pieces has them all in minutes on two cores.
QUICK = replace(
    STANDARD.with_options(
        "posters", pictures=(Picture("square", 512, 512, every_alloy=True),), samples=6
    ),
    name="quick",
)
HERO = STANDARD.then("hero", "turntable")  # minutes: for pieces that deserve it
RECIPES = {one.name: one for one in (STANDARD, QUICK, MODELS, HERO)}


def build(
    source: Path,
    out: Path,
    *,
    recipe: Recipe = STANDARD,
    declared: Declared | None = None,
    limits: Limits = DEFAULTS,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Report:
    """Build every output of a recipe into the folder `out` and return the report.

    Files appear in `out` only when all of them are finished and judged; they replace those of an
    earlier build there. `progress` gets the step and the share done. Raises Refused with every
    problem, and then leaves `out` as it was; its `permanent` says whether a retry can help.
    """
    tell = progress or (lambda step, share: None)
    stop = cancelled or (lambda: False)
    heap.keep()
    out.parent.mkdir(parents=True, exist_ok=True)
    _sweep(out.parent)
    with tempfile.TemporaryDirectory(prefix=f".build-{os.getpid()}-", dir=out.parent) as name:
        folder = Path(name) / "files"
        folder.mkdir()
        try:
            report = _build(source, folder, recipe, declared or Declared(), limits, tell, stop)
        except Refused:
            raise
        except ShowroomError as error:
            raise Refused(error.problem, permanent=error.permanent) from error
        (folder / "report.json").write_text(report.text(), encoding="utf-8")
        (folder / "report.html").write_text(page(report), encoding="utf-8")
        _publish(folder, out)
    tell("done", 1.0)
    return report


def _build(
    source: Path,
    folder: Path,
    recipe: Recipe,
    declared: Declared,
    limits: Limits,
    tell: Progress,
    stop: Callable[[], bool],
) -> Report:
    tell("read", 0.0)
    began = time.perf_counter()
    form, scene = sandbox.load(source, limits)
    effects = [_effect("read", Work(scene, folder), began)]
    entry: dict[str, Any] = {
        "name": source.name,
        "format": form,
        "bytes": source.stat().st_size,
        "sha256": _digest(source),
        "unit": scene.unit,
        "triangles": scene.triangles,
        "parts": len(scene.parts),
        "notes": list(scene.notes),
        "recipe": recipe.name,
    }
    work = Work(scene, folder, declared)
    del scene
    for index, step in enumerate(recipe.steps, 1):
        if stop():
            raise Cancelled("The build was cancelled.")
        tell(step.name, index / (len(recipe.steps) + 2))
        work, effect = _run(step, work)
        effects.append(effect)
    tell("validate", (len(recipe.steps) + 1) / (len(recipe.steps) + 2))
    judged = _judge(work.outputs, folder)
    return Report(
        input=entry,
        unit=work.unit,
        kind=work.kind,
        parts=work.parts,
        measure=work.measure,
        steps=tuple(effects),
        outputs=work.outputs,
        verdicts=(*work.verdicts, *budget.verdicts(work.outputs)),
        problems=work.problems,
        validator=tuple(judged),
        degradations=_losses(work),
    )


def _run(step: Step, work: Work) -> tuple[Work, StepEffect]:
    began = time.perf_counter()
    try:
        work = step.run(work)
    except ShowroomError as error:
        if work.problems:  # what was found on the way helps to understand what stopped it
            raise Refused(error.problem, *work.problems, permanent=error.permanent) from error
        raise
    return work, _effect(step.name, work, began)


def _effect(name: str, work: Work, began: float) -> StepEffect:
    milliseconds = (time.perf_counter() - began) * 1000
    return StepEffect(name, work.scene.triangles, work.scene.nbytes, milliseconds)


def _losses(work: Work) -> tuple[Mapping[str, str], ...]:
    drawn = {output.kind: output.triangles for output in reversed(work.outputs)}
    web, ar = drawn.get("web-glb", 0), drawn.get("ar-glb", 0)
    return degradation.losses(work.scene, work.alloys, load(), web, ar)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _judge(outputs: tuple[Output, ...], folder: Path) -> list[dict[str, Any]]:
    """The Khronos validator's word on every GLB; InvalidOutput on a single error."""
    names = [output.path for output in outputs if output.path.endswith(".glb")]
    if not names:
        return []
    reports = tool.validate([folder / name for name in names])
    for report in reports:
        report["file"] = Path(report["file"]).name
    wrong = [report for report in reports if report["errors"]]
    if wrong:
        first = wrong[0]
        raise InvalidOutput(
            f"{first['file']} fails the glTF validator: {first['messages'][0]['message']}",
            hint="This is our fault, not the file's. Please report it.",
        )
    return reports


def _sweep(folder: Path) -> None:
    """Remove what builds left that were killed: their folders carry the number of their process."""
    for left in folder.glob(".build-*-*"):
        number = left.name.split("-")[1]
        if number.isdigit() and int(number) != os.getpid() and not _alive(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _publish(folder: Path, out: Path) -> None:
    """Put `folder` in the place of `out` so that no reader ever sees half of it."""
    aside = folder.parent / "replaced"
    if out.exists():
        os.replace(out, aside)
    try:
        os.replace(folder, out)
    except OSError:
        if aside.exists():
            os.replace(aside, out)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def problems_of(error: Refused) -> list[dict[str, str]]:
    """The problems of a refusal as plain values."""
    return [problem.to_json() for problem in error.problems]


__all__ = [
    "HERO",
    "MODELS",
    "QUICK",
    "RECIPES",
    "STANDARD",
    "Declared",
    "Problem",
    "Refused",
    "Report",
    "build",
    "problems_of",
]
