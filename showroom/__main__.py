"""The `showroom` command: a mesh file in, web and AR models out."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path

from i18n.errors import I18nError
from i18n.metals import ALLOYS
from i18n.passport import PIECE_KINDS, STONE_KINDS
from infra import confinement
from showroom import files, sandbox
from showroom.declared import Declared, DeclaredStone
from showroom.errors import Problem, Refused, ShowroomError
from showroom.kinds import MILLIMETRES
from showroom.limits import DEFAULTS
from showroom.pipeline import RECIPES, build
from showroom.report import Report, refusal

BUILT, USAGE, REFUSED = 0, 2, 3


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit status is 0 done, 2 wrong usage, 3 refused."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.command == "sandbox":
        return _check_sandbox()
    if not given.file.exists():
        parser.error(f"there is no file {given.file}")
    try:
        declared = _declared(given) if given.command == "build" else Declared()
    except (InvalidOperation, ValueError, I18nError) as error:
        parser.error(str(error))
    try:
        with _settled(given.file) as source:
            return (
                _inspect(source, given)
                if given.command == "inspect"
                else (_build(source, given, declared))
            )
    except ShowroomError as error:
        return _refused(given, (error.problem,))


@contextmanager
def _settled(source: Path) -> Iterator[Path]:
    """A file as it is; the files of a folder or a ZIP as the one ZIP that they have."""
    with tempfile.TemporaryDirectory(prefix="showroom-") as name:
        target = Path(name) / f"{source.stem or 'piece'}.zip"
        if source.is_file():
            yield sandbox.settle(source, target)
        else:
            yield files.settle_folder(source, target, DEFAULTS)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="showroom",
        description="Turns a jeweller's CAD file into web and AR models with a report.",
        epilog="Exit status: 0 done, 2 wrong usage, 3 refused (nothing is left behind).",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    make = commands.add_parser("build", help="build every output of a file into a folder")
    make.add_argument(
        "file", type=Path,
        help="STL, OBJ, PLY, GLB, glTF, 3MF, STEP or 3DM; or a folder or ZIP of one piece's files",
    )  # fmt: skip
    make.add_argument("--out", type=Path, required=True, help="folder that the build becomes")
    make.add_argument("--kind", choices=PIECE_KINDS, help="what the piece is")
    make.add_argument("--unit", choices=tuple(MILLIMETRES), help="the unit of the file's numbers")
    make.add_argument(
        "--alloy", action="append", default=[], choices=tuple(ALLOYS), metavar="CODE",
        help="a metal it is sold in, for example gold-750-yellow; repeat for more",
    )  # fmt: skip
    make.add_argument("--inner-diameter", metavar="MM", help="declared inner diameter of a ring")
    make.add_argument(
        "--grams", action="append", default=[], metavar="CODE=G", type=_pair,
        help="what it weighs in a metal, to hold the volume against",
    )  # fmt: skip
    make.add_argument(
        "--stones", action="append", default=[], metavar="KIND:COUNT:CARAT", type=_stones,
        help="stones of one kind: how many, and carats together",
    )  # fmt: skip
    make.add_argument(
        "--side", action="append", default=[], metavar="NAME=MM", type=_pair,
        help="a declared width, height, depth or length",
    )  # fmt: skip
    make.add_argument(
        "--recipe", choices=tuple(RECIPES), default="standard",
        help="standard: models, square and tall posters in every metal, size pictures; quick: one "
        "small poster a metal; models: no picture; hero: standard and a turntable (minutes)",
    )  # fmt: skip
    make.add_argument("--json", action="store_true", help="print the report as JSON")
    look = commands.add_parser("inspect", help="say what is in a file, build nothing")
    look.add_argument("file", type=Path, help="a file, or a folder or ZIP of one piece's files")
    look.add_argument("--json", action="store_true", help="print it as JSON")
    check = commands.add_parser("sandbox", help="say how readers are confined on this machine")
    check.add_argument(
        "--check", action="store_true", required=True, help="try it; 0 confined, 3 not"
    )
    return parser


def _check_sandbox() -> int:
    found = confinement.found()
    print(found.sentence)
    return BUILT if found.kind is not confinement.Kind.NONE else REFUSED


def _declared(given: argparse.Namespace) -> Declared:
    diameter = None if given.inner_diameter is None else Decimal(given.inner_diameter)
    return Declared(
        kind=given.kind or "",
        unit=given.unit or "",
        alloys=tuple(dict.fromkeys(given.alloy)),
        inner_diameter_mm=diameter,
        grams=dict(given.grams),
        dimensions_mm=dict(given.side),
        stones=tuple(given.stones),
    )


def _pair(said: str) -> tuple[str, Decimal]:
    name, _, number = said.partition("=")
    return name, _positive(number)


def _stones(said: str) -> DeclaredStone:
    kind, _, rest = said.partition(":")
    count, _, carat = rest.partition(":")
    if kind not in STONE_KINDS:
        raise argparse.ArgumentTypeError(f"there is no stone {kind!r}")
    return DeclaredStone(kind, int(_positive(count)), _positive(carat))


def _positive(said: str) -> Decimal:
    try:
        number = Decimal(said)
    except InvalidOperation:
        number = Decimal(0)
    if not number.is_finite() or number <= 0:
        raise argparse.ArgumentTypeError(f"{said!r} is no number above 0")
    return number


def _build(source: Path, given: argparse.Namespace, declared: Declared) -> int:
    def progress(step: str, share: float) -> None:
        if sys.stderr.isatty():
            print(f"\r{share:4.0%} {step:<12}", end="", file=sys.stderr, flush=True)

    try:
        report = build(
            source,
            given.out,
            recipe=RECIPES[given.recipe],
            declared=declared,
            progress=progress,
        )
    except Refused as refusal:
        return _refused(given, refusal.problems)
    finally:
        if sys.stderr.isatty():
            print("\r" + " " * 20 + "\r", end="", file=sys.stderr)
    print(report.text() if given.json else _summary(report), end="")
    return BUILT


def _refused(given: argparse.Namespace, problems: Sequence[Problem]) -> int:
    if given.json:
        # The report's own shape, so that one parser reads both.
        print(refusal(given.file.name, problems).text(), end="")
    else:
        for problem in problems:
            print(f"{problem.code}: {problem.message}\n  {problem.hint}", file=sys.stderr)
    return REFUSED


def _summary(report: Report) -> str:
    sides = " × ".join(f"{side:.1f}" for side in report.measure.get("size_mm", ()))
    lines = [f"{report.input['name']}: {report.kind or 'piece'}, {sides} mm"]
    lines += [
        f"  {part['name']}: {part['role']} {part['material']} × {part['count']}"
        for part in report.parts[:20]
    ]
    lines += [
        f"  {output.kind:<10}{len(output.data):>12,} bytes {output.triangles:>9,} triangles  "
        f"{output.path}"
        for output in report.outputs
    ]
    lines += [
        f"  {verdict.outcome.value}: {verdict.name} {verdict.found}"
        + (f", expected {verdict.expected}" if verdict.expected else "")
        + (f" ({verdict.tolerance})" if verdict.tolerance else "")
        for verdict in report.verdicts
    ]
    lines += [f"  {problem.code}: {problem.message}" for problem in report.problems]
    return "\n".join(lines) + "\n"


def _inspect(source: Path, given: argparse.Namespace) -> int:
    form, scene = sandbox.load(source)
    found = {
        "format": form,
        "unit": scene.unit,
        "up": scene.up,
        "extents": [round(float(side), 6) for side in scene.extents()],
        "triangles": scene.triangles,
        "parts": [
            {
                "name": part.name,
                "labels": list(part.labels),
                "count": part.count,
                "triangles": len(scene.mesh(part)),
            }
            for part in scene.parts
        ],
        "notes": list(scene.notes),
    }
    print(json.dumps(found, indent=None if given.json else 1, ensure_ascii=False))
    return BUILT


if __name__ == "__main__":
    sys.exit(main())
