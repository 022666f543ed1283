"""The CheckoutEngine over our own rows."""

from __future__ import annotations

import dataclasses
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from i18n.addresses import validate
from i18n.errors import SaleRefused
from i18n.landed_cost import Supply, SupplyLine
from i18n.landed_cost.discount import discounted
from i18n.listing import may_list
from i18n.money import Money
from i18n.passport import Passport
from i18n.rulebook import Rulebook
from i18n.rulebook.model import MarketRules
from storefront_backend.campaigns.models import Partner
from storefront_backend.catalog.models import Listing, ProductVariant
from storefront_backend.commerce import engraving
from storefront_backend.commerce.checkout import (
    Address,
    Checkout,
    DeliveryOption,
    LineRequest,
    OpenCheckout,
    Quote,
    Wishes,
)
from storefront_backend.commerce.delivery import Source, nearest, ship_from
from storefront_backend.commerce.errors import (
    CheckoutClosed,
    InvalidAddress,
    InvalidRequest,
    NotFound,
    NotListed,
    OutOfStock,
)
from storefront_backend.commerce.landed import LandedCosts, Parcel, supply_line
from storefront_backend.commerce.mail_address import checked_address
from storefront_backend.commerce.orders import Order
from storefront_backend.orders.models import Checkout as CheckoutRow
from storefront_backend.orders.models import CheckoutLine as LineRow
from storefront_backend.orders.reading import order_of
from storefront_backend.selling import promotions, stock
from storefront_backend.selling.checkout_rows import (
    checkout_of,
    chosen,
    delivery_options,
    load_lines,
    region_of,
)
from storefront_backend.selling.holds import check_opened
from storefront_backend.selling.sale import sell

MAX_LINES = 30
MAX_QUANTITY = 20
MAX_GIFT_MESSAGE = 400
MAX_RING_SIZE = 16


@dataclass(frozen=True, slots=True)
class EmbeddedCheckouts:
    """Implements CheckoutEngine. `now` is the clock, an argument like every other fact.

    `costs` is asked before a transaction begins: for a shop's first rates it goes over the network.
    """

    costs: Callable[[], LandedCosts]
    now: Callable[[], datetime]
    quote_valid_for: timedelta
    markets: Sequence[str]

    def open(self, request: OpenCheckout) -> Checkout:
        """A new checkout. Raises NotListed, OutOfStock, InvalidRequest, LimitReached."""
        if request.market not in self.markets:
            raise InvalidRequest(f"There is no market {request.market!r}", field="market")
        check_opened(request.client, self.now())
        costs = self.costs()
        market = costs.rulebook.market(request.market).market
        partner = Partner.objects.filter(code=request.partner, is_active=True).first()
        if request.email:
            checked_address(request.email)
        with transaction.atomic():
            row = CheckoutRow.objects.create(
                market=market.code,
                language=request.language,
                currency=market.currency,
                user_id=request.user_id,
                email=checked_address(request.email) if request.email else "",
                partner=partner.code if partner else "",
                client=request.client,
            )
            ticks = self._put_lines(row, request.lines, {})
            return self._quoted(row, costs, ticks)

    def get(self, token: str) -> Checkout:
        """The checkout as it is now. Raises NotFound."""
        return checkout_of(_find(token))

    def set_lines(self, token: str, lines: Sequence[LineRequest]) -> Checkout:
        """Replace the lines. Raises NotListed, OutOfStock, CheckoutClosed."""
        costs = self.costs()
        with transaction.atomic():
            row = _find_open(token)
            held = self._held_prices(row)
            row.lines.all().delete()
            ticks = self._put_lines(row, lines, held)
            return self._quoted(row, costs, ticks)

    def set_delivery(
        self,
        token: str,
        *,
        email: str,
        shipping: Address,
        billing: Address | None,
        option: str,
        wishes: Wishes | None = None,
    ) -> Checkout:
        """Set addresses, delivery and wishes. Raises InvalidAddress, InvalidRequest."""
        costs = self.costs()
        with transaction.atomic():
            row = _find_open(token)
            market = costs.rulebook.market(row.market).market
            if shipping.country != market.country:
                raise InvalidAddress({"country": f"This shop front delivers to {market.name}"})
            row.email = checked_address(email)
            row.shipping_address = _valid(shipping).to_json()
            row.billing_address = None if billing is None else _valid(billing).to_json()
            row.delivery = option
            if wishes is not None:
                self._note(row, wishes)
            view = self._quoted(row, costs)
            if option and option not in {each.id for each in view.delivery_options}:
                raise InvalidRequest("That delivery is not offered here", field="delivery")
            return view

    def apply_code(self, token: str, code: str) -> Checkout:
        """Apply a promo code, or a partner's, which only says who sent the shopper.

        Raises InvalidRequest where there is no such code or it does not hold here and now.
        """
        costs = self.costs()
        with transaction.atomic():
            row = _find_open(token)
            code = code.strip()
            promo = promotions.find(code, row.market, row.currency, self.now()) if code else None
            partner = code if promo is None else ""
            if partner and not Partner.objects.filter(code=partner, is_active=True).exists():
                raise InvalidRequest(f"There is no code {code!r}", field="code")
            if partner or not row.promo:
                row.partner = partner or (row.partner if promo else "")
            row.promo = promo.code if promo else ""
            row.code = row.promo or partner
            return self._quoted(row, costs)

    def complete(self, token: str, *, paid: Money, payment_reference: str) -> Order:
        """Turn a paid checkout into an order; idempotent by the reference."""
        return order_of(sell(_find(token).pk, paid, payment_reference, self.now()))

    def _put_lines(
        self, row: CheckoutRow, lines: Sequence[LineRequest], held: Mapping[int, Decimal]
    ) -> dict[str, str]:
        """Write the lines; a variant that is `held` keeps that unit price.

        Returns the tick that listed each, by SKU.
        """
        if len(lines) > MAX_LINES:
            raise InvalidRequest(f"A bag holds {MAX_LINES} lines at most", field="lines")
        variants = {
            variant.sku: variant
            for variant in ProductVariant.objects.filter(
                sku__in=[line.sku for line in lines], is_active=True, product__is_published=True
            )
            .select_related("product")
            .prefetch_related("stock")
        }
        live = {
            listing.variant_id: listing
            for listing in Listing.objects.filter(
                variant__in=variants.values(), market=row.market, is_live=True
            )
        }
        for position, line in enumerate(lines):
            variant = variants.get(line.sku)
            listing = live.get(variant.pk) if variant else None
            if variant is None or listing is None or listing.goods is None:
                raise NotListed(
                    f"{line.sku} is not for sale in this market", field="lines", index=position
                )
            _check_line(line, variant, position)
            LineRow.objects.create(
                checkout=row,
                variant=variant,
                position=position,
                quantity=line.quantity,
                unit_price=held.get(variant.pk, listing.goods),
                engraving=line.engraving,
                ring_size=line.ring_size,
            )
        return {each.sku: live[each.pk].rates for each in variants.values()}

    def _note(self, row: CheckoutRow, wishes: Wishes) -> None:
        message = wishes.gift_message.strip()
        if len(message) > MAX_GIFT_MESSAGE:
            raise InvalidRequest(
                f"A gift message has {MAX_GIFT_MESSAGE} characters at most", field="gift_message"
            )
        row.gift_message = message
        if not wishes.no_return_consent:
            row.no_return_consent_at = None
        elif row.no_return_consent_at is None:
            row.no_return_consent_at = self.now()

    def _is_held(self, row: CheckoutRow) -> bool:
        """Whether the prices of the lines still hold, also after a change of rates."""
        expires = row.quote_expires_at
        return row.quote is not None and expires is not None and self.now() < expires

    def _held_prices(self, row: CheckoutRow) -> dict[int, Decimal]:
        """The unit prices that a change of lines may not move, by variant."""
        return dict(row.lines.values_list("variant", "unit_price")) if self._is_held(row) else {}

    def _take_todays_prices(self, row: CheckoutRow) -> dict[str, str]:
        """The held quote has expired: each line costs what it is listed at now.

        Returns the tick that listed each, by SKU.
        """
        lines = list(row.lines.select_related("variant"))
        today = {
            listing.variant_id: listing
            for listing in Listing.objects.filter(
                variant__in=[line.variant_id for line in lines], market=row.market, is_live=True
            )
        }
        for position, line in enumerate(lines):
            listing = today.get(line.variant_id)
            goods = listing.goods if listing else None
            if goods is None:
                raise NotListed(
                    f"{line.variant.sku} is no longer for sale in this market",
                    field="lines",
                    index=position,
                )
            if goods != line.unit_price:
                line.unit_price = goods
                line.save(update_fields=("unit_price",))
        return {line.variant.sku: today[line.variant_id].rates for line in lines}

    def _quoted(
        self, row: CheckoutRow, costs: LandedCosts, ticks: Mapping[str, str] | None = None
    ) -> Checkout:
        """Save the row with a new quote, or with none and the reason where it cannot be quoted.

        Prices hold from the first quote until its expiry; a change of address or delivery in
        between recalculates duty and tax, but neither moves the prices nor prolongs them. After
        it, lines that were not priced just now take today's prices. `ticks` are those of lines that
        were: by SKU what listed them.
        """
        held_until = row.quote_expires_at if self._is_held(row) else None
        if held_until is None and ticks is None:
            ticks = self._take_todays_prices(row)
        row.state = CheckoutRow.State.OPEN
        stock.release(row)
        load_lines(row)
        options = delivery_options(row)
        try:
            quote = self._quote(row, costs, options)
        except SaleRefused as refusal:
            raise NotListed(f"{refusal.message} ({refusal.rule})", field="lines") from refusal
        row.quote = None if quote is None else quote.cost.to_json()
        row.rates = (
            {}
            if quote is None
            else _made_with(row, costs, quote, ticks or {}, held=held_until is not None)
        )
        row.quote_expires_at = None if quote is None else held_until or quote.expires_at
        row.save()
        return checkout_of(row, options)

    def _quote(
        self, row: CheckoutRow, costs: LandedCosts, options: tuple[DeliveryOption, ...]
    ) -> Quote | None:
        lines = list(row.lines.all())
        delivery = chosen(row, options)
        if not lines or delivery is None:
            return None
        now = self.now()
        market = costs.rulebook.market(row.market)
        row.dispatch, countries = _dispatch(lines, market, costs.rulebook, now)
        parcel = Parcel(
            market=row.market,
            lines=self._supply(row, lines, costs, now),
            shipping=delivery.price,
            region=region_of(row),
            ship_from=ship_from(countries, market.market),
        )
        return Quote(costs.of(parcel, now.date()), now + self.quote_valid_for)

    def _supply(
        self, row: CheckoutRow, lines: Sequence[LineRow], costs: LandedCosts, now: datetime
    ) -> tuple[SupplyLine, ...]:
        """The lines as customs and tax see them, what a code takes off shared among them."""
        passports = [Passport.from_json(line.variant.passport) for line in lines]
        _require_lawful(row.market, passports, costs, now)
        supply = tuple(
            supply_line(
                str(line.pk),
                passport,
                Money(line.unit_price * line.quantity, row.currency),
                line.quantity,
            )
            for line, passport in zip(lines, passports, strict=True)
        )
        if not row.promo:
            return supply
        try:
            promo = promotions.find(row.promo, row.market, row.currency, now)
        except InvalidRequest:
            promo = None
        if promo is None:  # it has expired since; the new price says so
            row.promo = row.code = ""
            return supply
        zero = Money.zero(row.currency)
        goods = Money.sum((line.goods for line in supply), row.currency)
        whole = Supply(market=row.market, lines=supply, shipping=zero, insurance=zero)
        return discounted(whole, promotions.taken_off(promo, goods)).lines


def _require_lawful(
    market: str, passports: Sequence[Passport], costs: LandedCosts, now: datetime
) -> None:
    """Ask the rules of today again, hallmark and naming too: the listing may be of yesterday.

    Raises NotListed naming the rule.
    """
    for position, passport in enumerate(passports):
        verdict = may_list(
            passport, market, costs.rulebook, now.date(), accept_disputed=costs.accept_disputed
        )
        if not verdict.may_go_live:
            against = next(f for f in verdict.findings if f.outcome is verdict.outcome)
            raise NotListed(f"{against.message} ({against.rule})", field="lines", index=position)


def _made_with(
    row: CheckoutRow, costs: LandedCosts, quote: Quote, ticks: Mapping[str, str], *, held: bool
) -> dict[str, Any]:
    """What a quote is made with, as Order.rates; a held price keeps the tick that listed it."""
    before = row.rates.get("goods", {}) if held else {}
    skus = [line.variant.sku for line in row.lines.all()]
    return {
        "goods": {sku: before.get(sku) or ticks.get(sku, "") for sku in skus},
        "tick": costs.rates.version if costs.rates else "",
        "rulebook": quote.cost.rulebook,
        "values": costs.rates.to_json() if costs.rates else {},
    }


def _dispatch(
    lines: Sequence[LineRow], market: MarketRules, rulebook: Rulebook, now: datetime
) -> tuple[dict[str, list[int]], list[str]]:
    """The warehouses that each variant may come from at this price, and their countries.

    Raises OutOfStock where a piece that is not made to order is in none that may serve the
    market; see commerce.delivery for which may.
    """
    found: dict[str, list[int]] = {}
    countries: list[str] = []
    quantities: Counter[int] = Counter()
    for line in lines:
        quantities[line.variant_id] += line.quantity
    for variant in {line.variant_id: line.variant for line in lines}.values():
        fitting = nearest(
            (
                Source(
                    id=row.warehouse_id,
                    country=row.warehouse.country,
                    is_bonded=row.warehouse.is_bonded,
                    available=row.quantity - row.reserved,
                )
                for row in variant.stock.all()
            ),
            market.market,
            rulebook,
            market.on(now.date()),
            quantities[variant.pk],
        )
        if fitting:
            country = fitting[0].country
            countries.append(country)
            found[str(variant.pk)] = [s.id for s in fitting if s.country == country]
        elif variant.made_to_order_days is None:
            raise OutOfStock(
                f"{variant.sku} has no stock that can be sent to {market.market.name}",
                field="lines",
            )
        else:
            found[str(variant.pk)] = []
    return found, countries


def _find(token: str, *, locked: bool = False) -> CheckoutRow:
    rows = CheckoutRow.objects.select_for_update() if locked else CheckoutRow.objects
    try:
        return rows.get(token=uuid.UUID(str(token)))
    except (CheckoutRow.DoesNotExist, ValueError):
        raise NotFound("There is no such checkout", field="token") from None


def _find_open(token: str) -> CheckoutRow:
    row = _find(token, locked=True)
    if row.state in (CheckoutRow.State.COMPLETED, CheckoutRow.State.ABANDONED):
        raise CheckoutClosed("This checkout is closed", field="token")
    return row


def _check_line(line: LineRequest, variant: ProductVariant, position: int) -> None:
    if not 1 <= line.quantity <= MAX_QUANTITY:
        raise InvalidRequest(
            f"Between 1 and {MAX_QUANTITY} pieces can be bought at once",
            field="quantity",
            index=position,
        )
    engraving.read(line.engraving, variant.product.engraving_max, index=position)
    if len(line.ring_size) > MAX_RING_SIZE:
        raise InvalidRequest("That is not a ring size", field="ring_size", index=position)
    if variant.made_to_order_days is None and stock.available(variant) < line.quantity:
        raise OutOfStock(
            f"{variant.sku} has {stock.available(variant)} left", field="quantity", index=position
        )


def _valid(address: Address) -> Address:
    """The address as its country writes it. Raises InvalidAddress with every faulty field."""
    checked = validate(address.country, address.to_json())
    if not checked.ok:
        raise InvalidAddress({error.field: error.message for error in checked.errors})
    return dataclasses.replace(address, **checked.fields)
