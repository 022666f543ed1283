"""Meta's catalogue feed (Facebook, Instagram): Google's with fields of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from catalog_import.cells import fold
from catalog_import.presets import google
from catalog_import.presets.table import Record, Table
from catalog_import.sheets import Row

NAME = "meta"
FOUND_IN = google.FOUND_IN
FIELDS: Mapping[str, str] = {
    **google.FIELDS,
    "quantity_to_sell_on_facebook": "stock",
    "fb_product_category": "",
    "status": "",
    "visibility": "",
    "origin_country": "origin",
    "rich_text_description": "",
    "video[0].url": "",
}
USED = google.USED
_OWN = frozenset(
    ("quantitytosellonfacebook", "fbproductcategory", "richtextdescription", "origincountry",
     "commercetaxcategory", "returnpolicyinfo")
)  # fmt: skip


def recognises(headers: Sequence[str]) -> bool:
    """Whether these are a feed's headers with a field that Meta alone has."""
    return google.recognises(headers) and bool(_OWN & {fold(header) for header in headers})


def rows(table: Table, below: Iterable[Row]) -> Iterator[Record]:
    """A record for each item."""
    return google.rows(table, below)
