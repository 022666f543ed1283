"""Shopify's product CSV: one row a variant; rows after a product's first repeat its Handle only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from catalog_import import limits
from catalog_import.cells import fold
from catalog_import.expanding import Taken
from catalog_import.presets.jewellery import Option, Product, code_of, facts, is_number, text_of
from catalog_import.presets.table import Record, Table, added
from catalog_import.problems import Problem
from catalog_import.sheets import Row
from catalog_import.texts import say

NAME = "shopify"
FOUND_IN = "Title"
FIELDS: Mapping[str, str] = {
    "Handle": "product_code", "URL handle": "product_code", "Title": "name_en",
    "Body (HTML)": "description_en", "Description": "description_en", "Vendor": "", "Type": "",
    "Product Category": "", "Product type": "", "Tags": "", "Published": "", "Status": "",
    **{f"Option{n} {part}": "" for n in (1, 2, 3) for part in ("Name", "Value")},
    **{f"Option{n} {part}": "" for n in (1, 2, 3) for part in ("name", "value")},
    "Variant SKU": "sku", "SKU": "sku", "Variant Grams": "", "Variant Inventory Qty": "stock",
    "Inventory quantity": "stock", "Variant Price": "fixed_price", "Price": "fixed_price",
    "Variant Compare At Price": "compare_at_price", "Compare-at price": "compare_at_price",
    "Image Src": "pictures", "Product image URL": "pictures", "Variant Image": "pictures",
    "Variant Weight Unit": "",
    "Weight value (grams)": "", "Cost per item": "", "Variant Barcode": "", "Image Position": "",
    "Price / International": "", "Compare At Price / International": "",
    "Included / International": "",
}  # fmt: skip

USED = frozenset(
    {"type", "producttype", "productcategory", "tags", "status"}
    | {f"option{n}{part}" for n in (1, 2, 3) for part in ("name", "value")}
)


def recognises(headers: Sequence[str]) -> bool:
    """Whether these are the headers of Shopify's export, old or new."""
    known = {fold(header) for header in headers}
    old = {"handle", "title", "variantprice"} <= known
    return old or {"urlhandle", "title", "option1name"} <= known


def rows(table: Table, below: Iterable[Row]) -> Iterator[Record]:
    """A record for each row with a variant; a row with another picture alone names it."""
    products: dict[str, Product] = {}
    names: dict[str, tuple[str, ...]] = {}
    archived: set[str] = set()
    for row in below:
        handle = table.text(row, "Handle") or table.text(row, "URL handle")
        if not handle:
            yield Record(row, added(table, row))
            continue
        if handle not in products:
            products[handle] = _product(table, row, handle)
            names[handle] = tuple(table.text(row, f"Option{n} Name") for n in (1, 2, 3))
            if table.text(row, "Status").lower() == "archived":
                archived.add(handle)
                yield Record(row, {}, (_archived(table, row),))
        if handle in archived:
            continue
        if not _is_variant(table, row):
            yield Record(row, {}, of=code_of(handle))
            continue
        yield Record(row, _cells(table, row, products[handle], names[handle]))


def _is_variant(table: Table, row: Row) -> bool:
    return any(
        table.text(row, header)
        for header in ("Variant SKU", "SKU", "Variant Price", "Price", "Option1 Value")
    )


def _product(table: Table, row: Row, handle: str) -> Product:
    place = table.index.get("handle", table.index.get("urlhandle", 0))
    product = Product(Taken(code_of(handle), place))
    body = table.at(row, "Body (HTML)") or table.at(row, "Description")
    story = text_of(body, limits.DESCRIPTION)
    title = table.at(row, "Title")
    product.cells = {
        name: taken for name, taken in (("name_en", title), ("description_en", story)) if taken
    }
    kind = table.at(row, "Type") or table.at(row, "Product type")
    product.texts = [each for each in (table.at(row, "Tags"), title, kind) if each is not None]
    category = table.at(row, "Product Category")
    product.kinds = [each for each in (kind, title, category) if each is not None]
    product.body = body
    return product


def _cells(table: Table, row: Row, product: Product, names: Sequence[str]) -> dict[str, Taken]:
    options = [
        Option(name, taken)
        for n, name in enumerate(names, 1)
        if name and (taken := table.at(row, f"Option{n} Value"))
    ]
    cells = {"product_code": product.code, **product.cells, **facts(product, options)}
    found = {
        "sku": table.at(row, "Variant SKU") or table.at(row, "SKU"),
        "stock": table.at(row, "Variant Inventory Qty") or table.at(row, "Inventory quantity"),
        "fixed_price": table.at(row, "Variant Price") or table.at(row, "Price"),
        "compare_at_price": table.at(row, "Variant Compare At Price")
        or table.at(row, "Compare-at price"),
    }
    before = found["compare_at_price"]
    if before is not None and not is_number(str(before.value).strip()):
        found["compare_at_price"] = None
    if found["sku"] is not None:  # Excel writes an apostrophe before a code that is a number
        found["sku"] = Taken(str(found["sku"].value).lstrip("'"), found["sku"].at)
    cells |= {name: taken for name, taken in found.items() if taken is not None}
    return cells | added(table, row)


def _archived(table: Table, row: Row) -> Problem:
    return table.problem(
        row,
        "Status",
        "row_not_read",
        say("The product is archived in the export; it is not read"),
        say("Set its status to active or draft to have it read"),
    )
