"""The meshes and pictures that come with a sheet, taken in after its pieces are written.

    media = ImportMedia(brand, sheet, store, take_picture, take_address, build, run)
    media.news(checked.media)      what of it the shop does not have yet; writes nothing
    media.take_all(checked.media)    the files that were refused, by name

| killed                        | so                                                              |
|-------------------------------|-----------------------------------------------------------------|
| while a file goes to the store| no row knows it; the sweep deletes it later                     |
| between two files             | the run goes on from its beginning; what is there is not taken  |
|                               | again, since files are known by the digest of their bytes       |
| after a mesh's row            | its build is requested again, which is the same build           |
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import structlog
from django.db import transaction

from catalog_import.confined.members import taken_out
from catalog_import.drafts import ProductDraft
from catalog_import.errors import SheetRefused
from catalog_import.media import Attachment, Kind, Origin
from showroom.errors import Unreadable
from storefront_backend.catalog.models import Brand, Product
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.commerce.ports import AssetStore
from storefront_backend.models3d.models import Model
from storefront_backend.photographs.models import Photograph
from storefront_backend.pricing import import_images as images
from storefront_backend.pricing.brand_limits import require_storage
from storefront_backend.pricing.import_meshes import Mesh, put_models
from storefront_backend.storage.keys import SOURCE_TYPE, digest_of

log = structlog.get_logger(__name__)


type TakePicture = Callable[[Product, str, BinaryIO], object]
type TakeAddress = Callable[[Product, str], object]
type Refusals = dict[str, str]
"""Why files were not taken, by their names."""


@dataclass(frozen=True, slots=True)
class ImportMedia:
    """Takes the files of one brand's sheet. `most` are the bytes that a file of a kind may have.

    `take` and `take_address` make photographs, `settle` makes one archive of those that hold the
    same files, `build` has a mesh built. `run` keeps what a mesh replaces, for the undo.
    """

    brand: Brand
    sheet: Path
    store: AssetStore
    take: TakePicture
    take_address: TakeAddress
    settle: Callable[[Path], Path]
    build: Callable[[Model], object]
    most: Mapping[Kind, int]
    run: UUID | None = None

    def news(self, media: Sequence[Attachment], on_step: Callable[[int], None]) -> list[Attachment]:
        """Those that the shop does not have yet. Writes nothing."""
        known = _known(self.brand, {each.product for each in media})
        found: list[Attachment] = []
        files = _Files(self.sheet, self.most)
        for n, each in enumerate(media, 1):
            name = each.path if each.origin is Origin.ADDRESS else files.digest(each)
            if (each.kind.value, each.product, name) not in known:
                found.append(each)
            on_step(n)
        return found

    def take_all(self, media: Sequence[Attachment], on_step: Callable[[int], None]) -> Refusals:
        """Take them in, one after another; what is there already stays as it is."""
        refused: Refusals = {}
        rows = self._rows({each.product for each in media})
        files = _Files(self.sheet, self.most)
        for n, each in enumerate(media, 1):
            row = rows.get(each.product)
            try:
                if row is not None:
                    self._take(row, each, files)
            except (CommerceError, SheetRefused, Unreadable) as error:
                refused[each.name] = f"{error.message} {error.hint}".strip()
                log.info("file refused", brand=self.brand.slug, file=each.name, why=error.code)
            on_step(n)
        return refused

    def _take(self, product: Product, each: Attachment, files: _Files) -> None:
        if each.origin is Origin.ADDRESS:
            self.take_address(product, each.path)
            return
        with files.copied(each) as path:
            if each.kind is Kind.PICTURE:
                with path.open("rb") as file:
                    self.take(product, each.name, file)
            else:
                self._take_mesh(product, each.name, path)

    def _take_mesh(self, product: Product, name: str, path: Path) -> None:
        settled = self.settle(path) if name.lower().endswith(".zip") else path
        with settled.open("rb") as file:
            key = self.store.put(file, media_type=SOURCE_TYPE, public=False)
        draft = ProductDraft.from_json(product.draft)
        row = Model.objects.filter(product=product).first()
        if row is None or row.source_key != key:
            with transaction.atomic():
                require_storage(self.brand, settled.stat().st_size)
                images.keep(self.run, [product.pk])
                mesh = Mesh(key, name, settled.stat().st_size)
                put_models(
                    self.brand, {draft.code: product}, {draft.code: draft}, {draft.code: mesh}
                )
                images.settle(self.run, [product.pk])
            row = Model.objects.get(product=product)
        self.build(row)

    def _rows(self, codes: Iterable[str]) -> dict[str, Product]:
        rows = Product.objects.filter(brand=self.brand, code__in=list(codes)).exclude(draft={})
        return {row.code: row for row in rows.defer("search")}


@dataclass(frozen=True, slots=True)
class _Files:
    """The archive beside the sheet and the workbook's own, which a confined child opens."""

    sheet: Path
    most: Mapping[Kind, int]

    def digest(self, each: Attachment) -> str:
        """SHA-256 in hex; empty where the file cannot be read, which is told when it is taken."""
        try:
            with self.taken_out(each) as path, path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except SheetRefused:
            return ""

    @contextmanager
    def copied(self, each: Attachment) -> Iterator[Path]:
        """The file under a name of its format, while the context lasts."""
        with self.taken_out(each) as path:
            yield path.rename(path.with_name(f"file{Path(each.name).suffix.lower()}"))

    def taken_out(self, each: Attachment) -> AbstractContextManager[Path]:
        """The file on the disk, while the context lasts."""
        of_workbook = each.origin is Origin.WORKBOOK
        return taken_out(self.sheet, each.path, self.most[each.kind], of_workbook=of_workbook)


def _known(brand: Brand, codes: Iterable[str]) -> set[tuple[str, str, str]]:
    """Digests and addresses that pieces have already, by kind and code."""
    wanted = list(codes)
    photographs = Photograph.objects.filter(brand=brand, product__code__in=wanted)
    models = Model.objects.filter(brand=brand, product__code__in=wanted)
    found: set[tuple[str, str, str]] = set()
    for code, sha256, url in photographs.values_list("product__code", "sha256", "source_url"):
        found |= {(Kind.PICTURE.value, code, name) for name in (sha256, url) if name}
    for code, key in models.values_list("product__code", "source_key"):
        found.add((Kind.MESH.value, code, digest_of(key)))
    return found


def told(media: Sequence[Attachment], news: Sequence[Attachment], most: int) -> dict[str, Any]:
    """What a report tells of a sheet's files: counts, and those that are new."""
    return {
        "known": len(media) - len(news),
        "meshes": sum(each.kind is Kind.MESH for each in news),
        "pictures": sum(each.kind is Kind.PICTURE for each in news),
        "files": [each.to_json() for each in news[:most]],
    }
