"""An AssetStore in memory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from storefront_backend.commerce.errors import NotFound
from storefront_backend.commerce.ports import StoredFile
from storefront_backend.storage.keys import checked, is_public, key_of


class MemoryAssets:
    """Keeps bytes in a dictionary; its addresses lead nowhere."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}
        self._put_at: dict[str, datetime] = {}

    def put(self, source: BinaryIO, *, media_type: str, public: bool) -> str:
        key = key_of(source, media_type, public=public)
        self._files[key] = source.read()
        self._put_at[key] = datetime.now(UTC)
        return key

    def open(self, key: str) -> BinaryIO:
        try:
            return io.BytesIO(self._files[checked(key)])
        except KeyError:
            raise NotFound(f"There is no asset {key}", field="key") from None

    def url(self, key: str, *, expires: timedelta | None = None) -> str:
        return f"memory:{checked(key)}" + ("" if is_public(key) else f"?expires={expires}")

    def delete(self, key: str) -> None:
        self._files.pop(checked(key), None)

    def stored(self) -> Iterator[StoredFile]:
        for key, content in list(self._files.items()):
            yield StoredFile(key, len(content), self._put_at[key])
