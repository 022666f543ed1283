"""Repricing: a tick of the rates reaches every listing of a market at once.

The work of a tick is a row for each market (catalog Repricing). A worker takes the next one
that no other holds a lock on, so two processes share a tick, and one that is killed rolls back its
market, to be taken again. Nothing is done a listing at a time:

1. the database calculates the goods prices from the price terms (repricing_sql.py);
2. what they cost landed depends on price and tariff class only: each distinct pair is
   calculated once (commerce/landed_many.py) and copied back;
3. rows that differ are written, and what was before is kept where the law asks for it.

Readers see the market as it was until the commit; PostgreSQL's snapshots never make them wait.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from i18n.money import Money, minor_unit
from storefront_backend.catalog.models import (
    Listing,
    RateTick,
    Repricing,
    ShippingMethod,
    TariffClass,
)
from storefront_backend.commerce import landed_many
from storefront_backend.commerce.delivery import insuring
from storefront_backend.commerce.landed import LandedCosts
from storefront_backend.commerce.landed_many import Refusal, Totals
from storefront_backend.commerce.pricebook import METALS, PriceBook
from storefront_backend.pricing import repricing_sql as sql
from storefront_backend.pricing.listing import (
    NOT_INSURED,
    keeps_past_prices,
    shipping_methods,
    stop,
)
from storefront_backend.pricing.market_locks import lock_exclusive


def ask(tick: RateTick, markets: Iterable[str], by: str, now: datetime) -> None:
    """Put a tick's markets down as work to do; one that waits already is not put down twice."""
    Repricing.objects.bulk_create(
        (Repricing(tick=tick, market=m, asked_by=by[:150], asked_at=now) for m in markets),
        ignore_conflicts=True,
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """Moves of live goods prices as shares, 0.1 for +10 %; None where nothing is live."""

    listings: int
    lowest: Decimal | None = None
    middle: Decimal | None = None
    highest: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Repricer:
    """Works at one tick, by one price book and one rulebook."""

    tick: RateTick
    book: PriceBook
    costs: LandedCosts
    now: datetime

    def work(self) -> tuple[Repricing, ...]:
        """Reprice markets until none is left that no other process holds. Raises StaleRates."""
        return tuple(iter(self.work_one, None))

    def work_one(self) -> Repricing | None:
        """Reprice one market in one transaction; None where there is none left to take."""
        with transaction.atomic():
            work = (
                Repricing.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(done_at=None, tick=self.tick)
                .order_by("pk")
                .first()
            )
            if work is None:
                return None
            lock_exclusive(work.market)
            self._reprice(work)
            work.done_at = self.now
            work.save()
        return work

    def _reprice(self, work: Repricing) -> None:
        market = work.market
        policy = self.book.policies[market]
        if not Listing.objects.filter(market=market).exists():
            return  # nothing is listed there yet, so its currency may lack a rate
        rates = home_rates(self.book, market, self.now)
        statement, parameters = sql.fresh_statement(policy, rates, market)
        with connection.cursor() as cursor:
            cursor.execute(sql.SETTINGS)
            cursor.execute(statement, parameters)
            cursor.execute(sql.WANTED)
            # Joined before the copy begins: `_totals` queries the database on the same connection.
            lines = "".join(self._totals(market, cursor.fetchall()))
            cursor.execute(sql.TOTALS)
            with cursor.copy("COPY landed FROM STDIN") as copy:
                copy.write(lines)
            cursor.execute(sql.moved_statement(policy))
            cursor.execute(sql.COUNTS)
            work.looked_at, work.changed, work.taken_off, work.put_on = cursor.fetchone()
            if keeps_past_prices(self.costs, market):
                cursor.execute(sql.PAST, (self.now,))
            rates_version, rulebook = self.book.rates.version, self.costs.rulebook.version
            cursor.execute(sql.WRITE, (policy.currency, rates_version, rulebook, self.now, market))
            cursor.execute(sql.DONE)

    def preview(self, market: str) -> Preview:
        """How the tick would move the live prices of a market. Nothing is written.

        Raises StaleRates.
        """
        if not Listing.objects.filter(market=market, is_live=True).exists():
            return Preview(0)
        statement, parameters = sql.fresh_statement(
            self.book.policies[market], home_rates(self.book, market, self.now), market
        )
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            cursor.execute(sql.SHARES)
            count, lowest, highest, middle = cursor.fetchone()
            cursor.execute("DROP TABLE fresh")
        return Preview(count, lowest, middle, highest)

    def _totals(self, market: str, wanted: Iterable[tuple[int, int]]) -> Iterator[str]:
        """COPY's lines with the landed total of each pair of tariff class and price in units."""
        currency = self.book.policies[market].currency
        methods = shipping_methods((market,))[market]
        totals = Totals(self.costs, market, self.now.date())
        by_class: dict[int, list[int]] = defaultdict(list)
        for tariff, units in wanted:
            by_class[tariff].append(units)
        kinds = TariffClass.objects.in_bulk(by_class)
        for tariff, prices in by_class.items():
            kind = _kind(kinds[tariff])
            for method, some in by_delivery(methods, sorted(prices), minor_unit(currency)):
                if method is None:
                    yield from (_stopped(tariff, each, *NOT_INSURED) for each in some)
                    continue
                shipping = Money(method.price, method.currency)
                for each, total in zip(some, totals.of(kind, some, shipping), strict=True):
                    if isinstance(total, Refusal):
                        yield _stopped(tariff, each, *stop(total.rule, total.message))
                    else:
                        yield f"{tariff}\t{each}\t{total}\t{method.price}\t\t\n"


def home_rates(
    book: PriceBook, market: str, now: datetime
) -> list[tuple[str, list[Decimal], Decimal]]:
    """For each home currency what its metals and the market's money cost. Raises StaleRates.

    Only what some variant needs: an unused rate may be missing.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql.used_statement())
        used = cursor.fetchall()
    return [
        (
            currency,
            [
                book.per_gram(metal, currency, now) if needed else Decimal(0)
                for metal, needed in zip(METALS, metals, strict=True)
            ],
            book.factor(currency, market, now),
        )
        for currency, *metals in used
    ]


def by_delivery(
    methods: Sequence[ShippingMethod], prices: Sequence[int], unit: Decimal
) -> Iterator[tuple[ShippingMethod | None, Sequence[int]]]:
    """Sorted prices in minor units, cut where another delivery becomes the cheapest to insure them.

    None is what no carrier insures.
    """
    covers = sorted({int(method.insured_up_to / unit) for method in methods})
    start = 0
    for cover in covers:
        end = bisect_right(prices, cover)
        if end > start:
            yield insuring(methods, cover * unit)[0], prices[start:end]
            start = end
    if start < len(prices):
        yield None, prices[start:]


def _kind(row: TariffClass) -> landed_many.TariffClass:
    return landed_many.TariffClass(row.hs_code, row.origin, row.metal, row.fineness)


def _stopped(tariff: int, units: int, rule: str, message: str) -> str:
    texts = "\t".join(text.translate(_ESCAPES) for text in (rule, message))
    return f"{tariff}\t{units}\t\\N\t\\N\t{texts}\n"


# What COPY's text format gives a meaning of its own.
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
