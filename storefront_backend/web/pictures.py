"""The pictures of a piece's page: which of a build's files a shopper sees, in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storefront_backend.catalog.reading import (
    AssetFile,
    PagePhotograph,
    PhotographFile,
    ProductPage,
)

_FIRST = "image/webp"
_PHOTO_KINDS = ("image/avif", "image/webp", "image/jpeg")
_PLAIN = "image/jpeg"
_COLUMN = 960  # pixels of the column of pictures on a dense screen
_COIN = "eur"  # where no one has measured a coin of the market's currency


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture in the format that is small, and in one that every browser reads."""

    file: AssetFile
    fallback: AssetFile


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph on a page: a source for each format, and a JPEG for all browsers.

    `plain` is the JPEG that is at least as wide as a column, `alt` what is said of it or empty.
    """

    sources: tuple[tuple[str, tuple[PhotographFile, ...]], ...]
    plain: PhotographFile
    alt: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """What a page shows of a piece in one metal. `size` is beside a coin, `turn` moves."""

    square: Picture | None
    tall: Picture | None
    size: Picture | None
    hand: Picture | None
    turn: AssetFile | None
    photos: tuple[Photo, ...] = ()
    lead: Photo | None = None  # stands first and wide where nothing was rendered

    def __bool__(self) -> bool:
        return bool(self.lead or self.photos or self.tall or self.size or self.hand or self.turn)


def pictures(page: ProductPage, alloy: str, currency: str) -> Pictures:
    """The pictures in a metal, with the coin of a currency; the euro's where there is none."""
    posters, sizes = page.assets_of("poster", alloy), page.assets_of("size", alloy)
    first = next(iter(posters), None)
    photos = tuple(map(photo_of, page.photographs_of(alloy)))
    leads = bool(photos) and first is None
    return Pictures(
        square=_picture(posters, "square") or _picture(posters, first.variation if first else ""),
        tall=_picture(posters, "tall"),
        size=_picture(sizes, currency.lower()) or _picture(sizes, _COIN),
        hand=_picture(sizes, "hand"),
        turn=next(iter(page.assets_of("turntable", alloy)), None),
        photos=photos[1:] if leads else photos,
        lead=photos[0] if leads else None,
    )


def photo_of(photograph: PagePhotograph) -> Photo:
    """A photograph as a page shows it."""
    by_kind = {
        kind: tuple(file for file in photograph.files if file.media_type == kind)
        for kind in _PHOTO_KINDS
    }
    plain = by_kind.pop(_PLAIN)
    wide = next((file for file in plain if file.width >= _COLUMN), plain[-1])
    return Photo(tuple(by_kind.items()), wide, photograph.alt)


def _picture(files: Sequence[AssetFile], variation: str) -> Picture | None:
    like = [file for file in files if file.variation == variation]
    if not like:
        return None
    small = next((file for file in like if file.media_type == _FIRST), like[0])
    plain = next((file for file in like if file.media_type == "image/png"), small)
    return Picture(small, plain)
