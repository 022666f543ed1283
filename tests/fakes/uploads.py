"""An UploadStore in memory."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from datetime import timedelta

from storefront_backend.commerce.errors import ChecksumMismatch, UploadIncomplete
from storefront_backend.commerce.uploads import OpenUpload, Part, PartAddress
from storefront_backend.storage.keys import SOURCE_TYPE
from tests.fakes.assets import MemoryAssets


class MemoryUploads:
    """Keeps parts in a dictionary; `receive` stands for the line."""

    def __init__(self, assets: MemoryAssets) -> None:
        self._assets = assets
        self._parts: dict[str, dict[int, bytes]] = {}

    def begin(self, upload_id: str, size: int) -> str:
        self._parts.setdefault(upload_id, {})
        return upload_id

    def address(self, upload: OpenUpload, part: Part, *, expires: timedelta) -> PartAddress:
        return PartAddress(part.number, f"memory:{upload.id}/{part.number}", {})

    def receive(self, address: PartAddress, content: bytes) -> int:
        """The status of the answer."""
        parts = self._parts.get(address.url.removeprefix("memory:").partition("/")[0])
        if parts is None:
            return 404
        parts[address.number] = content
        return 204

    def parts(self, upload: OpenUpload) -> Sequence[Part]:
        return [
            Part(number, len(content), hashlib.sha256(content).hexdigest())
            for number, content in sorted(self._parts.get(upload.id, {}).items())
        ]

    def complete(self, upload: OpenUpload, parts: Sequence[Part], *, sha256: str) -> str:
        missing = [str(part.number) for part in parts if part not in self.parts(upload)]
        if missing:
            raise UploadIncomplete(f"Parts are missing: {', '.join(missing)}")
        whole = b"".join(self._parts[upload.id][part.number] for part in parts)
        if hashlib.sha256(whole).hexdigest() != sha256:
            raise ChecksumMismatch("The file that arrived is not the one that was announced")
        return self._assets.put(io.BytesIO(whole), media_type=SOURCE_TYPE, public=False)

    def discard(self, upload_id: str) -> None:
        self._parts.pop(upload_id, None)

    def unfinished(self) -> Iterator[str]:
        yield from list(self._parts)
