"""Google Merchant's product feed: one row an offer; `item_group_id` makes variants of offers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from catalog_import import limits
from catalog_import.cells import fold
from catalog_import.expanding import Taken
from catalog_import.presets.jewellery import Option, Product, code_of, facts, text_of
from catalog_import.presets.table import Record, Table, added
from catalog_import.sheets import Row

NAME = "google"
FOUND_IN = "title"
FIELDS: Mapping[str, str] = {
    "id": "sku", "title": "name_en", "description": "description_en", "link": "",
    "image_link": "pictures", "additional_image_link": "pictures", "availability": "",
    "price": "fixed_price", "sale_price": "",
    "sale_price_effective_date": "", "brand": "", "gtin": "", "mpn": "", "condition": "",
    "google_product_category": "", "product_type": "", "item_group_id": "product_code",
    "material": "", "color": "", "size": "", "size_system": "ring_size_system", "size_type": "",
    "gender": "", "age_group": "", "shipping": "", "shipping_weight": "", "tax": "", "pattern": "",
    "cost_of_goods_sold": "", "unit_pricing_measure": "", "identifier_exists": "",
    "custom_label_0": "",
    "product_weight": "", "quantity": "stock", "inventory": "stock",
}  # fmt: skip
USED = frozenset({"googleproductcategory", "producttype", "material", "color", "size", "saleprice"})


def recognises(headers: Sequence[str]) -> bool:
    """Whether these are the headers of a Merchant feed."""
    known = {fold(header.removeprefix("g:")) for header in headers}
    return (
        {"id", "title", "price"} <= known
        and bool(known & {"imagelink", "link"})
        and ("availability" in known or "itemgroupid" in known)
    )


def rows(table: Table, below: Iterable[Row]) -> Iterator[Record]:
    """A record for each offer."""
    for row in below:
        sku = table.at(row, "id")
        group = table.at(row, "item_group_id") or sku
        if sku is None or group is None:
            yield Record(row, added(table, row))
            continue
        product = Product(Taken(code_of(str(group.value)), group.at))
        title = table.at(row, "title")
        body = table.at(row, "description")
        story = text_of(body, limits.DESCRIPTION)
        product.cells = {n: t for n, t in (("name_en", title), ("description_en", story)) if t}
        product.texts = [title] if title else []
        kinds = (table.at(row, "product_type"), title, table.at(row, "google_product_category"))
        product.kinds = [each for each in kinds if each is not None]
        product.body = body
        yield Record(row, _cells(table, row, product, sku))


def _cells(table: Table, row: Row, product: Product, sku: Taken) -> dict[str, Taken]:
    options = [
        Option(name, taken)
        for name in ("material", "color", "size")
        if (taken := _material(table.at(row, name)) if name == "material" else table.at(row, name))
    ]
    cells = {"product_code": product.code, **product.cells, **facts(product, options), "sku": sku}
    price, sale = table.at(row, "price"), table.at(row, "sale_price")
    if sale is not None and price is not None and re.search(r"[1-9]", str(sale.value)):
        cells |= {"fixed_price": sale, "compare_at_price": price}
    elif price is not None:
        cells |= {"fixed_price": price}
    system = table.at(row, "size_system")
    stock = (
        table.at(row, "quantity_to_sell_on_facebook")
        or table.at(row, "inventory")
        or table.at(row, "quantity")
    )
    for name, taken in (("ring_size_system", system), ("stock", stock)):
        if taken is not None:
            cells[name] = taken
    if "ring_size" not in cells:
        cells.pop("ring_size_system", None)
    return cells | added(table, row)


def _material(taken: Taken | None) -> Taken | None:
    """The metal of "18K Yellow Gold/Diamond": the first of the materials."""
    if taken is None:
        return None
    return Taken(re.split(r"[/,;]", str(taken.value))[0].strip(), taken.at)
