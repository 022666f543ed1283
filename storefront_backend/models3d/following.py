"""What follows an upload: it is checked, becomes the source of a Model, and is built."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from django.db import transaction

from showroom import sandbox
from showroom.errors import Unreadable
from storefront_backend.commerce.errors import ChecksumMismatch, NotFound, UploadIncomplete
from storefront_backend.commerce.ports import AssetStore
from storefront_backend.models3d.builds import BuildDesk
from storefront_backend.models3d.models import Upload
from storefront_backend.models3d.upload_turns import next_upload
from storefront_backend.models3d.uploads import UploadDesk
from storefront_backend.models3d.workbench import workbench

log = structlog.get_logger(__name__)

_SOURCE_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class UploadFollower:
    """`ask` has a worker call `finish` for an upload of that id; `declared` is what the brand's
    sheet says of the piece that an upload is of."""

    uploads: UploadDesk
    builds: BuildDesk
    store: AssetStore
    ask: Callable[[str], object]
    declared: Callable[[Upload], Mapping[str, object]]

    def complete(self, upload: Upload, sha256: str, digests: Mapping[int, str]) -> None:
        """Close an upload and have it checked in the background: reading it takes a while."""
        with transaction.atomic():
            if self.uploads.complete(upload, sha256, digests):
                transaction.on_commit(lambda: self.ask(str(upload.pk)))

    def finish(self, upload_id: str) -> str:
        """Check the closed upload whose turn it is, and build from it. May run twice, at once too.

        Its state; where none waits, that of the one that this was queued for.
        """
        with next_upload() as upload:
            if upload is not None:
                self._check(upload)
                return str(upload.state)
        own = Upload.objects.filter(pk=upload_id).first()
        if own is None:
            return "gone"
        self.uploads.clear(own)
        return str(own.state)

    def _check(self, upload: Upload) -> None:
        try:
            key = self._settled(upload, self.uploads.check(upload))
        except (ChecksumMismatch, UploadIncomplete, NotFound, Unreadable) as error:
            # Also when another worker finished and cleared it meanwhile: this changes nothing.
            self.uploads.refuse(upload, error)
        else:
            with transaction.atomic():
                model = self.uploads.adopt(upload, key, self.declared(upload))
                if model is not None:
                    self.builds.request(model)
        log.info("upload ended", upload=str(upload.pk), state=upload.state)
        self.uploads.clear(upload)

    def sweep(self) -> int:
        """Expire, clear, and have checked again what a killed worker left; how many."""
        cleared, unchecked = self.uploads.sweep()
        for upload_id in unchecked:
            self.ask(upload_id)
        return cleared + len(unchecked)

    def _settled(self, upload: Upload, key: str) -> str:
        """The key of what is built: of a ZIP, the one ZIP that these files have, however packed.

        So the same files are the same source, and are not built twice.
        """
        if not upload.name.lower().endswith(".zip"):
            return key
        with workbench() as folder:
            sent = folder / "sent.zip"
            with self.store.open(key) as source, sent.open("wb") as sink:
                shutil.copyfileobj(source, sink)
            settled = sandbox.settle(sent, folder / "settled.zip")
            if settled == sent:  # a 3MF file under another name
                return key
            with settled.open("rb") as file:
                return self.store.put(file, media_type=_SOURCE_TYPE, public=False)
