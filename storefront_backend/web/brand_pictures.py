"""A brand's own pictures on its page: photographs of the house, of no piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from i18n.locales import text_in
from storefront_backend.catalog.reading import PagePhotograph, PhotographFile
from storefront_backend.photographs.models import Photograph
from storefront_backend.web.pictures import Photo, photo_of


@dataclass(frozen=True, slots=True)
class HousePictures:
    """`logo` is shown small beside the name, `shown` below the story."""

    logo: Photo | None
    shown: tuple[Photo, ...]


def house_pictures(slug: str, logo: str, ids: Sequence[str], language: str) -> HousePictures:
    """Those that are ready; what was deleted, or is being prepared, is left out."""
    wanted = [UUID(each) for each in {logo, *ids} if each]
    rows = Photograph.objects.filter(
        pk__in=wanted, brand__slug=slug, product=None, state=Photograph.State.READY
    ).prefetch_related("renditions")
    found = {str(row.pk): _photo(row, language) for row in rows}
    return HousePictures(found.get(logo), tuple(found[each] for each in ids if each in found))


def _photo(row: Photograph, language: str) -> Photo:
    files = tuple(
        PhotographFile(each.key, each.media_type, each.bytes, each.width, each.height)
        for each in row.renditions.all()
    )
    return photo_of(PagePhotograph("", text_in(row.alt, language), files))
