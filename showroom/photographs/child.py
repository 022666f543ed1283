"""The confined child's part: decodes one picture and writes it in the sizes and formats of pages.

Everything here runs behind the limits of `infra.confinement.child`. Pixels are counted before any
is decoded. Colours are converted from the embedded profile, as a browser would show them; a file
without one is sRGB by convention, but CMYK without one has no colours at all and is refused.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

from PIL import (
    AvifImagePlugin,  # noqa: F401  loaded here: later the audit hook may stand before it
    Image,
    ImageCms,
    ImageOps,
    JpegImagePlugin,  # noqa: F401
    MpoImagePlugin,  # noqa: F401
    PngImagePlugin,  # noqa: F401
    TiffImagePlugin,  # noqa: F401
    UnidentifiedImageError,
    WebPImagePlugin,  # noqa: F401
)

from showroom.errors import (
    DamagedFile,
    MovingPicture,
    NoColourProfile,
    PictureTooLarge,
    PictureTooSmall,
    TooMuchMemory,
    UnknownPicture,
)
from showroom.photographs.kinds import READ

MOST_PIXELS = 100_000_000
LEAST_SIDE = 400
WIDTHS = (320, 640, 960, 1280, 1920, 2400)
_TALLEST = 4  # times its width, or the other way round: a banner is no photograph of a piece
_PAPER = (255, 255, 255)
_SRGB = ImageCms.createProfile("sRGB")
# Quality where a jewel's edges stay clean; measured on the demo's pictures at 1280 px:
# AVIF 62 weighs 60 % of WebP 82.
_OPTIONS: dict[str, dict[str, Any]] = {
    "avif": {"format": "AVIF", "quality": 62, "speed": 8, "max_threads": 1},
    "webp": {"format": "WEBP", "quality": 82, "method": 4},
    "jpg": {"format": "JPEG", "quality": 84, "optimize": True, "progressive": True},
}


def develop(source: Path, folder: Path) -> dict[str, Any]:
    """Write `WIDTH.avif`, `.webp` and `.jpg` into `folder`; the letter says which there are.

    Raises an Unreadable.
    """
    picture = _opened(source)
    upright = _upright(picture)
    plain = _in_srgb(upright)
    renditions = [one for width in _widths(plain.width) for one in _written(plain, width, folder)]
    return {
        "width": plain.width,
        "height": plain.height,
        "look": look_of(plain),
        "renditions": renditions,
    }


def look_of(picture: Image.Image) -> str:
    """16 hex digits that pictures that look alike share nearly all bits of (difference hash).

    Each bit says whether a field of a 9 × 8 grid is brighter than its right neighbour.
    """
    small = picture.convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            here = row * 9 + column
            bits = bits << 1 | (small[here] > small[here + 1])
    return f"{bits:016x}"


def _opened(source: Path) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = None  # counted below, with a message of our own
    warnings.simplefilter("ignore")
    try:
        picture = Image.open(source, formats=READ)
    except UnidentifiedImageError:
        raise UnknownPicture(
            "This is not a photograph that we can read.",
            hint="Save it as JPEG, PNG, WebP, AVIF or TIFF.",
        ) from None
    except (OSError, ValueError, SyntaxError) as error:
        raise _damaged() from error
    _check_size(picture.size)
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
        raise MovingPicture(
            "This is an animation, or a file of several pages.",
            hint="Save the one picture that you mean as JPEG or PNG.",
        )
    return picture


def _check_size(size: tuple[int, int]) -> None:
    width, height = size
    if width * height > MOST_PIXELS:
        raise PictureTooLarge(
            f"The picture has {width} × {height} pixels; at most "
            f"{MOST_PIXELS // 1_000_000} million are read.",
            hint="Export it smaller; 4000 pixels on the long side are plenty.",
        )
    if min(size) < LEAST_SIDE:
        raise PictureTooSmall(
            f"The picture has {width} × {height} pixels.",
            hint=f"Each side needs at least {LEAST_SIDE}; send the original, not a thumbnail.",
        )
    if max(size) > _TALLEST * min(size):
        raise PictureTooLarge(
            f"The picture has {width} × {height} pixels, which fits no page.",
            hint=f"Crop it: one side may be {_TALLEST} times the other.",
        )


def _upright(picture: Image.Image) -> Image.Image:
    try:
        picture.load()
        return ImageOps.exif_transpose(picture)
    except MemoryError:
        raise
    except Exception as error:  # pillow's decoders raise whatever a damaged file leads them to
        raise _damaged() from error


def _in_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    picture = _eight_bits(picture)
    alpha = _alpha(picture)
    picture = picture.convert("RGB") if picture.mode in ("P", "PA", "LA", "RGBA", "La") else picture
    if profile:
        picture = _converted(picture, profile)
    elif picture.mode == "CMYK":
        raise NoColourProfile(
            "The picture is CMYK without a colour profile, so its colours are not defined.",
            hint="Save it as RGB (sRGB), or embed its profile.",
        )
    picture = picture.convert("RGB")
    if alpha is not None:
        paper = Image.new("RGB", picture.size, _PAPER)
        paper.paste(picture, mask=alpha)
        picture = paper
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)  # a new picture has no metadata to take along
    return clean


def _eight_bits(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I;16"):
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode in ("I", "F"):
        raise UnknownPicture(
            "The picture has more than 16 bits a colour.", hint="Save it with 8 bits a colour."
        )
    return picture


def _alpha(picture: Image.Image) -> Image.Image | None:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        return picture.convert("RGBA").getchannel("A")
    return None


def _converted(picture: Image.Image, profile: bytes) -> Image.Image:
    """From the embedded profile. One that is damaged or of other channels is left out, as browsers
    do; for CMYK it is all that says the colours."""
    try:
        embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        found = ImageCms.profileToProfile(picture, embedded, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        if picture.mode == "CMYK":
            raise NoColourProfile(
                "The colour profile of this CMYK picture is damaged.",
                hint="Save it as RGB (sRGB).",
            ) from None
        return picture
    return picture if found is None else found


def _widths(own: int) -> list[int]:
    """The widths of pages up to its own; the picture is never enlarged."""
    widest = min(own, WIDTHS[-1])
    return [*(width for width in WIDTHS if width < widest), widest]


def _written(picture: Image.Image, width: int, folder: Path) -> list[dict[str, Any]]:
    height = max(1, round(picture.height * width / picture.width))
    sized = (
        picture
        if width == picture.width
        else picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    )
    made = []
    for ending, options in _OPTIONS.items():
        name = f"{width}.{ending}"
        try:
            sized.save(folder / name, **options)
        except (OSError, RuntimeError) as error:
            # Pixels are sound by now: what an encoder then lacks is memory, or room to write.
            raise TooMuchMemory("Writing the picture takes too much memory.") from error
        made.append({"file": name, "width": sized.width, "height": sized.height})
    return made


def _damaged() -> DamagedFile:
    return DamagedFile(
        "The picture is damaged: decoding it failed.", hint="Export it again and send the new file."
    )
