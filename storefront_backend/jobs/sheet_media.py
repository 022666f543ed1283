"""The files that come with a sheet, for its job and for the operator's command."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from catalog_import.media import Kind
from showroom import sandbox
from showroom.photographs.develop import LIMITS
from storefront_backend import wiring
from storefront_backend.catalog.models import Brand
from storefront_backend.jobs.builds import build_desk
from storefront_backend.jobs.photographs import photograph_desk
from storefront_backend.pricing.import_media import ImportMedia

SHOWN = 500  # files that a report lists


def import_media(brand: Brand, sheet: Path, run: UUID | None, by: Any = None) -> ImportMedia:
    """What takes in the files of a brand's sheet, `by` a person."""
    desk = photograph_desk()
    return ImportMedia(
        brand=brand,
        sheet=sheet,
        store=wiring.assets(),
        take=lambda product, name, file: desk.take(product, name, file, by=by),
        take_address=lambda product, url: desk.take_address(product, url, by=by),
        settle=lambda path: sandbox.settle(path, path.with_name("settled.zip")),
        build=build_desk().request,
        most={Kind.MESH: settings.UPLOAD_MAX_BYTES, Kind.PICTURE: LIMITS.file_bytes},
        run=run,
    )
