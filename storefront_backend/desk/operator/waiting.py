"""What waits for a person, counted for the first page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from storefront_backend.desk.operator.seat import OperatorSeat
from storefront_backend.orders.models import Fulfillment, Order


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that a person has to look at, and the page where it is done."""

    title: str | Promise
    page: str  # name of the address
    right: str
    count: Callable[[], int]
    query: str = ""
    urgent: bool = False  # money, law or a shopper waits


@dataclass(frozen=True, slots=True)
class Count:
    """How much of it there is now."""

    title: str | Promise
    page: str
    query: str
    number: int
    urgent: bool


def _flagged() -> int:
    return Order.objects.exclude(flag="").count()


def _to_send() -> int:
    return (
        Fulfillment.objects.filter(state=Fulfillment.State.WAITING)
        .values("order")
        .distinct()
        .count()
    )


_ORDERS = "orders.view_order"

WAITING: tuple[Waiting, ...] = (
    Waiting(_("Orders on hold"), "orders", _ORDERS, _flagged, query="flag=any", urgent=True),
    Waiting(
        _("Orders to send"), "orders", "orders.view_order", _to_send, query="state=unfulfilled"
    ),
)


def counts(seat: OperatorSeat) -> list[Count]:
    """What this operator may open, with its number; what is urgent first."""
    found = [
        Count(each.title, each.page, each.query, each.count(), each.urgent)
        for each in WAITING
        if seat.may(each.right)
    ]
    return sorted(found, key=lambda each: not (each.urgent and each.number))
