"""Files in the asset store that no row points at any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.db.models import QuerySet

from storefront_backend.commerce.ports import AssetStore, StoredFile, UploadStore
from storefront_backend.models3d.models import Asset, Build, Model, Upload

log = structlog.get_logger(__name__)

KeyColumn = tuple[QuerySet[Any], str]

# Every column of this room that holds a key; other rooms' are arguments. A new one belongs here or
# in wiring.other_keys, or the sweep will delete its files.
_KEY_COLUMNS: tuple[KeyColumn, ...] = (
    (Asset.objects.all(), "key"),
    (Model.objects.all(), "source_key"),
    (Build.objects.all(), "source_key"),
    (Upload.objects.all(), "key"),
)


def unused_files(
    store: AssetStore, before: datetime, others: Sequence[KeyColumn]
) -> Iterator[StoredFile]:
    """Files without a row that were last put before then.

    A build puts its files before it writes their rows, so young files may only seem unused.
    """
    old = [file for file in store.stored() if file.put_at < before]
    used = {
        key
        for rows, column in (*_KEY_COLUMNS, *others)
        for key in rows.values_list(column, flat=True).iterator()
    }
    yield from (file for file in old if file.key not in used)


def delete_unused(
    store: AssetStore, files: Iterable[StoredFile], others: Sequence[KeyColumn]
) -> tuple[int, int]:
    """Delete those that still have no row when their turn comes: how many files and bytes."""
    count = size = 0
    for file in files:
        if any(
            rows.filter(**{column: file.key}).exists() for rows, column in (*_KEY_COLUMNS, *others)
        ):
            continue
        store.delete(file.key)
        count, size = count + 1, size + file.size
    log.info("unused files deleted", files=count, bytes=size)
    return count, size


def stray_uploads(store: UploadStore) -> list[str]:
    """Uploads that the store holds something of, though no row is open for them."""
    unfinished = set(store.unfinished())
    opened = Upload.objects.filter(state__in=Upload.OPEN).values_list("pk", flat=True)
    return sorted(unfinished - {str(pk) for pk in opened})
