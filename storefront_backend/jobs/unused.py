"""Files in the asset store that no row points at any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db.models import QuerySet

from storefront_backend import wiring
from storefront_backend.catalog.models import ImportRun
from storefront_backend.commerce.ports import StoredFile
from storefront_backend.models3d.models import Asset, Build, Model, Upload

log = structlog.get_logger(__name__)

# Every column that holds a key. A new one belongs here, or its files will be swept away.
_KEY_COLUMNS: tuple[tuple[QuerySet[Any], str], ...] = (
    (Asset.objects.all(), "key"),
    (Model.objects.all(), "source_key"),
    (Build.objects.all(), "source_key"),
    (Upload.objects.all(), "key"),
    (ImportRun.objects.all(), "source_key"),
)


def unused_files(older_than: timedelta) -> Iterator[StoredFile]:
    """Files without a row that were last put longer ago than that.

    A build puts its files before it writes their rows, so young files may only seem unused.
    """
    before = wiring.now() - older_than
    old = [file for file in wiring.assets().stored() if file.put_at < before]
    used = {
        key
        for rows, column in _KEY_COLUMNS
        for key in rows.values_list(column, flat=True).iterator()
    }
    yield from (file for file in old if file.key not in used)


def delete_unused(files: Iterator[StoredFile]) -> tuple[int, int]:
    """Delete those that still have no row when their turn comes: how many files and bytes."""
    count = size = 0
    store = wiring.assets()
    for file in files:
        if any(rows.filter(**{column: file.key}).exists() for rows, column in _KEY_COLUMNS):
            continue
        store.delete(file.key)
        count, size = count + 1, size + file.size
    log.info("unused files deleted", files=count, bytes=size)
    return count, size


def stray_uploads() -> list[str]:
    """Uploads that the store holds something of, though no row is open for them."""
    lying = set(wiring.uploads().lying())
    opened = Upload.objects.filter(state__in=Upload.OPEN).values_list("pk", flat=True)
    return sorted(lying - {str(pk) for pk in opened})


def clear_halves(older_than: timedelta) -> int:
    """Remove what killed processes were writing into the local folder; how many files.

    An S3 store shows no half files, and its open multipart uploads are `stray_uploads`.
    """
    if settings.ASSET_STORE != "local":
        return 0
    return wiring.local_assets().clear_halves(wiring.now() - older_than)
