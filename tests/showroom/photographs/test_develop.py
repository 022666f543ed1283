"""What comes of a photograph: files for pages, upright, in sRGB, without metadata."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from showroom.errors import (
    DamagedFile,
    MovingPicture,
    NoColourProfile,
    PictureTooLarge,
    PictureTooSmall,
    TooMuchMemory,
    TooSlow,
    UnknownPicture,
    Unreadable,
)
from showroom.photographs.develop import LIMITS, Developed, develop
from tests.showroom.photographs.pictures import photograph, png_bomb, striped

KINDS = ["image/avif", "image/webp", "image/jpeg"]


def developed(source: Path) -> Developed:
    target = source.parent / "developed"
    target.mkdir(exist_ok=True)
    return develop(source, target)


def refused(source: Path) -> Unreadable:
    with pytest.raises(Unreadable) as refusal:
        developed(source)
    assert list((source.parent / "developed").iterdir()) == []
    return refusal.value


def far_apart(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def test_every_width_up_to_its_own_in_three_formats_and_never_larger(tmp_path: Path) -> None:
    found = developed(photograph(tmp_path / "ring.jpg", (1000, 800)))
    assert (found.width, found.height) == (1000, 800)
    sizes = [(320, 256), (640, 512), (960, 768), (1000, 800)]
    assert [(one.media_type, one.width, one.height) for one in found.renditions] == [
        (kind, *size) for size in sizes for kind in KINDS
    ]
    for one in found.renditions:
        with Image.open(one.path) as picture:
            assert picture.size == (one.width, one.height)


def test_a_large_one_ends_at_2400_pixels(tmp_path: Path) -> None:
    found = developed(photograph(tmp_path / "ring.png", (3000, 1500)))
    assert {one.width for one in found.renditions} == {320, 640, 960, 1280, 1920, 2400}


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "avif", "tif"])
def test_each_format_is_read_whatever_it_is_called(ending: str, tmp_path: Path) -> None:
    source = photograph(tmp_path / f"ring.{ending}", (500, 400))
    assert developed(source.rename(tmp_path / "ring.bin")).width == 500


def test_it_is_turned_upright_and_no_metadata_is_left(tmp_path: Path) -> None:
    notes = Image.Exif()
    notes[0x0112] = 6  # the camera was held upright
    notes[0x010E] = "made at 22.54 N 114.05 E"
    found = developed(photograph(tmp_path / "ring.jpg", (800, 600), exif=notes))
    assert (found.width, found.height) == (600, 800)
    for one in found.renditions:
        assert b"22.54" not in one.path.read_bytes()
        with Image.open(one.path) as picture:
            assert dict(picture.getexif()) == {}
            assert not {"exif", "xmp", "icc_profile"} & {k for k, v in picture.info.items() if v}


def test_colours_are_converted_from_the_embedded_profile(tmp_path: Path) -> None:
    picture = Image.new("RGB", (500, 500), (200, 30, 40))
    picture.save(tmp_path / "wide.png", icc_profile=_display_p3())
    first = developed(tmp_path / "wide.png").renditions[2]
    with Image.open(first.path) as shown:
        red, green, _ = shown.convert("RGB").getpixel((50, 50))  # type: ignore[misc]
    assert red > 210  # Display P3's red is beyond sRGB's
    assert green < 15


def _display_p3() -> bytes:
    """A matrix profile with P3's primaries and a gamma of 2.2, from its tags."""
    import struct

    def s15(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(map(s15, values))

    tags = {
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(0.51512, 0.2412, -0.00105),
        b"gXYZ": xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": xyz(0.1571, 0.06657, 0.78407),
        b"rTRC": b"curv\0\0\0\0" + struct.pack(">IH", 1, 563) + b"\0\0",
        b"gTRC": b"curv\0\0\0\0" + struct.pack(">IH", 1, 563) + b"\0\0",
        b"bTRC": b"curv\0\0\0\0" + struct.pack(">IH", 1, 563) + b"\0\0",
    }
    table, body, start = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, tag in tags.items():
        table += name + struct.pack(">II", start + len(body), len(tag))
        body += tag
    size = start + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + s15(0.9642) + s15(1.0) + s15(0.8249)
    return head.ljust(128, b"\0") + table + body


def test_transparency_becomes_white_paper(tmp_path: Path) -> None:
    Image.new("RGBA", (500, 500), (0, 0, 0, 0)).save(tmp_path / "ring.png")
    jpeg = developed(tmp_path / "ring.png").renditions[2]
    with Image.open(jpeg.path) as shown:
        assert shown.getpixel((10, 10)) == (255, 255, 255)


def test_sixteen_bits_keep_their_brightness(tmp_path: Path) -> None:
    Image.new("I;16", (500, 500), 128 << 8).save(tmp_path / "ring.png")
    jpeg = developed(tmp_path / "ring.png").renditions[2]
    with Image.open(jpeg.path) as shown:
        assert shown.convert("L").getpixel((10, 10)) == 128


def test_a_copy_in_another_size_and_format_has_nearly_the_same_look(tmp_path: Path) -> None:
    first = developed(photograph(tmp_path / "a.png", (1200, 900)))
    striped(1200, 900).resize((640, 480)).save(tmp_path / "b.jpg", quality=60)
    assert far_apart(first.look, developed(tmp_path / "b.jpg").look) <= 3
    other = striped(1200, 900).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    other.save(tmp_path / "c.png")
    assert far_apart(first.look, developed(tmp_path / "c.png").look) > 10


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    assert isinstance(refused(png_bomb(tmp_path / "bomb.png", 60_000)), PictureTooLarge)


def test_one_over_its_memory_or_time_costs_its_child_alone(tmp_path: Path) -> None:
    source = photograph(tmp_path / "ring.png", (3000, 3000))
    for tight in (replace(LIMITS, memory_bytes=300 << 20), replace(LIMITS, wall_seconds=0.001)):
        with pytest.raises((TooMuchMemory, TooSlow)) as refusal:
            develop(source, tmp_path, tight)
        assert refusal.value.hint == "Export it smaller; 4000 pixels on the long side are plenty."


@pytest.mark.parametrize("ending", ["png", "webp", "avif", "tif"])
def test_what_moves_or_has_pages_is_refused(ending: str, tmp_path: Path) -> None:
    frames = [striped(500, 400, shift) for shift in (0, 30, 60)]
    frames[0].save(tmp_path / f"a.{ending}", save_all=True, append_images=frames[1:])
    assert isinstance(refused(tmp_path / f"a.{ending}"), MovingPicture)


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 500 500\n",
        b"GIF89a" + bytes(40),
        b"%PDF-1.7\n",
        b"",
    ],
)
def test_what_is_no_photograph_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "ring.jpg").write_bytes(content)
    assert isinstance(refused(tmp_path / "ring.jpg"), UnknownPicture)


def test_cmyk_without_a_profile_has_no_colours(tmp_path: Path) -> None:
    Image.new("CMYK", (500, 500), (0, 90, 80, 10)).save(tmp_path / "ring.jpg")
    assert isinstance(refused(tmp_path / "ring.jpg"), NoColourProfile)


def test_a_thumbnail_and_a_banner_are_refused(tmp_path: Path) -> None:
    assert isinstance(refused(photograph(tmp_path / "a.jpg", (300, 300))), PictureTooSmall)
    assert isinstance(refused(photograph(tmp_path / "b.jpg", (4000, 400))), PictureTooLarge)


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    whole = photograph(tmp_path / "ring.jpg", (1000, 800)).read_bytes()
    (tmp_path / "ring.jpg").write_bytes(whole[: len(whole) // 2])
    assert isinstance(refused(tmp_path / "ring.jpg"), DamagedFile)
