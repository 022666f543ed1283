"""The brands' ledger in double entry: every movement balances by construction.

Amounts are signed: what an account is owed or holds is positive, what it owes is negative, and the
entries of a movement come to zero in its currency. Money that a shopper paid is on `provider`
(the payment provider owes it to us) against those it belongs to:

| account        | whose money                                                     |
|----------------|-----------------------------------------------------------------|
| provider       | with the payment provider, on its way to our bank               |
| bank           | paid out of our bank                                            |
| brand-held     | a brand's, not due: its parcel has not left                     |
| brand-payable  | a brand's, due                                                  |
| carriers       | collected for the carriage                                      |
| duty           | collected for customs, with customs' fees                       |
| tax            | collected for the tax authority of the market                   |
| commission     | the shop's own                                                  |
| commission-tax | tax on the commission, owed to the shop's own tax authority     |
| unallocated    | refunded at the provider's; a person says whose it was          |
| disputed       | taken by shoppers' banks, until they decide and a person says   |
| provider-fees  | what the provider took for disputes                             |
| loss           | the shop's own loss                                             |
| partner-due    | a partner's (KOL, KOC), due                                     |
| partner-cost   | what partners cost the shop, less what brands bear of it        |
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from i18n.errors import CurrencyMismatch
from i18n.money import Money
from storefront_backend.commerce.shares import Share


class Account(StrEnum):
    """Who an amount belongs to."""

    PROVIDER = "provider"
    BANK = "bank"
    BRAND_HELD = "brand-held"
    BRAND_PAYABLE = "brand-payable"
    CARRIERS = "carriers"
    DUTY = "duty"
    TAX = "tax"
    COMMISSION = "commission"
    COMMISSION_TAX = "commission-tax"
    UNALLOCATED = "unallocated"
    DISPUTED = "disputed"
    PROVIDER_FEES = "provider-fees"
    LOSS = "loss"
    PARTNER_DUE = "partner-due"
    PARTNER_COST = "partner-cost"


# The accounts of money that is not allocated to anyone yet.
OPEN_ACCOUNTS = (Account.UNALLOCATED, Account.DISPUTED)


class MovementKind(StrEnum):
    """What happened."""

    SALE = "sale"
    FULFILMENT = "fulfilment"
    REFUND = "refund"
    PAYOUT = "payout"
    PROVIDER_REFUND = "provider-refund"
    DISPUTE = "dispute"
    DISPUTE_FEE = "dispute-fee"
    WRITE_OFF = "write-off"
    PARTNER_EARNING = "partner-earning"
    PARTNER_CHARGE = "partner-charge"
    PARTNER_PAYOUT = "partner-payout"


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a movement."""

    account: Account
    amount: Money


@dataclass(frozen=True, slots=True)
class Movement:
    """Entries of one currency that come to zero. `key` is the idempotency key.

    `brand` is empty while the money is no brand's.
    """

    key: str
    kind: MovementKind
    brand: str
    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        if len({entry.amount.currency for entry in self.entries}) > 1:
            raise CurrencyMismatch(f"{self.key} mixes currencies")
        if sum((entry.amount.amount for entry in self.entries), Decimal(0)):
            raise ValueError(f"{self.key} does not balance")


@dataclass(frozen=True, slots=True)
class CommissionTerms:
    """The shop's share of a brand's goods, and the tax on that share: 0.15 is 15 %."""

    commission: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)

    def on(self, goods: Money) -> Commission:
        """Commission and its tax on net goods, each rounded half up to the minor unit."""
        fee = (goods * self.commission).quantized(ROUND_HALF_UP)
        return Commission(fee, (fee * self.tax).quantized(ROUND_HALF_UP))

    def between(self, before: Money, after: Money) -> Commission:
        """What goods growing from `before` to `after` add.

        Calculated on the running total, so that many small parcels of a line bear what one large
        one would, and a return returns what was taken.
        """
        old, new = self.on(before), self.on(after)
        return Commission(new.fee - old.fee, new.tax - old.tax)


@dataclass(frozen=True, slots=True)
class Commission:
    """The shop's fee on a brand's sale and the tax on the fee."""

    fee: Money
    tax: Money

    def __add__(self, other: Commission) -> Commission:
        return Commission(self.fee + other.fee, self.tax + other.tax)

    @property
    def total(self) -> Money:
        """What the brand bears."""
        return self.fee + self.tax


def sale(key: str, brand: str, share: Share) -> Movement:
    """A brand's part of an order has been paid for."""
    return _movement(
        key,
        MovementKind.SALE,
        brand,
        (
            (Account.PROVIDER, share.total),
            (Account.BRAND_HELD, -share.goods),
            *_owed_to_others(share, -1),
        ),
    )


def fulfilment(key: str, brand: str, goods: Money, commission: Commission) -> Movement:
    """A parcel has left: its goods fall due to the brand, less the shop's commission."""
    return _movement(
        key,
        MovementKind.FULFILMENT,
        brand,
        (
            (Account.BRAND_HELD, goods),
            (Account.BRAND_PAYABLE, -(goods - commission.total)),
            (Account.COMMISSION, -commission.fee),
            (Account.COMMISSION_TAX, -commission.tax),
        ),
    )


def refund_unsent(
    key: str, brand: str, share: Share, source: Account = Account.PROVIDER
) -> Movement:
    """A refund for pieces that never left: nothing had fallen due.

    `source` is where it is: with the provider, or on an open account since before.
    """
    return _movement(
        key,
        MovementKind.REFUND,
        brand,
        (
            (source, -share.total),
            (Account.BRAND_HELD, share.goods),
            *_owed_to_others(share, 1),
        ),
    )


def refund_returned(
    key: str,
    brand: str,
    share: Share,
    commission: Commission,
    source: Account = Account.PROVIDER,
) -> Movement:
    """A refund for pieces that had left; `commission` is what the shop gives up."""
    return _movement(
        key,
        MovementKind.REFUND,
        brand,
        (
            (source, -share.total),
            (Account.BRAND_PAYABLE, share.goods - commission.total),
            (Account.COMMISSION, commission.fee),
            (Account.COMMISSION_TAX, commission.tax),
            *_owed_to_others(share, 1),
        ),
    )


def payout(key: str, brand: str, amount: Money) -> Movement:
    """What was due has been paid to the brand."""
    return _movement(
        key,
        MovementKind.PAYOUT,
        brand,
        ((Account.BRAND_PAYABLE, amount), (Account.BANK, -amount)),
    )


def provider_refund(key: str, amount: Money) -> Movement:
    """A refund made at the provider's that no line is named for; below zero: it came back."""
    return _movement(
        key,
        MovementKind.PROVIDER_REFUND,
        "",
        ((Account.PROVIDER, -amount), (Account.UNALLOCATED, amount)),
    )


def dispute(key: str, amount: Money) -> Movement:
    """Money that a shopper's bank has taken back; below zero: it was put back."""
    return _movement(
        key,
        MovementKind.DISPUTE,
        "",
        ((Account.PROVIDER, -amount), (Account.DISPUTED, amount)),
    )


def dispute_fee(key: str, fee: Money) -> Movement:
    """What the provider took for a dispute, the shop's own cost."""
    return _movement(
        key,
        MovementKind.DISPUTE_FEE,
        "",
        ((Account.PROVIDER, -fee), (Account.PROVIDER_FEES, fee)),
    )


def write_off(key: str, amount: Money, source: Account) -> Movement:
    """What is open is the shop's own loss; below zero: its gain."""
    return _movement(key, MovementKind.WRITE_OFF, "", ((source, -amount), (Account.LOSS, amount)))


def partner_earning(key: str, amount: Money) -> Movement:
    """A partner has earned commission; below zero: a refund takes it back."""
    return _movement(
        key,
        MovementKind.PARTNER_EARNING,
        "",
        ((Account.PARTNER_COST, amount), (Account.PARTNER_DUE, -amount)),
    )


def partner_charge(key: str, brand: str, amount: Money) -> Movement:
    """The brand bears what a partner has earned; below zero: it gets it back."""
    return _movement(
        key,
        MovementKind.PARTNER_CHARGE,
        brand,
        ((Account.BRAND_PAYABLE, amount), (Account.PARTNER_COST, -amount)),
    )


def partner_payout(key: str, amount: Money) -> Movement:
    """What was due has been paid to the partner."""
    return _movement(
        key,
        MovementKind.PARTNER_PAYOUT,
        "",
        ((Account.PARTNER_DUE, amount), (Account.BANK, -amount)),
    )


def _owed_to_others(share: Share, sign: int) -> tuple[tuple[Account, Money], ...]:
    return (
        (Account.CARRIERS, share.shipping * sign),
        (Account.DUTY, share.duty * sign),
        (Account.TAX, share.tax * sign),
    )


def _movement(
    key: str, kind: MovementKind, brand: str, sides: Iterable[tuple[Account, Money]]
) -> Movement:
    entries = tuple(Entry(account, amount) for account, amount in sides if amount)
    return Movement(key, kind, brand, entries)
