"""A page with the viewer on it, served from this machine under the policy the shop has.

Every test that uses it also shows that no other origin was called, that the policy held
and that the console stayed silent.
"""

from __future__ import annotations

import fcntl
import io
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pytest
from PIL import Image

from tests.browsing import open_context
from tests.patience import milliseconds
from tests.showroom.viewer import pieces

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

VIEWER = Path(__file__).parents[3] / "showroom" / "viewer"
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self' blob:; worker-src 'self' blob:"
)


@pytest.fixture(scope="session")
def viewer_dist() -> Path:
    """The built viewer; built here if missing, or if its source is newer."""
    built = VIEWER / "dist" / "viewer.js"
    with (VIEWER / ".build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sources = [*(VIEWER / "src").iterdir(), VIEWER / "build.mjs", VIEWER / "package-lock.json"]
        newest = max(file.stat().st_mtime for file in sources)
        if not built.exists() or built.stat().st_mtime < newest:
            for command in (["npm", "ci"], ["npm", "run", "build"]):
                subprocess.run(command, cwd=VIEWER, check=True, capture_output=True)
    return built.parent


class _Handler(SimpleHTTPRequestHandler):
    extensions_map: ClassVar[dict[str, str]] = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".glb": "model/gltf-binary",
    }

    def __init__(self, *args: Any, site: Path, dist: Path, **kwargs: Any) -> None:
        self._site, self._dist = site, dist
        super().__init__(*args, **kwargs)

    def translate_path(self, path: str) -> str:
        path = path.split("?")[0].lstrip("/")
        if path.startswith("viewer/"):
            return str(self._dist / path.removeprefix("viewer/"))
        return str(self._site / path)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@dataclass
class Showcase:
    """A page with viewers, what its console said, and which addresses it requested."""

    page: Page
    folder: Path
    origin: str
    console: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)

    def hear(self, said: ConsoleMessage) -> None:
        """Keeps errors. A missing file is one to the browser but may be a test's own doing."""
        if said.type == "error" and not said.text.startswith("Failed to load resource"):
            self.console.append(said.text)

    def piece(self, name: str, piece: pieces.Piece) -> str:
        pieces.write_glb(piece, self.folder / f"{name}.glb")
        return f"/{name}.glb"

    def open(self, body: str, *, size: int = 320) -> None:
        """Opens a page with this body, each viewer a square of `size` pixels; waits for no one."""
        (self.folder / "page.css").write_text(
            "body { margin: 0; background: #f4f1ec; display: flex; flex-wrap: wrap }"
            f"pavilion-viewer {{ width: {size}px }}"
        )
        (self.folder / "page.html").write_text(
            "<!doctype html><html lang=en><meta charset=utf-8><title>Showcase</title>"
            "<link rel=icon href='data:,'><link rel=stylesheet href=/viewer/viewer.css>"
            "<link rel=stylesheet href=/page.css>"
            f"<script type=module src=/viewer/viewer.js></script><body>{body}"
        )
        self.page.goto(f"{self.origin}/page.html")

    def await_state(self, state: str, nth: int = 0) -> None:
        viewer = self.page.locator("pavilion-viewer").nth(nth)
        viewer.and_(self.page.locator(f"[data-state={state}]")).wait_for()

    def show(self, body: str, *, size: int = 320) -> None:
        self.open(body, size=size)
        for nth in range(self.page.locator("pavilion-viewer").count()):
            self.await_state("shown", nth)
        self.settle()

    def settle(self) -> None:
        """Lets the poster fade and the last frame reach the screen."""
        self.page.wait_for_timeout(milliseconds(0.9))

    def picture(self, nth: int = 0) -> np.ndarray:
        """The viewer's pixels, without its buttons and focus ring: (height, width, 3), 0 to 1."""
        shot = self.page.locator("pavilion-viewer").nth(nth).screenshot()
        pixels = np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"), dtype=float) / 255
        return pixels[6 : int(len(pixels) * 0.84), 6:-6]


@contextmanager
def watched(page: Page, folder: Path, dist: Path) -> Iterator[Showcase]:
    """A served page; afterwards nothing was requested elsewhere and the console stayed silent."""
    handler: Callable[..., _Handler] = partial(_Handler, site=folder, dist=dist)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    case = Showcase(page, folder, f"http://127.0.0.1:{server.server_port}")
    page.on("console", case.hear)
    page.on("pageerror", lambda error: case.console.append(str(error)))
    page.on("request", lambda request: case.requested.append(request.url))
    yield case
    server.shutdown()
    away = [url for url in case.requested if not url.startswith((case.origin, "data:", "blob:"))]
    assert away == [], "the viewer called another origin"
    assert case.console == [], "the console reports errors, or the policy was broken"


@pytest.fixture
def showcase(browser_page: Page, viewer_dist: Path, tmp_path: Path) -> Iterator[Showcase]:
    """A page of the test's own."""
    with watched(browser_page, tmp_path, viewer_dist) as case:
        yield case


@pytest.fixture
def phone(_chromium: Browser, viewer_dist: Path, tmp_path: Path) -> Iterator[Showcase]:
    """A page on a phone's screen, where `window.draws` counts what is drawn."""
    context = open_context(
        _chromium, viewport={"width": 390, "height": 700}, device_scale_factor=3, has_touch=True
    )
    page = context.new_page()
    page.add_init_script("""
        window.draws = 0;
        const draw = WebGL2RenderingContext.prototype.drawElements;
        WebGL2RenderingContext.prototype.drawElements = function (...given) {
            window.draws += 1;
            return draw.apply(this, given);
        };
    """)
    with watched(page, tmp_path, viewer_dist) as case:
        yield case
    context.close()


#: The pieces of the page, in order.
BAND, TRACED, PLAIN, RUBY = range(4)


@pytest.fixture(scope="module")
def shelf(
    _chromium: Browser, viewer_dist: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Showcase]:
    """Four viewers on one page, drawn once for the tests that only look."""
    context = open_context(_chromium, viewport={"width": 1280, "height": 800}, locale="en-GB")
    page = context.new_page()
    with watched(page, tmp_path_factory.mktemp("shelf"), viewer_dist) as case:
        band, diamond, ruby = (
            case.piece(name, piece)
            for name, piece in (
                ("band", pieces.band()),
                ("loose", pieces.loose()),
                ("ruby", pieces.loose(pieces.RUBY)),
            )
        )
        case.show(
            f"<pavilion-viewer src={band} alt='A gold band'></pavilion-viewer>"
            f"<pavilion-viewer src={diamond} alt=D orbit='0 60'></pavilion-viewer>"
            f"<pavilion-viewer src={diamond} alt=D orbit='0 60' gems=plain></pavilion-viewer>"
            f"<pavilion-viewer src={ruby} alt='A ruby' orbit='0 60'></pavilion-viewer>"
        )
        yield case
    context.close()
