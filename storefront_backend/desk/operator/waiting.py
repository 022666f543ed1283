"""What waits for a person, counted for the first page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from storefront_backend import wiring
from storefront_backend.background.models import Failure
from storefront_backend.background.report import report
from storefront_backend.catalog.models import RateTick
from storefront_backend.desk.operator.seat import OperatorSeat
from storefront_backend.desk.operator.views.checkouts import waiting as payments_waiting
from storefront_backend.desk.operator.views.rates import held_sheets
from storefront_backend.desk.operator.views.saleor import open_conflicts, open_sales
from storefront_backend.jobs.sweep import STEPS
from storefront_backend.models3d.models import Build
from storefront_backend.orders.models import Fulfillment, Order
from storefront_backend.selling.ledger import dues, open_money


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


def _held_rates() -> int:
    return RateTick.objects.filter(state=RateTick.State.HELD).count()


def _failed_builds() -> int:
    return Build.objects.filter(state=Build.State.FAILED).count()


_ORDERS = "orders.view_order"

WAITING: tuple[Waiting, ...] = (
    Waiting(_("Orders on hold"), "orders", _ORDERS, _flagged, query="flag=any", urgent=True),
    Waiting(
        _("Orders to send"), "orders", "orders.view_order", _to_send, query="state=unfulfilled"
    ),
    Waiting(
        _("Checkouts that wait"),
        "checkouts",
        "orders.view_transaction",
        lambda: payments_waiting().count(),
        urgent=True,
    ),
    Waiting(
        _("Money to allocate"),
        "open-money",
        "orders.view_openmoney",
        lambda: len({each.order for each in open_money()}),
        urgent=True,
    ),
    Waiting(
        _("Held rates"), "rates", "catalog.view_ratetick", _held_rates, "state=held", urgent=True
    ),
    Waiting(
        _("Sheets with held prices"),
        "held-prices",
        "catalog.view_importrun",
        lambda: held_sheets().count(),
    ),
    Waiting(
        _("Houses to pay"),
        "payouts",
        "orders.view_ledgermovement",
        lambda: len({each.brand for each in dues() if each.due.amount > 0}),
    ),
    Waiting(
        _("Set aside in the background"),
        "failures",
        "background.view_failure",
        lambda: Failure.objects.exclude(set_aside_at=None).count(),
        "state=aside",
        urgent=True,
    ),
    Waiting(
        _("Late background work"),
        "work",
        "background.view_stepstate",
        lambda: len(report(STEPS, wiring.now(), settings.WORK_LATE_AFTER).late),
        urgent=True,
    ),
    Waiting(_("Failed builds"), "builds", "models3d.view_build", _failed_builds, "state=failed"),
    Waiting(
        _("Saleor: sales not in step, conflicts"),
        "saleor",
        "saleor_rows.view_installation",
        lambda: open_sales().count() + open_conflicts().count(),
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
