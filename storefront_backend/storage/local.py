"""A folder as an AssetStore: for one machine and for tests."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlencode

from storefront_backend.commerce.errors import NotFound
from storefront_backend.commerce.ports import StoredFile
from storefront_backend.storage.keys import checked, is_key, is_public, key_of

_CHUNK = 1024 * 1024
HALF = ".half-"  # begins the names of files that are being written


class LocalAssets:
    """Files under `folder`, read through `base_url`; private ones by signed addresses."""

    def __init__(self, folder: Path, base_url: str, secret: str) -> None:
        self.folder = folder
        self.base_url = base_url.rstrip("/")
        self._secret = secret.encode()

    def put(self, source: BinaryIO, *, media_type: str, public: bool) -> str:
        """Store and return the key."""
        key = key_of(source, media_type, public=public)
        try:
            os.utime(self.path(key))
        except FileNotFoundError:
            with self.placing(key) as sink:
                while chunk := source.read(_CHUNK):
                    sink.write(chunk)
        return key

    @contextmanager
    def placing(self, key: str) -> Iterator[BinaryIO]:
        """A file that appears under the key, whole and on the disk, when the block ends well."""
        target = self.path(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{HALF}{target.name}.{secrets.token_hex(8)}")
        try:
            with part.open("wb") as sink:
                yield sink
                sink.flush()
                os.fsync(sink.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)

    def open(self, key: str) -> BinaryIO:
        """Read. Raises NotFound."""
        try:
            return self.path(key).open("rb")
        except FileNotFoundError:
            raise NotFound(f"There is no asset {key}", field="key") from None

    def url(self, key: str, *, expires: timedelta | None = None) -> str:
        """A lasting address for a public file, a signed one for a private one."""
        address = f"{self.base_url}/{checked(key)}"
        if is_public(key):
            return address
        until = str(int(time.time() + (expires or timedelta(minutes=10)).total_seconds()))
        return f"{address}?{urlencode({'until': until, 'signature': self._sign(key, until)})}"

    def may_read(self, key: str, until: str, signature: str) -> bool:
        """Whether an address that `url` made is still good."""
        if is_public(key):
            return True
        # The signature first: only then is `until` a number that we wrote.
        ours = hmac.compare_digest(self._sign(key, until).encode(), signature.encode())
        return ours and int(until) >= time.time()

    def delete(self, key: str) -> None:
        """Forget the file; deleting twice is no error."""
        self.path(key).unlink(missing_ok=True)

    def stored(self) -> Iterator[StoredFile]:
        """All that is stored here."""
        for side in ("public", "private"):
            for path in (self.folder / side).glob("*/*"):
                key = path.relative_to(self.folder).as_posix()
                if not is_key(key):
                    continue
                try:
                    found = path.stat()
                except FileNotFoundError:
                    continue
                yield StoredFile(key, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))

    def clear_halves(self, before: datetime) -> int:
        """Remove what killed processes were writing and no process has touched since; how many."""
        halves = [path for path in self.folder.glob(f"*/*/{HALF}*") if _older(path, before)]
        for path in halves:
            path.unlink(missing_ok=True)
        return len(halves)

    def path(self, key: str) -> Path:
        """Where the file is stored. The key's form leaves no way out of the folder."""
        return self.folder / checked(key)

    def _sign(self, key: str, until: str) -> str:
        return hmac.new(self._secret, f"{key}\n{until}".encode(), hashlib.sha256).hexdigest()


def _older(path: Path, moment: datetime) -> bool:
    try:
        return path.stat().st_mtime < moment.timestamp()
    except FileNotFoundError:
        return False
