"""Uploads into a local folder: our own signed addresses, parts on disk.

`incoming/<upload id>/00001.<sha256>` is a part that arrived whole. It is written under another name
first, so a killed process leaves nothing that could be taken for a part.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlencode

from storefront_backend.commerce.errors import (
    ChecksumMismatch,
    InvalidRequest,
    NotFound,
    ProviderUnavailable,
    UploadIncomplete,
)
from storefront_backend.commerce.uploads import OpenUpload, Part, PartAddress
from storefront_backend.storage.keys import SOURCE_TYPE, key_named
from storefront_backend.storage.local import HALF, LocalAssets

_CHUNK = 256 * 1024
_PART = re.compile(r"(\d{5})\.([0-9a-f]{64})")
_ID = re.compile(r"[0-9a-f-]{36}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
# The parts and the joined file are side by side for a moment, and the disk is not ours alone.
_KEPT_FREE = 1024**3


class LocalUploads:
    """Implements UploadStore beside a LocalAssets; `base_url` is where parts are PUT."""

    def __init__(self, assets: LocalAssets, base_url: str, secret: str) -> None:
        self.assets = assets
        self.base_url = base_url.rstrip("/")
        self._secret = secret.encode()

    def begin(self, upload_id: str, size: int) -> str:
        """Make the folder of the parts."""
        folder = self._folder(upload_id)
        folder.parent.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder.parent).free < 2 * size + _KEPT_FREE:
            raise ProviderUnavailable("The disk has no room for this file", field="bytes")
        folder.mkdir(exist_ok=True)
        return upload_id

    def address(self, upload: OpenUpload, part: Part, *, expires: timedelta) -> PartAddress:
        """Our own address, signed together with the size and the digest."""
        said = {
            "bytes": str(part.size),
            "sha256": part.sha256,
            "until": str(int(time.time() + expires.total_seconds())),
        }
        said["signature"] = self._sign(upload.id, part.number, said)
        url = f"{self.base_url}/{upload.id}/{part.number}?{urlencode(said)}"
        return PartAddress(part.number, url, {"Content-Type": SOURCE_TYPE})

    def receive(
        self, upload_id: str, number: int, said: Mapping[str, str], source: BinaryIO
    ) -> None:
        """Take one part from an address that `address` made; `said` is its query.

        Raises InvalidRequest on an address that is not good (any more), NotFound after `discard`,
        ChecksumMismatch when other bytes came, or fewer, or more. Never reads beyond the size.
        """
        signature = self._sign(upload_id, number, said)
        if not hmac.compare_digest(signature.encode(), said.get("signature", "").encode()):
            raise InvalidRequest("This is not one of our addresses", field="signature")
        if int(said["until"]) < time.time():
            raise InvalidRequest("This address has expired; request another", field="until")
        folder = self._folder(upload_id)
        half = folder / f"{HALF}{number:05d}.{secrets.token_hex(8)}"
        try:
            _write_exactly(source, half, int(said["bytes"]), said["sha256"])
            half.replace(folder / f"{number:05d}.{said['sha256']}")
        except FileNotFoundError:
            raise NotFound("This upload has ended", field="upload") from None
        finally:
            half.unlink(missing_ok=True)

    def parts(self, upload: OpenUpload) -> Sequence[Part]:
        """What is in the folder. Of a part that came twice, differently: the later one."""
        latest: dict[int, tuple[float, Part]] = {}
        for path in self._folder(upload.id).glob("*.*"):
            match = _PART.fullmatch(path.name)
            if match:
                found = path.stat()
                entry = found.st_mtime, Part(int(match[1]), found.st_size, match[2])
                latest[entry[1].number] = max(
                    latest.get(entry[1].number, entry), entry, key=lambda one: one[0]
                )
        return [latest[number][1] for number in sorted(latest)]

    def complete(self, upload: OpenUpload, parts: Sequence[Part], *, sha256: str) -> str:
        """Copy the parts into one file that appears, checked, under its key."""
        key = key_named(sha256, SOURCE_TYPE, public=False)
        digest = hashlib.sha256()
        size = 0
        with self.assets.placing(key) as sink:
            for part in parts:
                for chunk in self._read(upload, part):
                    digest.update(chunk)
                    size += len(chunk)
                    sink.write(chunk)
            if size != upload.size or digest.hexdigest() != sha256:
                raise ChecksumMismatch(
                    "The file that arrived is not the one that was announced",
                    field="sha256",
                    hint="Upload it again.",
                )
        return key

    def _read(self, upload: OpenUpload, part: Part) -> Iterator[bytes]:
        try:
            with (self._folder(upload.id) / f"{part.number:05d}.{part.sha256}").open("rb") as file:
                while chunk := file.read(_CHUNK):
                    yield chunk
        except FileNotFoundError:
            raise UploadIncomplete(f"Part {part.number} is missing", field="parts") from None

    def discard(self, upload_id: str) -> None:
        """Remove the folder of the parts."""
        shutil.rmtree(self._folder(upload_id), ignore_errors=True)

    def unfinished(self) -> Iterator[str]:
        """The names of the folders."""
        for folder in (self.assets.folder / "incoming").glob("*"):
            if _ID.fullmatch(folder.name):
                yield folder.name

    def _folder(self, upload_id: str) -> Path:
        if not _ID.fullmatch(upload_id):
            raise InvalidRequest("That is not the id of an upload", field="upload")
        return self.assets.folder / "incoming" / upload_id

    def _sign(self, upload_id: str, number: int, said: Mapping[str, str]) -> str:
        values = [said.get(name, "") for name in ("bytes", "sha256", "until")]
        if not (values[0].isdigit() and _DIGEST.fullmatch(values[1]) and values[2].isdigit()):
            raise InvalidRequest("This is not one of our addresses", field="signature")
        text = "\n".join(["part", upload_id, str(number), *values])
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


def _write_exactly(source: BinaryIO, path: Path, size: int, sha256: str) -> None:
    digest = hashlib.sha256()
    left = size
    with path.open("wb") as sink:
        while left and (chunk := source.read(min(_CHUNK, left))):
            digest.update(chunk)
            left -= len(chunk)
            sink.write(chunk)
        if left or source.read(1) or digest.hexdigest() != sha256:
            raise ChecksumMismatch(
                "The received bytes are not the announced ones",
                field="sha256",
                hint="Send it again.",
            )
        sink.flush()
        os.fsync(sink.fileno())
