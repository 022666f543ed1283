"""What others changed in Saleor, read in the order of change.

The cursor is the moment up to which everything has been read, and the ids already read of that
moment, since several products may carry the same one: `<moment> <id> <id> …`. A star before it says
that the first reading is not over: only that one brings stock, which does not touch a product's
`updatedAt` and comes by webhook later.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storefront_backend.commerce.catalogue import CatalogChange, CatalogChanges
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.saleor.catalogue.merge import changed
from storefront_backend.saleor.catalogue.reading import PAGE, json_object, nodes, shared_texts
from storefront_backend.saleor.transport import Saleor

_FIRST = "*"


def read_changes(saleor: Saleor, cursor: str) -> CatalogChanges:
    """A page of changes and the cursor behind it."""
    first_reading = not cursor or cursor.startswith(_FIRST)
    since, seen = _read_cursor(cursor.removeprefix(_FIRST))
    after: str | None = None
    while True:
        answer = saleor.run("catalogue/changed", since=since, first=PAGE, after=after).data
        connection = answer["products"]
        found = [
            node
            for node in nodes(connection)
            if node["updatedAt"] != since or node["id"] not in seen
        ]
        if found or not connection["pageInfo"]["hasNextPage"]:
            break
        after = connection["pageInfo"]["endCursor"]
    if not found:
        return CatalogChanges((), cursor.removeprefix(_FIRST))
    last = found[-1]["updatedAt"]
    same = [node["id"] for node in found if node["updatedAt"] == last]
    known = sorted(seen) if last == since else []
    changes = [change for node in found for change in changes_of(node, with_stock=first_reading)]
    behind = " ".join([last, *known, *same])
    return CatalogChanges(tuple(changes), f"{_FIRST if first_reading else ''}{behind}")


def changes_of(node: Mapping[str, Any], *, with_stock: bool) -> list[CatalogChange]:
    """What differs in a product from what both sides agreed on."""
    at = datetime.fromisoformat(node["updatedAt"])
    fields = changed(json_object(node["base"]), shared_texts(node))
    changes = [CatalogChange(node["slug"], name, value, at) for name, value in fields.items()]
    if with_stock:
        for variant in node["variants"] or ():
            changes += stock_changes(variant, at)
    return changes


def stock_changes(variant: Mapping[str, Any], at: datetime) -> list[CatalogChange]:
    """How many of a variant are in which warehouse, as Saleor says."""
    if not variant["sku"]:
        return []
    return [
        CatalogChange(
            variant["sku"], f"stock:{each['warehouse']['slug']}", str(each["quantity"]), at
        )
        for each in variant["stocks"] or ()
    ]


def _read_cursor(cursor: str) -> tuple[str | None, frozenset[str]]:
    if not cursor:
        return None, frozenset()
    since, *seen = cursor.split(" ")
    try:
        datetime.fromisoformat(since)
    except ValueError:
        raise InvalidRequest(f"{cursor!r} is not one of our cursors", field="cursor") from None
    return since, frozenset(seen)
