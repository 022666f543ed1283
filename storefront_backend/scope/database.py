"""The role that a brand's request runs as.

| role             | sees                                                              |
|------------------|-------------------------------------------------------------------|
| the shop's login | every row: shoppers' pages, jobs, operators                       |
| pavilion_brand   | rows of the brands in the setting `pavilion.brands`, no others'   |

The role holds for the session, not for one transaction, since a request may need several. A pool
that hands out connections by transaction (PgBouncer's `transaction` mode) would mix them up: use
its `session` mode for the web processes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DatabaseError, connection

from storefront_backend.running.cluster import BRAND_ROLE

# None: the shop. What a nested change has to return to.
_entered: ContextVar[frozenset[int] | None] = ContextVar("brands", default=None)


@contextmanager
def as_brands(brand_ids: Iterable[int]) -> Iterator[None]:
    """Meanwhile the database shows and takes rows of these brands only."""
    with _switched(frozenset(brand_ids)):
        yield


@contextmanager
def as_shop() -> Iterator[None]:
    """Meanwhile a brand's request works as the shop: an engine that settles what is everybody's.

    Only after it is settled that the brand may ask for it, and with the brand as an argument.
    """
    with _switched(None):
        yield


def brands_entered() -> frozenset[int] | None:
    """The brands whose rows are shown at the moment; None: all, as the shop."""
    return _entered.get()


@contextmanager
def _switched(brand_ids: frozenset[int] | None) -> Iterator[None]:
    before = _entered.get()
    _tell(brand_ids)
    token = _entered.set(brand_ids)
    try:
        yield
    finally:
        _entered.reset(token)
        try:
            _tell(before)
        except DatabaseError:
            # Never hand a connection on that may still be another's: the next query opens one.
            connection.close()


def _tell(brand_ids: frozenset[int] | None) -> None:
    listed = "" if brand_ids is None else ",".join(map(str, sorted(brand_ids)))
    role = "NONE" if brand_ids is None else BRAND_ROLE
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pavilion.brands', %s, false)", [listed])
        cursor.execute(f"SET ROLE {role}")
