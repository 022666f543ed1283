"""What follows an upload: it is checked, becomes the source of a Model, and is built."""

from __future__ import annotations

import shutil
from collections.abc import Mapping

import structlog
from django.db import transaction
from django.tasks import task

from catalog_import.drafts import ProductDraft
from showroom import sandbox
from showroom.errors import Unreadable
from storefront_backend import wiring
from storefront_backend.commerce.errors import ChecksumMismatch, NotFound, UploadIncomplete
from storefront_backend.jobs.builds import request_build
from storefront_backend.jobs.workbench import workbench
from storefront_backend.models3d.models import Upload
from storefront_backend.pricing.import_sink import declared_of
from storefront_backend.storage.keys import SOURCE_TYPE

log = structlog.get_logger(__name__)


def complete_upload(upload: Upload, sha256: str, digests: Mapping[int, str]) -> None:
    """Close an upload and have it checked in the background: reading it takes a while."""
    with transaction.atomic():
        if wiring.upload_desk().complete(upload, sha256, digests):
            transaction.on_commit(lambda: finish_upload.enqueue(str(upload.pk)))


@task(queue_name="default")
def finish_upload(upload_id: str) -> str:
    """Check a closed upload and build from it. May run twice, at once too. Returns its state."""
    desk = wiring.upload_desk()
    upload = Upload.objects.select_related("product").filter(pk=upload_id).first()
    if upload is None:
        return "gone"
    if upload.state == Upload.State.CHECKING:
        try:
            key = _settled(upload, desk.check(upload))
        except (ChecksumMismatch, UploadIncomplete, NotFound, Unreadable) as error:
            # Also when another worker finished and cleared it meanwhile: then this changes nothing.
            desk.refuse(upload, error)
        else:
            with transaction.atomic():
                model = desk.adopt(upload, key, _declared(upload))
                if model is not None:
                    request_build(model)
        log.info("upload ended", upload=upload_id, state=upload.state)
    desk.clear(upload)
    return str(upload.state)


def _settled(upload: Upload, key: str) -> str:
    """The key of what is built: of a ZIP, the one ZIP that these files have, however packed.

    So the same files are the same source, and are not built twice.
    """
    if not upload.name.lower().endswith(".zip"):
        return key
    store = wiring.assets()
    with workbench() as folder:
        sent = folder / "sent.zip"
        with store.open(key) as source, sent.open("wb") as sink:
            shutil.copyfileobj(source, sink)
        settled = sandbox.settle(sent, folder / "settled.zip")
        if settled == sent:  # a 3MF file under another name
            return key
        with settled.open("rb") as file:
            return store.put(file, media_type=SOURCE_TYPE, public=False)


def sweep_uploads() -> int:
    """Expire, clear, and have checked again what a killed worker left; how many."""
    cleared, unchecked = wiring.upload_desk().sweep()
    for upload_id in unchecked:
        finish_upload.enqueue(upload_id)
    return cleared + len(unchecked)


def _declared(upload: Upload) -> dict[str, object]:
    """What the brand's sheet says of the piece, where there was one."""
    product = upload.product
    if not product.draft:
        return {"kind": product.kind}
    return declared_of(ProductDraft.from_json(product.draft))
