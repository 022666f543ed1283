"""The CheckoutEngine over our own rows."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from i18n.addresses import validate
from i18n.money import Money
from storefront_backend.catalog.models import Listing, ProductVariant
from storefront_backend.commerce import engraving
from storefront_backend.commerce.attribution import Way
from storefront_backend.commerce.checkout import (
    Address,
    Checkout,
    LineRequest,
    OpenCheckout,
    Wishes,
)
from storefront_backend.commerce.errors import (
    CheckoutClosed,
    InvalidAddress,
    InvalidRequest,
    NotFound,
    NotListed,
    OutOfStock,
)
from storefront_backend.commerce.landed import LandedCosts
from storefront_backend.commerce.mail_address import checked_address
from storefront_backend.commerce.orders import Order
from storefront_backend.orders.models import Checkout as CheckoutRow
from storefront_backend.orders.models import CheckoutLine as LineRow
from storefront_backend.orders.reading import order_of
from storefront_backend.selling import attribution, promotions, stock
from storefront_backend.selling.checkout_rows import checkout_of
from storefront_backend.selling.holds import check_opened
from storefront_backend.selling.quoting import Quoting, is_held
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
        partner = attribution.active(request.partner)
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
                partner_way=Way.LINK if partner else "",
                link_partner=partner.code if partner else "",
                link_at=(request.sent_at or self.now()) if partner else None,
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
            market = costs.rulebook.market(row.market).market
            promo = promotions.find(code, market, self.now(), row.email) if code else None
            partner = code if promo is None else ""
            if partner:
                attribution.check_code(row, partner)
                row.partner, row.partner_way = partner, Way.CODE
            elif promo is None and not row.promo:
                # The code is taken off; who sent the shopper by a link stays.
                row.partner, row.partner_way = (
                    row.link_partner,
                    Way.LINK if row.link_partner else "",
                )
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

    def _quoted(
        self, row: CheckoutRow, costs: LandedCosts, ticks: Mapping[str, str] | None = None
    ) -> Checkout:
        return Quoting(row, costs, self.now(), self.quote_valid_for).save(ticks)

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

    def _held_prices(self, row: CheckoutRow) -> dict[int, Decimal]:
        """The unit prices that a change of lines may not move, by variant."""
        return (
            dict(row.lines.values_list("variant", "unit_price")) if is_held(row, self.now()) else {}
        )


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
