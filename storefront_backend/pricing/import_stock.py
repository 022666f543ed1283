"""A sheet's quantities into the stock, in bulk.

The same number again says nothing: a piece that was sold since does not come back. Pieces promised
to shoppers who are paying right now stay promised.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.db import connection

from storefront_backend.catalog.models import Stock, Warehouse

_SET = """
UPDATE catalog_stock SET sheet_quantity = said.quantity, quantity = CASE
    WHEN said.known THEN greatest(said.quantity, catalog_stock.reserved)
    ELSE catalog_stock.quantity END
FROM unnest(%s::bigint[], %s::int[], %s::bool[]) AS said (id, quantity, known)
WHERE catalog_stock.id = said.id
"""
_INSERT = """
INSERT INTO catalog_stock (warehouse_id, variant_id, quantity, reserved, sheet_quantity)
SELECT %s, said.variant, said.quantity, 0, said.quantity
FROM unnest(%s::bigint[], %s::int[]) AS said (variant, quantity)
"""
type _Said = tuple[int, int, bool]  # the row's id, the sheet's quantity, whether it is the count


def put_stock(warehouse: Warehouse, quantities: Mapping[int, int]) -> None:
    """Take quantities, by variant's id, where they are others than the brand's last sheet had.

    Where nothing is known of an earlier sheet, the shop's own count stays.
    """
    rows = _rows(quantities)
    new: list[int] = []
    said: list[_Said] = []
    for variant, quantity in quantities.items():
        row = _of_the_sheet(rows[variant]) or _at(warehouse, rows[variant])
        if row is None:
            new.append(variant)
        elif row.sheet_quantity != quantity:
            said.append((row.pk, quantity, row.sheet_quantity is not None))
    _write(warehouse, new, said, quantities)


def set_stock(warehouse: Warehouse, quantities: Mapping[int, int]) -> None:
    """Make the pieces in stock what the sheet says, though it said the same before."""
    rows = _rows(quantities)
    new: list[int] = []
    said: list[_Said] = []
    for variant, quantity in quantities.items():
        row = _of_the_sheet(rows[variant]) or _at(warehouse, rows[variant])
        if row is None:
            new.append(variant)
        else:
            said.append((row.pk, quantity, True))
    _write(warehouse, new, said, quantities)


def _rows(quantities: Mapping[int, int]) -> Mapping[int, list[Stock]]:
    """The rows of these variants, locked in the one order that all imports lock them in."""
    found: dict[int, list[Stock]] = defaultdict(list)
    locked = Stock.objects.select_for_update().filter(variant__in=list(quantities))
    for row in locked.order_by("pk"):
        found[row.variant_id].append(row)
    return found


def _of_the_sheet(rows: list[Stock]) -> Stock | None:
    return next((row for row in rows if row.sheet_quantity is not None), None)


def _at(warehouse: Warehouse, rows: list[Stock]) -> Stock | None:
    return next((row for row in rows if row.warehouse_id == warehouse.pk), None)


def _write(
    warehouse: Warehouse, new: list[int], said: list[_Said], quantities: Mapping[int, int]
) -> None:
    with connection.cursor() as cursor:
        if new:
            counts = [quantities[variant] for variant in new]
            cursor.execute(_INSERT, [warehouse.pk, new, counts])
        if said:
            cursor.execute(_SET, [list(column) for column in zip(*said, strict=True)])
