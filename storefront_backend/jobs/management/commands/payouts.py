"""`manage.py payouts`: what each brand is owed, and booking that it has been paid."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.catalog.models import Brand
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.commerce.ledger import Account
from storefront_backend.selling import ledger

_OWN_COSTS = (Account.PROVIDER_FEES, Account.LOSS)


class Command(BaseCommand):
    """Prints balances; with --paid books one payout."""

    help = (
        "Prints what each brand is owed and what is not due yet, in each currency, and the money"
        " of orders that is not allocated yet (see `allocate`). A payout is booked with --brand,"
        " --paid and the bank's --reference; a retry with the same reference changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which brand, and what it was paid."""
        parser.add_argument("--brand", default="", help="one brand's slug; default: all")
        parser.add_argument("--paid", nargs=2, metavar=("AMOUNT", "CURRENCY"))
        parser.add_argument("--reference", default="", help="the bank's name for the payout")

    def handle(self, *args: Any, **options: Any) -> None:
        """Book if requested, then print."""
        if options["paid"]:
            amount, currency = options["paid"]
            self._book(options["brand"], amount, currency, options["reference"])
        for due in ledger.dues(options["brand"]):
            self.stdout.write(f"{due.brand}\tdue {due.due}\theld {due.held}")
        for balance in ledger.open_money():
            self.stdout.write(f"order {balance.order}\t{balance.account} {balance.amount}")
        for currency, accounts in sorted(ledger.balances().items()):
            for account in _OWN_COSTS:
                if accounts.get(account):
                    cost = Money(accounts[account], currency).quantized()
                    self.stdout.write(f"the shop's own\t{account} {cost}")
            total = sum(accounts.values(), Decimal(0))
            self.stdout.write(f"ledger in {currency} comes to {total}")
            if total:
                raise CommandError(f"The ledger in {currency} does not balance", returncode=1)

    def _book(self, brand: str, amount: str, currency: str, reference: str) -> None:
        if not brand or not reference:
            raise CommandError("--paid needs --brand and --reference")
        try:
            money = Money(Decimal(amount), currency.upper())
            new = ledger.pay_out(brand, money, reference=reference, at=wiring.now())
        except InvalidOperation:
            raise CommandError(f"{amount} is not an amount") from None
        except Brand.DoesNotExist:
            raise CommandError(f"There is no brand {brand}") from None
        except CommerceError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{money} to {brand}: {'booked' if new else 'booked already'}")
