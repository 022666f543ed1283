"""The sections of the shop's desk and their pages: the way around, by what somebody may open."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from storefront_backend.accounts.models import User
from storefront_backend.accounts.rights import is_operator, operates


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the way around. `inner` are the names of pages that are reached from it."""

    name: str
    title: str | Promise
    right: str = ""
    inner: tuple[str, ...] = ()
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A group of pages; its first page is where its name leads."""

    title: str | Promise
    entries: tuple[Entry, ...]

    @property
    def is_here(self) -> bool:
        """Whether the page shown is one of its own."""
        return any(entry.is_here for entry in self.entries)


_ORDER_PAGES = (
    "order", "order-send", "order-cancel", "order-refund", "order-note", "order-letter",
    "order-events",
)  # fmt: skip

SECTIONS: tuple[Section, ...] = (
    Section(_("Overview"), (Entry("overview", _("Overview")),)),
    Section(
        _("Orders"),
        (
            Entry(
                "orders",
                _("Orders"),
                "orders.view_order",
                _ORDER_PAGES,
            ),
            Entry(
                "checkouts",
                _("Checkouts that wait"),
                "orders.view_transaction",
                ("checkout-settle", "checkout-give-up", "checkout-repeat"),
            ),
        ),
    ),
    Section(
        _("Money"),
        (
            Entry("payouts", _("Payouts"), "orders.view_ledgermovement", ("payout", "payout-pay")),
            Entry(
                "open-money",
                _("Money to allocate"),
                "orders.view_openmoney",
                ("open-money-order",),
            ),
        ),
    ),
    Section(
        _("Prices"),
        (
            Entry("rates", _("Rates"), "catalog.view_ratetick", ("rates-tick", "rates-decide")),
            Entry(
                "held-prices",
                _("Held prices"),
                "catalog.view_importrun",
                ("held-price", "held-price-decide"),
            ),
        ),
    ),
    Section(
        _("Houses"),
        (
            Entry(
                "houses",
                _("Houses"),
                "catalog.view_brand",
                ("house", "house-invite", "house-suspend"),
            ),
            Entry(
                "people", _("People"), "accounts.view_user", ("person-suspend", "person-marketer")
            ),
        ),
    ),
    Section(
        _("Markets"),
        (Entry("markets", _("Markets"), "catalog.view_listing", ("market", "market-relist")),),
    ),
    Section(
        _("Work"),
        (
            Entry("work", _("Background work"), "background.view_stepstate"),
            Entry("failures", _("What failed"), "background.view_failure", ("failure",)),
            Entry("builds", _("Builds"), "models3d.view_build", ("build",)),
            Entry(
                "saleor",
                "Saleor",
                "saleor_rows.view_installation",
                ("saleor-event", "saleor-conflict"),
            ),
        ),
    ),
    Section(
        _("Shop"),
        (
            Entry("imprint", _("Imprint"), "catalog.view_imprint"),
            Entry(
                "deliveries",
                _("Deliveries"),
                "catalog.view_shippingmethod",
                ("delivery", "delivery-new"),
            ),
            Entry(
                "warehouses",
                _("Warehouses"),
                "catalog.view_warehouse",
                ("warehouse", "warehouse-new"),
            ),
        ),
    ),
    Section(_("Log"), (Entry("acts", _("Who did what"), "operator_desk.view_operatoract"),)),
)


def sections_of(user: User, at: str) -> list[Section]:
    """The sections with the pages that this operator may open; `at` is the page shown."""
    found = []
    for section in SECTIONS:
        entries = tuple(
            Entry(entry.name, entry.title, is_here=at == entry.name or at in entry.inner)
            for entry in section.entries
            if (operates(user, entry.right) if entry.right else is_operator(user))
        )
        if entries:
            found.append(Section(section.title, entries))
    return found
