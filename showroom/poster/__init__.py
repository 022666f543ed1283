"""Posters: path-traced catalogue photographs of a scene.

    poster = render(scene, alloy="gold-750-rose", size=(1024, 1024), out=Path("rose"))

The tracer runs in a child process with a limit on memory and time; the same input gives the same
bytes. Scenes are in metres, Y up, front +Z, as the pipeline leaves them.
"""

from __future__ import annotations

from showroom.poster.session import Poster, PosterFailed, render, render_each

__all__ = ["Poster", "PosterFailed", "render", "render_each"]
