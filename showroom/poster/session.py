"""Prepares a job, runs the tracer in a child, collects the pictures."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np

from infra import confinement
from infra.confinement.access import of_python
from showroom.confined import chosen
from showroom.errors import ShowroomError
from showroom.materials import Materials, load
from showroom.poster import developing, pose, shading, shapes
from showroom.poster.framing import Size, View, cloud, edge, lay, middle, views, windows
from showroom.scene import Scene

# Paths per pixel. With the denoiser, sixteen looked the same as twelve side by side at 512 pixels,
# and large pictures need fewer still: each of their pixels has more neighbours that show the same.
_SAMPLES, _SAMPLES_LARGE, _LARGE = 12, 9, 700 * 700
_SAMPLES_CLOUDY = 6
DEPTH = 14  # bounces; a brilliant needs twelve before its darkest facets stop brightening
DEPTH_CLOUDY = 64  # light in jade is scattered dozens of times before it comes out
MEMORY_LIMIT = 3 * 2**30  # bytes
TIME_LIMIT_S, TIME_LIMIT_EACH_S = 400, 90  # of a poster, and for each further view of a turntable
# The linear value that the empty sweep is exposed to: a warm white that is not blown out, darker
# for white metals, which would drown in it.
_PAPER, _PAPER_FOR_WHITE = 0.80, 0.73
# The limit is on data here, not on address space, so the tracer's libraries may have their threads.
_ENVIRONMENT = {
    name: value
    for name, value in confinement.ENVIRONMENT.items()
    if name in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PATH", "LANG")
}


class PosterFailed(ShowroomError):
    """The tracer could not finish; trying again may help where the machine was busy."""

    code = "poster_failed"
    permanent = False


@dataclass(frozen=True, slots=True)
class Poster:
    """A finished picture in two formats."""

    webp: Path
    png: Path
    width: int
    height: int
    alloy: str | None
    pose: pose.Pose


def render(
    scene: Scene,
    *,
    alloy: str | None = None,
    size: Size = (1024, 1024),
    samples: int | None = None,
    out: Path,
    kind: str = "",
) -> Poster:
    """Renders one poster to `out`.webp and `out`.png.

    `alloy` is a code of i18n.metals and replaces every metal; None keeps each part's own. `size` is
    (width, height) in pixels, `samples` paths per pixel (None: by the size), `kind` of
    i18n.passport.PIECE_KINDS where known. Raises PosterFailed, or UnknownMaterial for an alloy that
    is not in the library; then nothing is written.
    """
    return render_each(scene, {out: size}, alloy=alloy, samples=samples, kind=kind)[0]


def render_each(
    scene: Scene,
    sizes: Mapping[Path, Size],
    *,
    alloy: str | None = None,
    samples: int | None = None,
    kind: str = "",
) -> list[Poster]:
    """Renders a poster of each size, as few traced pictures as they can be cut from.

    The keys are where they go, without their suffix; all else is as in `render`.
    """
    library = load()
    if alloy is not None:
        library.alloy(alloy)
    laid, how = lay(scene, kind)
    shown, whose = views(cloud(laid), how, list(sizes.values()))
    traced = trace(laid, shown, library, alloy, samples)
    posters = []
    for (out, size), number in zip(sizes.items(), whose, strict=True):
        webp, png = write(middle(traced[number], size), out)
        posters.append(Poster(webp, png, *size, alloy=alloy, pose=how))
    return posters


def write(pixels: developing.Pixels, out: Path) -> tuple[Path, Path]:
    """Writes `out`.webp and `out`.png, each whole or not at all."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        made = developing.write(pixels, Path(folder) / "picture")
        webp, png = (out.with_name(out.name + path.suffix) for path in made)
        for path, target in zip(made, (webp, png), strict=True):
            shutil.move(path, target)
    return webp, png


def trace(
    scene: Scene,
    shown: Sequence[View],
    library: Materials,
    alloy: str | None,
    samples: int | None = None,
) -> list[developing.Pixels]:
    """The pictures of a laid scene, one for each view, in order."""
    parts = shapes.gather(scene, library, alloy)
    low, high = scene.bounds()
    spread = [shading.indices(shape, library) for shape in parts]
    insides = [shading.medium(shape, library) for shape in parts]
    cloudy = any(insides)
    clear = [index is not None for index in spread]
    job: dict[str, Any] = {
        "samples": samples or _enough(shown, cloudy=cloudy),
        "depth": DEPTH_CLOUDY if cloudy else DEPTH,
        "cloudy": cloudy,
        "radius": float(np.linalg.norm(high - low) / 2),
        "floor": float(low[1]) - 1e-5,
        "paper": _PAPER_FOR_WHITE if _is_white(parts, library) else _PAPER,
        "sweep": shading.SWEEP,
        "shapes": [
            {"surface": shading.surface(shape, library), "inside": inside, "indices": index}
            for shape, inside, index in zip(parts, insides, spread, strict=True)
        ],
        "views": [_view(view, parts, clear) for view in shown],
    }
    arrays: dict[str, Any] = {}
    for number, shape in enumerate(parts):
        arrays[f"shape{number}_positions"] = shape.positions
        arrays[f"shape{number}_faces"] = shape.faces
        for name in ("normals", "coordinates", "patina"):
            if (values := getattr(shape, name)) is not None:
                arrays[f"shape{number}_{name}"] = values
    with tempfile.TemporaryDirectory(prefix="poster-") as name:
        folder = Path(name)
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        np.savez(folder / "shapes.npz", **arrays)
        _run(folder, TIME_LIMIT_S + TIME_LIMIT_EACH_S * (len(shown) - 1))
        return [np.load(folder / f"{view.name}.npy") for view in shown]


def _enough(shown: Sequence[View], *, cloudy: bool) -> int:
    large = max(width * height for width, height in (view.size for view in shown)) > _LARGE
    if cloudy and large:  # each path is three times as dear, and what it shows is soft anyway
        return _SAMPLES_CLOUDY
    return _SAMPLES_LARGE if large else _SAMPLES


def _is_white(parts: Sequence[shapes.Shape], library: Materials) -> bool:
    metals = [library.alloys[s.material].base_color for s in parts if s.material in library.alloys]
    return bool(metals) and all(green / blue < 1.12 for _, green, blue in metals)


def _view(view: View, parts: Sequence[shapes.Shape], clear: Sequence[bool]) -> dict[str, Any]:
    triangles = [(part.positions, part.faces) for part in parts]
    metal, stones = windows(view, triangles, compress(triangles, clear))
    return {
        "name": view.name,
        "size": list(view.size),
        "position": view.camera.position.tolist(),
        "target": view.camera.target.tolist(),
        "up": view.camera.up.tolist(),
        "forward": view.camera.forward.tolist(),
        "metal": metal,
        "stones": stones,
        "edge": edge(view),
    }


def _run(folder: Path, seconds: int) -> None:
    offered = chosen()
    order = json.dumps({"folder": str(folder), "found": asdict(offered)})
    command = [sys.executable, "-P", "-s", "-m", "showroom.poster.child", order, str(MEMORY_LIMIT)]
    # HOME is where the tracer would store a cache.
    environment = _ENVIRONMENT | {"HOME": str(folder), "TMPDIR": str(folder)}
    try:
        subprocess.run(  # noqa: S603  (our own module, our own folder)
            confinement.wrapped(offered, command, of_python(writable=[folder])),
            check=True,
            capture_output=True,
            timeout=seconds,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        raise PosterFailed(
            f"The poster took longer than {seconds} s", hint="Ask for fewer samples"
        ) from None
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise PosterFailed(
            f"The path tracer stopped: {' '.join(last) or error.returncode}",
            hint="Try again when the machine has more free memory",
        ) from None
