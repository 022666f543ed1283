"""`manage.py allocate`: whose was the money that was refunded at the provider's, or disputed?"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.aftersale.allocations import Allocation
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.commerce.ledger import OPEN_ACCOUNTS, Account
from storefront_backend.commerce.shares import PARTS
from storefront_backend.orders.models import Refund
from storefront_backend.selling.ledger import open_money


class Command(BaseCommand):
    """Allocates open money of one order to a brand's lines or to the shop's loss; once by its key.

    Then prints what is left open.
    """

    help = (
        "Money of an order that was refunded at the provider's own page, or lost to a dispute,"
        " is borne by lines of a brand (--brand and --pieces) or by the shop (--loss). Nothing"
        " moves at the provider. `payouts` lists what is open."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which money, and whose."""
        parser.add_argument("order", help="the order's number")
        parser.add_argument(
            "--key", required=True, help="your name for this: a retry with it changes nothing"
        )
        parser.add_argument("--reason", required=True)
        parser.add_argument(
            "--from",
            dest="source",
            default=Account.UNALLOCATED.value,
            choices=[account.value for account in OPEN_ACCOUNTS],
        )
        parser.add_argument(
            "--amount", nargs=2, metavar=("AMOUNT", "CURRENCY"), help="default: all of it"
        )
        parser.add_argument("--loss", action="store_true", help="the shop bears it")
        parser.add_argument("--brand", default="", help="the brand that bears it")
        parser.add_argument(
            "--pieces",
            nargs="+",
            default=[],
            metavar="SKU=COUNT",
            help="pieces of the brand's that it was refunded for",
        )
        parser.add_argument(
            "--kind",
            default=Refund.Kind.RETURN.value,
            choices=Refund.Kind.values,
            help="cancelled before they left, came back, or stay with the shopper",
        )
        parser.add_argument(
            "--parts",
            nargs="+",
            default=sorted(PARTS),
            choices=sorted(PARTS),
            help="parts of the price that were refunded (default: all)",
        )
        parser.add_argument("--duty-note", default="", help="what becomes of the duty")

    def handle(self, *args: Any, **options: Any) -> None:
        """Allocate, then print what is left."""
        number = options["order"]
        try:
            amount = _money(options["amount"]) if options["amount"] else None
            if options["loss"]:
                self._write_off(number, amount, options)
            else:
                self._allocate(number, amount, options)
        except CommerceError as error:
            raise CommandError(f"{error.message} {error.hint}".strip()) from error
        for balance in open_money(number):
            self.stdout.write(f"order {number}\t{balance.account} {balance.amount}")

    def _write_off(self, number: str, amount: Money | None, options: dict[str, Any]) -> None:
        if options["brand"] or options["pieces"]:
            raise CommandError("--loss names no brand and no pieces")
        booked = wiring.allocations().write_off(
            number,
            key=options["key"],
            reason=options["reason"],
            amount=amount,
            source=Account(options["source"]),
        )
        self.stdout.write(f"{booked} of order {number}: the shop's loss")

    def _allocate(self, number: str, amount: Money | None, options: dict[str, Any]) -> None:
        if not options["brand"] or not options["pieces"]:
            raise CommandError("Name --brand and --pieces, or --loss")
        order = wiring.allocations().allocate(
            number,
            Allocation(
                key=options["key"],
                brand=options["brand"],
                pieces=_pieces(number, options["brand"], options["pieces"]),
                kind=options["kind"],
                amount=amount,
                source=Account(options["source"]),
                reason=options["reason"],
                parts=frozenset(options["parts"]),
                duty_note=options["duty_note"],
            ),
        )
        refund = max(order.refunds, key=lambda refund: refund.created_at)
        self.stdout.write(f"{refund.amount} to {refund.brand}: credit note {refund.number}")


def _money(said: list[str]) -> Money:
    try:
        return Money(Decimal(said[0]), said[1].upper())
    except InvalidOperation:
        raise CommandError(f"{said[0]} is not an amount") from None


def _pieces(number: str, brand: str, said: list[str]) -> dict[str, int]:
    """Counts by line id; the first line of a SKU takes what it can hold, then the next."""
    lines = [line for line in wiring.orders().get(number).lines if line.brand == brand]
    found: dict[str, int] = {}
    for each in said:
        sku, _, count = each.rpartition("=")
        named = [line for line in lines if line.sku == sku]
        if not named or not count.isdecimal():
            raise CommandError(f"{each!r} is not a SKU=COUNT of {brand}'s in order {number}")
        rest = int(count)
        for line in named:
            taken = min(rest, line.quantity) if line is not named[-1] else rest
            if taken:
                found[line.id] = taken
            rest -= taken
    return found
