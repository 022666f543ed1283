"""One piece changed at the desk: the changed cells go through the import as a sheet of one piece.

So the editor takes and refuses exactly what a sheet does, with the same codes, and the piece is
relisted as after a sheet. Columns that are not changed are not in that sheet and keep their values.

    version ──is it still the piece's?──> sheet ──check──> errors, or one change ──> written
                └─ no: Stale, and nothing is written
"""

from __future__ import annotations

import csv
import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import transaction

from catalog_import import Problem, ProductDraft, Refused
from storefront_backend.catalog.models import Product
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.pricing.import_sink import BrandSink
from storefront_backend.pricing.piece_cells import VARIANT_COLUMNS, piece_cells, variant_cells
from storefront_backend.pricing.sheet_import import ImportOptions, SheetImport, brand_lock

type Cells = Mapping[str, str]


class Stale(InvalidRequest):
    """The piece was changed by somebody else since it was read; nothing was written."""

    code = "changed_meanwhile"


@dataclass(frozen=True, slots=True)
class Edit:
    """Changed cells by column: of the piece, and of some of its variants by their own SKU."""

    version: str
    piece: Cells
    variants: Mapping[str, Cells]


@dataclass(frozen=True, slots=True)
class Edited:
    """What came of it: problems hold errors and warnings; `written` says that it was saved."""

    problems: tuple[Problem, ...]
    written: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _OnePiece(BrandSink):
    """A sink that knows one product, published or hidden, and leaves it as visible as it was."""

    product: Product

    def existing(self) -> Mapping[str, ProductDraft]:
        """That product alone, so that a sheet of it withdraws nothing."""
        return {self.product.code: ProductDraft.from_json(self.product.draft)}

    def put(self, *products: ProductDraft) -> Refused:
        """Write it."""
        with transaction.atomic():
            row = Product.objects.select_for_update().get(pk=self.product.pk)
            refused = BrandSink.put(self, *products)
            Product.objects.filter(pk=row.pk).update(is_published=row.is_published)
        return refused


def version_of(product: Product) -> str:
    """What the piece's facts are, as a short digest: another one after every change."""
    said = json.dumps(product.draft, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def changed(now: Cells, wanted: Cells) -> dict[str, str]:
    """The cells that are wanted otherwise than they are."""

    def plain(text: str) -> str:
        return "\n".join(line.rstrip() for line in text.strip().splitlines())

    return {name: text for name, text in wanted.items() if plain(text) != plain(now.get(name, ""))}


def edit(imports: SheetImport, product: Product, change: Edit) -> Edited:
    """Check the changed cells as a sheet and write them. Raises Stale, InvalidRequest."""
    sink = imports.sink
    with brand_lock(sink.brand, wait=True):
        row = Product.objects.get(pk=product.pk, brand=sink.brand)
        if not row.draft:
            raise InvalidRequest(
                "This piece did not come from a sheet", hint="Import it with a sheet first."
            )
        if version_of(row) != change.version:
            raise Stale("The piece was changed meanwhile", hint="Look at the changes, then save.")
        own = replace(imports, sink=_one_piece(sink, row))
        with tempfile.TemporaryDirectory(prefix="piece-") as folder:
            sheet = _sheet(Path(folder), row, change)
            if sheet is None:
                return Edited((), written=False)
            checked = own.planned(sheet, ImportOptions())
        if checked.result.errors or checked.result.held:
            return Edited(checked.result.problems, written=False)
        moved = [move for each in checked.plan.changes for move in each.moves]
        if moved:
            raise InvalidRequest(
                f"The price would move by {moved[0].percent:+.0f} %",
                hint="A change of price this large is confirmed on a sheet or the price page.",
            )
        report = own.apply(checked, ImportOptions(), only_valid=False)
    if report.failed:
        raise InvalidRequest("; ".join(map(str, report.failed.values())))
    return Edited(checked.result.problems, written=True)


def _one_piece(sink: BrandSink, product: Product) -> _OnePiece:
    return _OnePiece(
        sink.brand, sink.warehouse, sink.files, sink.store, sink.on_saved, product=product
    )


def _sheet(folder: Path, product: Product, change: Edit) -> Path | None:
    """A row a variant with the changed columns; None where nothing is changed.

    Every row holds a changed column: those of other variants as they are.
    """
    draft = ProductDraft.from_json(product.draft)
    changed_cells = {name for cells in change.variants.values() for name in cells}
    columns = [*change.piece, *_with_their_groups(changed_cells)]
    if not columns:
        return None
    known = piece_cells(draft)
    path = folder / f"{hashlib.sha256(product.code.encode()).hexdigest()[:8]}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(["product_code", "sku", *columns])
        for variant in draft.variants:
            cells = {**known, **variant_cells(variant), **change.piece}
            cells |= change.variants.get(variant.sku, {})
            table.writerow([draft.code, variant.sku, *(cells[name] for name in columns)])
    return path


def _with_their_groups(names: set[str]) -> list[str]:
    """The columns, each with those that say something together with it, in the sheet's order."""
    groups = [
        {"alloy", "grams", "alloy_2", "grams_2"},
        {"ring_size", "ring_size_system"},
        {name for name in VARIANT_COLUMNS if name.startswith("stone_")},
    ]
    wanted = names.union(*(group for group in groups if group & names))
    return [name for name in VARIANT_COLUMNS if name in wanted]
