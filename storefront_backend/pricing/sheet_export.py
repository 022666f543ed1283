"""A brand's catalogue as a sheet of the import's columns, from the rows, as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from django.db.models import QuerySet

from catalog_import import ProductDraft, export
from catalog_import.export import Format
from storefront_backend.catalog.models import Product

_AT_ONCE = 200


def drafts_of(products: QuerySet[Product]) -> Iterator[ProductDraft]:
    """What the brand's sheets said of these products, by code: those on sale that a sheet made."""
    rows = products.filter(is_published=True).exclude(draft={}).order_by("code")
    for draft in rows.values_list("draft", flat=True).iterator(chunk_size=_AT_ONCE):
        yield ProductDraft.from_json(draft)


def export_to(out: IO[bytes], products: QuerySet[Product], kind: Format, language: str) -> int:
    """Write the catalogue to `out`; how many rows of variants."""
    drafts = drafts_of(products)
    if kind is Format.XLSX:
        return export.write_workbook(drafts, out, language)
    rows = -1  # the header's line
    for line in export.csv_lines(drafts, language):
        out.write(line.encode())
        rows += 1
    return rows
