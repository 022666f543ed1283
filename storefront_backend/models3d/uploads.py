"""The desk that takes in a brand's meshes: opened, sent in parts, checked, made a Model.

Nothing here checks permissions: the caller has checked that they act for the brand.

    RECEIVING ──complete──> CHECKING ──adopt──> DONE
        │                       └──────────────> REFUSED    the bytes are not those announced
        ├──cancel──> CANCELED
        └──time────> EXPIRED

What is in the store is discarded after the row has reached an end, so a process killed in between
leaves a row that says what is still to be cleared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q

from showroom.errors import ShowroomError
from storefront_backend.commerce.errors import (
    BrandLimitReached,
    CommerceError,
    InvalidRequest,
    ProviderError,
    UploadIncomplete,
)
from storefront_backend.commerce.ports import UploadStore
from storefront_backend.commerce.uploads import OpenUpload, Part, PartAddress
from storefront_backend.models3d.models import Model, Upload

log = structlog.get_logger(__name__)

# What the showroom's formats are called on disk, by the names of `showroom.formats`.
SUFFIXES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "STL": (".stl",),
        "OBJ": (".obj",),
        "PLY": (".ply",),
        "GLB": (".glb",),
        "glTF": (".gltf",),
        "3MF": (".3mf",),
        "STEP": (".step", ".stp"),
        "3DM": (".3dm",),
        "ZIP": (".zip",),  # of one piece's files: an OBJ with its MTL, a glTF with its buffers
    }
)
_ALLOWED = frozenset(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOST_PARTS = 10_000  # S3's limit: docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
_ADDRESS_LASTS = timedelta(hours=1)
_CHECKED_AGAIN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class UploadDesk:
    """Uploads over one store. `kept_for` is how long an upload may take, from its beginning."""

    store: UploadStore
    now: Callable[[], datetime]
    max_bytes: int
    part_bytes: int
    kept_for: timedelta
    open_a_brand: int
    # Raises BrandLimitReached where a brand has no room for so many bytes; locks the brand.
    require_room: Callable[[Any, int], None]

    def begin(self, product: Any, *, name: str, size: int, by: Any) -> Upload:
        """Open an upload of a product's mesh, or InvalidRequest saying what will not do."""
        _check_name(name)
        if not 0 < size <= self.max_bytes:
            raise InvalidRequest(
                f"A file may have 1 to {self.max_bytes} bytes; this one has {size}",
                field="bytes",
                hint="Export with a coarser mesh setting.",
            )
        with transaction.atomic():
            # The brand's row is the lock: two at once cannot both take the last place.
            brands = type(product.brand).objects.select_for_update(no_key=True)
            brand = brands.get(pk=product.brand_id)
            opened = Upload.objects.filter(brand=brand, state=Upload.State.RECEIVING).count()
            if opened >= self.open_a_brand:
                raise BrandLimitReached(
                    f"{opened} uploads are in progress already",
                    hint="Finish or cancel one of them first.",
                )
            self.require_room(brand, size)
            upload = Upload.objects.create(
                brand=brand,
                product=product,
                by=by,
                name=name,
                bytes=size,
                part_bytes=max(self.part_bytes, -(-size // _MOST_PARTS)),
                expires_at=self.now() + self.kept_for,
            )
        # The row comes first: the sweep deletes what is in the store without one.
        try:
            upload.reference = self.store.begin(str(upload.pk), size)
        except CommerceError:
            upload.delete()
            raise
        upload.save(update_fields=["reference"])
        return upload

    def addresses(self, upload: Upload, digests: Mapping[int, str]) -> list[PartAddress]:
        """Where to send the parts of those numbers, whose SHA-256 the sender states in hex."""
        _require(upload, Upload.State.RECEIVING)
        opened = opened_as(upload)
        lasts = min(_ADDRESS_LASTS, upload.expires_at - self.now())
        if lasts <= timedelta():
            raise InvalidRequest("This upload has timed out", hint="Start a new one.")
        parts = [_part(opened, number, digest) for number, digest in sorted(digests.items())]
        return [self.store.address(opened, part, expires=lasts) for part in parts]

    def received(self, upload: Upload) -> Sequence[Part]:
        """The parts that have arrived; the row learns how many bytes that is."""
        if upload.state != Upload.State.RECEIVING:
            return []
        parts = self.store.parts(opened_as(upload))
        upload.received_bytes = sum(part.size for part in parts)
        Upload.objects.filter(pk=upload.pk).update(received_bytes=upload.received_bytes)
        return parts

    def complete(self, upload: Upload, sha256: str, digests: Mapping[int, str]) -> bool:
        """Close an upload whose parts are all here; false where that was done before.

        Raises UploadIncomplete, naming the missing parts; sending them makes it good.
        """
        if upload.state in (Upload.State.CHECKING, Upload.State.DONE):
            return False
        _require(upload, Upload.State.RECEIVING)
        opened = opened_as(upload)
        _check_digest(sha256)
        wanted = [_part(opened, n, digests.get(n, "")) for n in range(1, opened.count + 1)]
        have = {part.number: part for part in self.received(upload)}
        missing = [part.number for part in wanted if not _same(part, have.get(part.number))]
        if missing:
            raise UploadIncomplete(
                f"Parts are missing: {', '.join(map(str, missing[:20]))}",
                field="parts",
                hint="Send them, then complete again.",
            )
        return self._turn(
            upload,
            (Upload.State.RECEIVING,),
            state=Upload.State.CHECKING,
            sha256=sha256,
            parts=[part.sha256 for part in wanted],
            queued_at=self.now(),
        )

    def cancel(self, upload: Upload) -> None:
        """Give up an upload that is still coming in, and forget its parts."""
        state = Upload.State.CANCELED
        self._turn(upload, (Upload.State.RECEIVING,), state=state, finished_at=self.now())
        self.clear(upload)

    def check(self, upload: Upload) -> str:
        """Join and check a closed upload: its key. Raises what UploadStore.complete raises."""
        opened = opened_as(upload)
        parts = [_part(opened, n, digest) for n, digest in enumerate(upload.parts, 1)]
        return self.store.complete(opened, parts, sha256=upload.sha256)

    def adopt(self, upload: Upload, key: str, declared: Mapping[str, object]) -> Model | None:
        """Make a checked upload the source of its product's Model; None where it was done before.

        `declared` is for a product that had no mesh yet; what was declared for an earlier mesh,
        overrides and all, holds for the next. Call it in a transaction.
        """
        done = Upload.State.DONE
        now = self.now()
        if not self._turn(
            upload,
            (Upload.State.CHECKING,),
            state=done,
            key=key,
            received_bytes=upload.bytes,
            finished_at=now,
        ):
            return None
        source = {"source_key": key, "source_name": upload.name, "source_bytes": upload.bytes}
        model, _ = Model.objects.update_or_create(
            product_id=upload.product_id,
            defaults=source,
            create_defaults={**source, "brand_id": upload.brand_id, "declared": dict(declared)},
        )
        return model

    def refuse(self, upload: Upload, error: CommerceError | ShowroomError) -> None:
        """End an upload whose bytes are not right, or whose archive is not one piece's files."""
        problem = {"code": error.code, "message": error.message, "hint": error.hint}
        self._turn(
            upload,
            (Upload.State.CHECKING,),
            state=Upload.State.REFUSED,
            problem=problem,
            finished_at=self.now(),
        )

    def clear(self, upload: Upload) -> None:
        """Discard what the store still holds of an upload that has ended."""
        if upload.state in Upload.OPEN:
            return
        self.store.discard(str(upload.pk))
        Upload.objects.filter(pk=upload.pk).update(cleared=True)

    def sweep(self) -> tuple[int, list[str]]:
        """Expire and clear: how many were cleared, and whose checking has to be queued again."""
        now = self.now()
        late = Q(state=Upload.State.RECEIVING, expires_at__lt=now)
        Upload.objects.filter(late).update(state=Upload.State.EXPIRED, finished_at=now)
        ended = list(Upload.objects.exclude(state__in=Upload.OPEN).filter(cleared=False))
        for upload in ended:
            try:
                self.clear(upload)
            except ProviderError as error:  # the next sweep tries again
                log.warning("upload not cleared", upload=str(upload.pk), reason=error.message)
        forgotten = Upload.objects.filter(
            state=Upload.State.CHECKING, queued_at__lt=now - _CHECKED_AGAIN_AFTER
        )
        ids = [str(pk) for pk in forgotten.values_list("pk", flat=True)]
        forgotten.update(queued_at=now)
        return len(ended), ids

    def _turn(self, upload: Upload, states: Sequence[Upload.State], **changes: Any) -> bool:
        """Change the row if it is still in one of the states: of two callers one succeeds."""
        turned = Upload.objects.filter(pk=upload.pk, state__in=states).update(**changes)
        upload.refresh_from_db()
        return turned == 1


def opened_as(upload: Upload) -> OpenUpload:
    """The row as the store knows it."""
    return OpenUpload(str(upload.pk), upload.bytes, upload.part_bytes, upload.reference)


def _part(opened: OpenUpload, number: int, digest: str) -> Part:
    if not 1 <= number <= opened.count:
        raise InvalidRequest(f"There is no part {number} of {opened.count}", field="parts")
    return Part(number, opened.size_of(number), _check_digest(digest, f" of part {number}"))


def _same(wanted: Part, found: Part | None) -> bool:
    if found is None or found.size != wanted.size:
        return False
    return not found.sha256 or found.sha256 == wanted.sha256


def _check_digest(text: str, where: str = "") -> str:
    if not _DIGEST.fullmatch(text):
        raise InvalidRequest(f"The SHA-256{where} must be 64 hex digits", field="sha256")
    return text


def _check_name(name: str) -> None:
    # The name is shown and becomes a file's name in a build, so it may lead nowhere.
    if not 0 < len(name) <= 200 or not name.isprintable() or re.search(r"[/\\]", name):
        raise InvalidRequest("That is not a file name", field="name")
    if PurePosixPath(name).suffix.lower() not in _ALLOWED:
        raise InvalidRequest(
            f"{name} is not a 3D file that we can read",
            field="name",
            hint=f"Send {', '.join(sorted(_ALLOWED))}.",
        )


def _require(upload: Upload, state: Upload.State) -> None:
    if upload.state != state:
        raise InvalidRequest(f"This upload is {upload.state}", field="state")
