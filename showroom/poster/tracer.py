"""The only module that knows Mitsuba; only ever loaded in the child process (see `child`).

The folder given holds `job.json` and `shapes.npz`; the pictures are written beside them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mitsuba
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import distance_transform_edt

mitsuba.set_variant("scalar_rgb")

from showroom.poster import developing, studio  # noqa: E402  (the variant comes first)
from showroom.poster.pose import Camera  # noqa: E402

_render: Any = mitsuba.render  # its stub asks for the array types of another variant
_PAPER_PATHS = 4  # at least, for each pixel of half the size
_RIM = 24  # pixels
Window = tuple[int, int, int, int]  # left, top, width, height in pixels


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """A loaded scene and what changes in it between passes."""

    scene: Any
    parameters: Any
    integrator: Any
    spreading: dict[str, tuple[float, float, float]]  # parameter: index for red, green, blue


def main(folder: Path) -> None:
    """Renders every view of a job; the first one sets the exposure of all."""
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    arrays = dict(np.load(folder / "shapes.npz"))
    meshes = {}
    for number, shape in enumerate(job["shapes"]):
        name = f"shape{number}"
        own = {key.removeprefix(f"{name}_"): arrays[key] for key in arrays if f"{name}_" in key}
        meshes[name] = _mesh(name, own, shape["surface"], shape["inside"])
    paper = 0.0
    for view in job["views"]:
        clean = developing.evened(_traced(_stage(job, meshes, view), view, job["samples"]))
        paper = paper or developing.metered(clean)
        np.save(folder / f"{view['name']}.npy", developing.toned(clean, paper, job["paper"]))


def _stage(job: dict[str, Any], meshes: dict[str, Any], view: dict[str, Any]) -> Stage:
    # The studio stands around the camera, so every view has its own lights and its own paper.
    forward = np.array(view["forward"])
    paper = studio.sweep(job["radius"], forward, job["floor"])
    own = {"positions": paper.positions, "faces": paper.faces, "normals": paper.normals}
    sweep = _mesh("sweep", own, job["sweep"])
    sweep.add_attribute("vertex_color", 3, paper.reflectance.ravel())
    light = {
        "type": "envmap",
        "bitmap": mitsuba.Bitmap(studio.environment(forward)),
    }
    scene = mitsuba.load_dict({"type": "scene", **meshes, "sweep": sweep, "light": light})
    spreading = {
        f"shape{number}.bsdf.eta": tuple(shape["indices"])
        for number, shape in enumerate(job["shapes"])
        if shape["indices"]
    }
    kind = {"type": "volpath", "rr_depth": 24} if job["cloudy"] else {"type": "path", "rr_depth": 5}
    # Left to itself the tracer cuts its work by the machine's cores, and its noise with it.
    steady = {"max_depth": job["depth"], "block_size": 16}
    integrator = mitsuba.load_dict({**kind, **steady})
    return Stage(scene, mitsuba.traverse(scene), integrator, spreading)


def _traced(stage: Stage, view: dict[str, Any], samples: int) -> NDArray[np.float32]:
    """Linear radiance of a view, without its noise.

    The paper is one soft gradient: it is traced at half the size, cleaned and enlarged. The windows
    that hold the piece get all paths. Stones bend each colour by its own index, so their windows
    are traced with the index for green and then again for red and for blue; the seed is the same,
    so what passes no stone comes out the same and shows no coloured noise.
    """
    _bend(stage, 1)
    paper = _paper(stage, view, max(_PAPER_PATHS, round(samples / 3)))
    if not view["metal"] and not view["stones"]:
        return paper
    picture = paper.copy()
    for number, window in enumerate(view["metal"], 1):
        _cut(picture, window)[:] = _shot(stage, view, window, samples, seed=2 * number)
    # Three passes over nearly everything are dear; stones glitter, and hide what is left out.
    many = max(2, samples - max(3, round(samples / 3)))
    covered = _area(view["stones"]) > _area(view["metal"])
    paths = max(3, round(many * 0.7)) if covered else many
    for channel in (0, 1, 2) if view["stones"] else ():
        _bend(stage, channel)
        for number, window in enumerate(view["stones"], 1):
            shot = _shot(stage, view, window, paths, seed=2 * number + 1)
            _cut(picture, window)[..., channel] = shot[..., channel]
    inside = _inside(view)
    box = _around(view)
    clean, piece, share = (_cut(whole, box) for whole in (paper, picture, inside))
    piece = developing.denoised(_grained(piece, clean, share))
    clean += share * (piece - clean)
    return paper


def _grained(
    picture: NDArray[np.float32], paper: NDArray[np.float32], inside: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The picture with noise outside the windows as well, as strong as it is along their edges.

    A denoiser that sees clean paper around takes what noise the windows have for a texture.
    """
    rim = (inside[..., 0] > 0) & (inside[..., 0] < 1)  # paper, whatever the piece
    if not rim.any():  # the windows are all there is
        return picture
    off = np.abs(picture[rim] / np.maximum(paper[rim], 1e-6) - 1)
    spread = float(np.median(off)) * 1.4826  # the deviation of a normal spread, by its median
    noise = np.random.default_rng(1).standard_normal((*picture.shape[:2], 1), np.float32)
    return np.where(inside > 0, picture, paper * np.maximum(1 + spread * noise, 0))


def _around(view: dict[str, Any]) -> Window:
    """The box around all windows, and some clean paper for the denoiser to see."""
    left, top, across, down = np.array([*view["metal"], *view["stones"]]).T
    low = np.maximum([left.min() - _RIM, top.min() - _RIM], 0)
    high = np.minimum([(left + across).max() + _RIM, (top + down).max() + _RIM], view["size"])
    return int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1])


def _paper(stage: Stage, view: dict[str, Any], samples: int) -> NDArray[np.float32]:
    """The whole picture at half the size without its noise, enlarged."""
    width, height = view["size"]
    half = {**view, "size": [-(-width // 2), -(-height // 2)]}
    small = developing.denoised(_shot(stage, half, (0, 0, *half["size"]), samples, seed=1))
    bands = [
        np.asarray(
            Image.fromarray(np.ascontiguousarray(small[..., band])).resize(
                (2 * half["size"][0], 2 * half["size"][1]), Image.Resampling.BILINEAR
            )
        )
        for band in range(3)
    ]
    return np.stack(bands, axis=-1)[:height, :width].copy()


def _inside(view: dict[str, Any]) -> NDArray[np.float32]:
    """1 in the windows, fading to 0 at their outer edge, (height, width, 1).

    Without it the denoiser takes the step from little noise to less for a line on the paper.
    """
    across, down = view["size"]
    windows = np.zeros((down, across), bool)
    for window in (*view["metal"], *view["stones"]):
        _cut(windows, window)[:] = True
    depth = distance_transform_edt(windows)[..., None] / view["edge"]
    inside: NDArray[np.float32] = np.minimum(depth, 1).astype(np.float32)
    return inside


def _bend(stage: Stage, channel: int) -> None:
    """Give every stone its index for red, green or blue."""
    for parameter, index in stage.spreading.items():
        stage.parameters[parameter] = index[channel]
    if stage.spreading:  # dear: the tracer prepares its whole scene again
        stage.parameters.update()


def _shot(
    stage: Stage, view: dict[str, Any], window: Window, samples: int, *, seed: int
) -> NDArray[np.float32]:
    sensor = _sensor(_camera(view), view["size"], window, samples)
    traced = _render(stage.scene, sensor=sensor, integrator=stage.integrator, seed=seed)
    return np.array(traced, dtype=np.float32)


def _area(windows: list[Window]) -> int:
    return sum(across * down for _, _, across, down in windows)


def _cut[Pixel: np.generic](picture: NDArray[Pixel], window: Window) -> NDArray[Pixel]:
    left, top, across, down = window
    return picture[top : top + down, left : left + across]


def _sensor(camera: Camera, size: tuple[int, int], window: Window, samples: int) -> Any:
    left, top, across, down = window
    look = mitsuba.ScalarTransform4f().look_at(
        origin=camera.position.tolist(), target=camera.target.tolist(), up=camera.up.tolist()
    )
    return mitsuba.load_dict(
        {
            "type": "perspective",
            "fov": camera.field_of_view,
            "fov_axis": "smaller",
            "to_world": look,
            "near_clip": 1e-4,
            "far_clip": 1e4,
            "film": {
                "type": "hdrfilm",
                "width": size[0],
                "height": size[1],
                "crop_offset_x": left,
                "crop_offset_y": top,
                "crop_width": across,
                "crop_height": down,
                "rfilter": {"type": "box"},
                "pixel_format": "rgb",
                "component_format": "float32",
            },
            "sampler": {"type": "multijitter", "sample_count": samples},
        }
    )


def _camera(view: dict[str, Any]) -> Camera:
    position, target, up = (np.array(view[key]) for key in ("position", "target", "up"))
    return Camera(position, target, up)


def _mesh(
    name: str,
    arrays: dict[str, NDArray[Any]],
    surface: dict[str, Any],
    inside: dict[str, Any] | None = None,
) -> Any:
    properties = mitsuba.Properties()
    properties["bsdf"] = mitsuba.load_dict(surface)
    if inside:
        properties["interior"] = mitsuba.load_dict(inside)
    mesh: Any = mitsuba.Mesh(
        name,
        len(arrays["positions"]),
        len(arrays["faces"]),
        has_vertex_normals="normals" in arrays,
        has_vertex_texcoords="coordinates" in arrays,
        props=properties,
    )
    parameters = mitsuba.traverse(mesh)
    for key, array, kind in (
        ("vertex_positions", "positions", np.float32),
        ("faces", "faces", np.uint32),
        ("vertex_normals", "normals", np.float32),
        ("vertex_texcoords", "coordinates", np.float32),
    ):
        if array in arrays:
            parameters[key] = np.ascontiguousarray(arrays[array], kind).ravel()
    parameters.update()
    if "patina" in arrays:
        mesh.add_attribute("vertex_patina", 1, arrays["patina"])
    return mesh
