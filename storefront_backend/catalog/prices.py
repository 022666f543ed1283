"""The rows behind a price: listings, what moves them, and what they were before.

A listing is narrow on purpose. A tick of the gold price rewrites every one of them, so it holds no
JSON: the verdict is a row that like listings share, the lines of a landed cost are calculated when
a page is read, and no index names a column that a tick changes, so PostgreSQL updates it in place.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from storefront_backend.audit.tracking import tracked
from storefront_backend.commerce.rounding import Rounding


def _weight() -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=20, decimal_places=10, default=Decimal)


def _amount() -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=24, decimal_places=10, null=True, blank=True)


class Ruling(models.Model):
    """A verdict of a market's rules, once for all listings that got the same one."""

    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the body
    body = models.JSONField()

    def __str__(self) -> str:
        return f"{self.body.get('outcome', '')} {self.digest[:12]}"


class Listing(models.Model):
    """A variant in a market: its price, its landed total, and the verdict of the market's rules.

    `goods` is the net price; `total` what one piece costs landed with the market's standard
    delivery at `shipping`, which lists and cards show. A listing that the rules refuse keeps its
    row with `is_live` false and the verdict, so that the brand sees why. `may_sell` is the rules'
    and the brand's word; `is_live` needs besides that a carrier insures the price and that the
    landed cost can be shown. `rates` and `rulebook` are those that last changed the row.
    """

    variant = models.ForeignKey(
        "catalog.ProductVariant", on_delete=models.CASCADE, related_name="listings"
    )
    market = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    goods = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    total = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    shipping = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    ruling = models.ForeignKey(Ruling, null=True, on_delete=models.PROTECT, related_name="+")
    is_wanted = models.BooleanField(default=True)  # the brand wants to sell it there
    may_sell = models.BooleanField(default=False)
    is_live = models.BooleanField(default=False)
    stopped_by = models.CharField(max_length=80, blank=True)
    stopped_because = models.CharField(max_length=300, blank=True)
    rulebook = models.CharField(max_length=40, blank=True)
    rates = models.CharField(max_length=40, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("market", "variant")
        constraints = (
            # By market first, which a tick reads; the foreign key has an index for the other way.
            models.UniqueConstraint(fields=("market", "variant"), name="one_listing_a_market"),
            models.CheckConstraint(
                condition=Q(is_live=False) | Q(goods__gt=0, total__gt=0),
                name="live_listing_has_price",
            ),
        )

    def __str__(self) -> str:
        return f"{self.variant} in {self.market}"

    @property
    def verdict(self) -> dict[str, Any]:
        """The ruling as JSON, with what keeps this one off sale: `stopped_by`, and whether wanted.

        Read it with `select_related("ruling")`.
        """
        body = dict(self.ruling.body) if self.ruling else {}
        if self.stopped_by:
            body |= {"stopped_by": self.stopped_by, "stopped_because": self.stopped_because}
        return body | {"wanted": self.is_wanted}


class TariffClass(models.Model):
    """What decides a piece's duty and tax besides its price; few for however many variants."""

    hs_code = models.CharField(max_length=12, blank=True)
    origin = models.CharField(max_length=2, blank=True)
    metal = models.CharField(max_length=12, blank=True)
    fineness = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "tariff classes"
        constraints = (
            models.UniqueConstraint(
                fields=("hs_code", "origin", "metal", "fineness"), name="one_tariff_class"
            ),
        )

    def __str__(self) -> str:
        return f"{self.hs_code} {self.origin} {self.metal} {self.fineness}"


class PriceTerms(models.Model):
    """What moves a variant's price, worked out of its formula and passport when it is listed.

    `constant` is in `currency`; a weight is grams of the pure metal to pay for
    (i18n.price_formula.PriceTerms).
    """

    variant = models.OneToOneField(
        "catalog.ProductVariant",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="price_terms",
    )
    currency = models.CharField(max_length=3)
    constant = models.DecimalField(max_digits=24, decimal_places=10)
    gold = _weight()
    silver = _weight()
    platinum = _weight()
    palladium = _weight()
    floor = _amount()
    ceiling = _amount()
    tariff = models.ForeignKey(TariffClass, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "price terms"

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.constant} {self.currency}"


@tracked("market", "markup", "rounding", "cash_step", "floor", "ceiling")
class MarketPrices(models.Model):
    """How one market's prices are made; without a row they are rounded as market.toml says."""

    market = models.CharField(max_length=2, unique=True)
    markup = models.DecimalField(
        max_digits=6, decimal_places=4, default=Decimal, help_text="A share: 0.05 is 5 %."
    )
    rounding = models.CharField(
        max_length=12, choices=[(rule.value, rule.value) for rule in Rounding]
    )
    cash_step = models.DecimalField(
        max_digits=8, decimal_places=3, default=Decimal("0.05"), help_text="For rounding to cash."
    )
    floor = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    ceiling = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)

    class Meta:
        ordering = ("market",)
        verbose_name_plural = "market prices"
        constraints = (
            models.CheckConstraint(
                condition=Q(markup__gt=-1, cash_step__gt=0), name="market_prices_are_sane"
            ),
        )

    def __str__(self) -> str:
        return self.market


class Rate(models.Model):
    """A metal price (base currency per gram of pure metal) or an exchange rate (per one base)."""

    class Kind(models.TextChoices):
        """What `code` names: a metal of i18n.metals or an ISO 4217 currency."""

        METAL = "metal"
        EXCHANGE = "exchange"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    code = models.CharField(max_length=12)
    base = models.CharField(max_length=3)
    value = models.DecimalField(max_digits=18, decimal_places=8)
    source = models.CharField(max_length=200)
    licence = models.CharField(max_length=200, blank=True)
    as_of = models.DateTimeField()

    class Meta:
        ordering = ("kind", "code", "-as_of")
        constraints = (
            models.UniqueConstraint(fields=("kind", "code", "as_of"), name="one_rate_a_moment"),
            models.CheckConstraint(condition=Q(value__gt=0), name="rate_is_positive"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.code} {self.value} {self.base}"


@tracked("version", "state", "decided_by")
class RateTick(models.Model):
    """A set of rates as the price book met it: taken, or held for a human because it jumped."""

    class State(models.TextChoices):
        """HELD waits for a human; ACCEPTED moves prices; REJECTED never will."""

        HELD = "held"
        ACCEPTED = "accepted"
        REJECTED = "rejected"

    version = models.CharField(max_length=40, unique=True)
    rates = models.JSONField()  # storefront_backend.commerce.rates.Rates
    state = models.CharField(max_length=8, choices=State.choices)
    jumps = models.JSONField(default=list)  # what held it: code, old, new, share
    seen_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ("-seen_at", "-id")

    def __str__(self) -> str:
        return f"{self.version} {self.state}"


class Repricing(models.Model):
    """One market's part of a tick: by whom, what it did. A row that is not done is work to do."""

    tick = models.ForeignKey(RateTick, on_delete=models.PROTECT, related_name="repricings")
    market = models.CharField(max_length=2)
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    taken_off = models.PositiveIntegerField(default=0)
    put_on = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-asked_at", "market")
        constraints = (
            models.UniqueConstraint(
                fields=("tick", "market"),
                name="one_repricing_to_do",
                condition=Q(done_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.market} at {self.tick.version}: {self.changed} of {self.looked_at}"


class Relisting(models.Model):
    """One pass over the listings of the shop, in chunks: verdicts and prices by the law of its day.

    `cursor` is the last product that is done. Each chunk moves it in the transaction that writes
    the listings, so a pass that is killed goes on where it was.
    """

    reason = models.CharField(max_length=100)
    law = models.CharField(max_length=64, blank=True)  # digest of what verdicts depend on, of a day
    markets = models.JSONField()
    brand = models.ForeignKey(
        "catalog.Brand", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    cursor = models.BigIntegerField(default=0)
    products = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)  # listings that were written
    failed = models.PositiveIntegerField(default=0)  # products that are tried again on their own
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("law",), condition=~Q(law=""), name="one_relisting_a_law"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reason}: {self.changed} changed"


class PastPrice(models.Model):
    """A landed total that a live listing had until a moment, kept where the law asks for it."""

    listing = models.ForeignKey(
        Listing, on_delete=models.CASCADE, related_name="past_prices", db_index=False
    )
    total = models.DecimalField(max_digits=14, decimal_places=3)
    until = models.DateTimeField()

    class Meta:
        ordering = ("-until",)
        indexes = (
            models.Index(fields=("listing", "until"), name="past_price_by_listing"),
            # Rows come in the order of time, so a summary of each stretch is enough to sweep by.
            BrinIndex(fields=("until",), name="past_price_by_end", autosummarize=True),
        )

    def __str__(self) -> str:
        return f"{self.total} until {self.until:%Y-%m-%d}"
