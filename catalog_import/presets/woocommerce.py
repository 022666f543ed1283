"""WooCommerce's product CSV: simple products, and variable ones with their variations.

A variation names its parent's SKU, or "id:" and its number. A variable row is a product, and no
variant itself.
"""

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

NAME = "woocommerce"
FOUND_IN = "Name"
_ATTRIBUTES = 8
FIELDS: Mapping[str, str] = {
    "ID": "", "Type": "", "SKU": "sku", "Name": "name_en", "Published": "", "Is featured?": "",
    "Visibility in catalog": "", "Short description": "", "Description": "description_en",
    "Date sale price starts": "", "Date sale price ends": "", "Tax status": "", "Tax class": "",
    "In stock?": "", "Stock": "stock", "Low stock amount": "", "Backorders allowed?": "",
    "Sold individually?": "", "Weight (kg)": "", "Weight (g)": "", "Weight (lbs)": "",
    "Length (cm)": "",
    "Width (cm)": "", "Height (cm)": "", "Allow customer reviews?": "", "Purchase note": "",
    "Sale price": "", "Regular price": "fixed_price", "Categories": "", "Tags": "",
    "Shipping class": "", "Images": "pictures", "Download limit": "", "Download expiry days": "",
    "Parent": "product_code", "Grouped products": "", "Upsells": "", "Cross-sells": "",
    "External URL": "", "Button text": "", "Position": "",
    "GTIN, UPC, EAN, or ISBN": "", "Brands": "",
    **{f"Attribute {n} {part}": "" for n in range(1, _ATTRIBUTES + 1)
       for part in ("name", "value(s)", "visible", "global", "default")},
}  # fmt: skip
USED = frozenset(
    {"id", "type", "saleprice", "categories", "tags", "parent", "shortdescription"}
    | {f"attribute{n}{part}" for n in range(1, _ATTRIBUTES + 1) for part in ("name", "values")}
)
_PRODUCTS = ("simple", "variable")


def recognises(headers: Sequence[str]) -> bool:
    """Whether these are the headers of WooCommerce's export."""
    known = {fold(header) for header in headers}
    return {"type", "sku", "name", "regularprice"} <= known and bool(
        known & {"parent", "categories", "attribute1name", "visibilityincatalog"}
    )


def rows(table: Table, below: Iterable[Row]) -> Iterator[Record]:
    """A record for each simple product and each variation."""
    parents: dict[str, tuple[Product, tuple[Option, ...]]] = {}
    for row in below:
        kind = table.text(row, "Type").lower().split(",")[0].strip()
        if kind == "variation":
            parent = parents.get(table.text(row, "Parent"))
            if parent is None:
                yield Record(row, {}, (_no_parent(table, row),))
                continue
            own = {fold(option.name): option for option in _options(table, row)}
            common = {fold(option.name): option for option in parent[1]}
            yield Record(row, _cells(table, row, parent[0], tuple((common | own).values())))
        elif kind in _PRODUCTS:
            product, options = _product(table, row), tuple(_options(table, row))
            for key in (table.text(row, "SKU"), f"id:{table.text(row, 'ID')}"):
                parents[key] = (product, _single(options))
            if kind == "simple":
                yield Record(row, _cells(table, row, product, options))
            else:
                yield Record(row, {}, of=str(product.code.value))
        else:
            yield Record(row, {}, (_not_a_piece(table, row),))


def _single(options: Sequence[Option]) -> tuple[Option, ...]:
    """What a parent says for all: an attribute of one value. Several are its variations' to say."""
    return tuple(option for option in options if "," not in str(option.taken.value))


def _options(table: Table, row: Row) -> Iterator[Option]:
    for n in range(1, _ATTRIBUTES + 1):
        name, value = (
            table.text(row, f"Attribute {n} name"),
            table.at(row, f"Attribute {n} value(s)"),
        )
        if name and value is not None:
            yield Option(name, value)


def _product(table: Table, row: Row) -> Product:
    own = table.at(row, "SKU") or table.at(row, "ID")
    code = Taken(code_of(str(own.value)), own.at) if own else Taken("", 0)
    product = Product(code)
    title = table.at(row, "Name")
    body = table.at(row, "Description") or table.at(row, "Short description")
    story = text_of(body, limits.DESCRIPTION)
    product.cells = {n: t for n, t in (("name_en", title), ("description_en", story)) if t}
    tags, category = table.at(row, "Tags"), table.at(row, "Categories")
    product.texts = [each for each in (tags, title, category) if each is not None]
    product.kinds = [each for each in (category, title) if each is not None]
    product.body = body
    return product


def _cells(table: Table, row: Row, product: Product, options: Sequence[Option]) -> dict[str, Taken]:
    cells = {"product_code": product.code, **product.cells, **facts(product, options)}
    sku = table.at(row, "SKU") or table.at(row, "ID")
    regular, sale = table.at(row, "Regular price"), table.at(row, "Sale price")
    if sale is not None and is_number(str(sale.value).strip()):
        cells |= {"fixed_price": sale}
        if regular is not None:
            cells |= {"compare_at_price": regular}
    elif regular is not None:
        cells |= {"fixed_price": regular}
    stock = table.at(row, "Stock")
    for name, taken in (("sku", sku), ("stock", stock)):
        if taken is not None:
            cells[name] = taken
    return cells | added(table, row)


def _no_parent(table: Table, row: Row) -> Problem:
    return table.problem(
        row,
        "Parent",
        "parent_not_found",
        say("The variation's parent is not above it in the file"),
        say("Export its variable product with it"),
        warning=False,
    )


def _not_a_piece(table: Table, row: Row) -> Problem:
    return table.problem(
        row,
        "Type",
        "row_not_read",
        say("A row of the type “{type}” is no piece; it is not read", type=table.text(row, "Type")),
        say("Only simple and variable products and their variations are read"),
    )
