"""Builds generated gem-set pieces and the meshes of a folder, and opens all that came of them.

    .venv/bin/python -m tests.live.meshes [--folder DIR] [--out DIR] [--recipe quick]

One line a file: bytes of the web model, validator errors as written and decoded, problems, and the
readers that opened it: three, model-viewer, usd-core. Writes DIR/sheet.png, where poster, size
picture, three and model-viewer stand side by side. Exits with 1 unless every file was built, every
GLB opened in both, every USDZ opened and kept Quick Look's rules, and no other host was called.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

from showroom.atelier import FORMATS, piece, write
from tests.conftest import QUIET_BROWSER, ROOT, _browser_path
from tests.showroom.opened import NAMES, Reader, readers, usd_triangles

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A diamond halo in every format, and one piece of each further kind and stone in what brands send.
GENERATED = [
    *(("LY-102", form) for form in FORMATS),
    ("SM-102", "step"), ("SM-201", "3dm"), ("CY-102", "3dm"), ("CY-201", "3mf"), ("LY-401", "glb"),
    ("SM-301", "3mf"), ("HE-201", "3mf"), ("CY-301", "3dm"), ("SM-202", "3dm"),
]  # fmt: skip
_SIDE = 300


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--folder", type=Path, help="of meshes to build, too")
    parser.add_argument("--out", type=Path, default=ROOT / ".pavilion" / "meshes")
    parser.add_argument("--recipe", default="quick")
    parser.add_argument("--only", default="", help="names that hold this word")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    failed = 0
    rows: list[list[Image.Image]] = []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_browser_path(), args=QUIET_BROWSER, headless=True
        )
        for source, declared in _sources(given.folder, Path(name)):
            if given.only not in source.name:
                continue
            out = given.out / source.name
            line, pictures = _one(source, declared, out, given.recipe, browser)
            failed += line.startswith("FAIL")
            print(line, flush=True)
            rows.append(pictures)
        browser.close()
    _sheet(rows).save(given.out / "sheet.png")
    print(f"{len(rows)} files, {failed} failed; {given.out / 'sheet.png'}")
    return 1 if failed else 0


def _sources(folder: Path | None, workshop: Path) -> Iterator[tuple[Path, list[str]]]:
    """Files, and what a brand would say of them on the command line."""
    if folder is not None:
        yield from ((path, []) for path in sorted(folder.glob("*.*")) if path.suffix != ".md")
    for code, form in GENERATED:
        made = piece(code)
        path = write(made, workshop / form, form)
        if form == "obj":
            packed = path.with_suffix(".obj.zip")
            with zipfile.ZipFile(packed, "w") as archive:
                for file in (path, path.with_suffix(".mtl")):
                    archive.write(file, file.name)
            path = packed
        yield path, ["--kind", made.kind]


def _one(
    source: Path, declared: list[str], out: Path, recipe: str, browser: Browser
) -> tuple[str, list[Image.Image]]:
    command = [sys.executable, "-m", "showroom", "build", str(source), "--out", str(out),
               "--recipe", recipe, "--json", *declared]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        return f"FAIL {source.name}: {done.stdout[-300:]}{done.stderr[-300:]}", []
    report = json.loads(done.stdout)
    try:
        opened, pictures = _opened(out, report, browser)
    except Exception as error:  # noqa: BLE001  the next file is tried whatever happened to this one
        return f"FAIL {source.name}: {error}", []
    errors = {
        kind: sum(one["errors"] for one in report["validator"] if one["as"] == kind)
        for kind in ("written", "decoded")
    }
    web = next(one for one in report["outputs"] if one["kind"] == "web-glb")
    problems = ",".join(problem["code"] for problem in report["problems"]) or "none"
    word = "FAIL" if any(errors.values()) else "ok  "
    line = (
        f"{word} {source.name:<24} {web['bytes']:>9,} bytes {web['triangles']:>8,} triangles  "
        f"validator {errors['written']}+{errors['decoded']} errors  problems: {problems}  "
        f"opened: {opened}"
    )
    return line, [*_printed(out, report), *pictures]


def _opened(
    out: Path, report: Mapping[str, Any], browser: Browser
) -> tuple[str, list[Image.Image]]:
    """Where everything opened, and what the readers showed of the web model."""
    found: dict[str, int] = {}
    pictures = []
    with readers(browser, out) as pages:
        for name in NAMES:
            for output in report["outputs"]:
                if output["path"].endswith(".glb"):
                    shown = _checked(pages[name], out, output)
                    found[name] = found.get(name, 0) + 1
                    if output["kind"] == "web-glb":
                        pictures.append(shown)
    for output in report["outputs"]:
        if output["kind"] == "usdz":
            triangles = usd_triangles(out / output["path"])
            assert triangles == output["triangles"], f"{triangles} triangles in {output['path']}"
            found["usd-core"] = found.get("usd-core", 0) + 1
    return " ".join(f"{name} {count}" for name, count in found.items()), pictures


def _checked(reader: Reader, out: Path, output: Mapping[str, Any]) -> Image.Image:
    opened = reader.open(out / output["path"])
    assert opened.triangles in (None, output["triangles"]), f"{opened.triangles} triangles"
    assert opened.drawn > 0.005, f"{reader.name} drew nothing of {output['path']}"
    return opened.picture


def _printed(out: Path, report: Mapping[str, Any]) -> list[Image.Image]:
    """The first poster and the hand, where the recipe makes them."""
    wanted = (("poster", ""), ("size", "hand"))
    found = []
    for kind, variation in wanted:
        for output in report["outputs"]:
            same = output["kind"] == kind and output.get("variation", "") == variation
            if same and output["path"].endswith(".png"):
                found.append(Image.open(out / output["path"]).convert("RGB"))
                break
    return found


def _sheet(rows: list[list[Image.Image]]) -> Image.Image:
    wide = max((len(row) for row in rows), default=1)
    columns = 2 if len(rows) > 8 else 1
    deep = -(-len(rows) // columns)
    sheet = Image.new("RGB", (columns * wide * _SIDE, max(1, deep) * _SIDE), "white")
    for number, row in enumerate(rows):
        x0, y = number // deep * wide * _SIDE, number % deep * _SIDE
        for column, picture in enumerate(row):
            small = picture.copy()
            small.thumbnail((_SIDE, _SIDE))
            sheet.paste(small, (x0 + column * _SIDE + (_SIDE - small.width) // 2, y))
        ImageDraw.Draw(sheet).line([(x0, y), (x0 + wide * _SIDE, y)], fill=(220, 214, 205))
    return sheet


if __name__ == "__main__":
    sys.exit(main())
