"""The CheckoutEngine over our own rows."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from i18n.addresses import validate
from i18n.errors import SaleRefused
from i18n.money import Money
from i18n.passport import Passport
from storefront_backend.campaigns.models import Partner
from storefront_backend.catalog.models import Listing, ProductVariant
from storefront_backend.commerce.checkout import (
    Address,
    Checkout,
    LineRequest,
    OpenCheckout,
    Quote,
)
from storefront_backend.commerce.errors import (
    CheckoutClosed,
    InvalidAddress,
    InvalidRequest,
    NotFound,
    NotListed,
    OutOfStock,
)
from storefront_backend.commerce.landed import LandedCosts, Parcel, supply_line
from storefront_backend.commerce.orders import Order
from storefront_backend.embedded import stock
from storefront_backend.embedded.checkout_rows import checkout_of, delivery_options, region_of
from storefront_backend.embedded.sale import sell
from storefront_backend.orders.models import Checkout as CheckoutRow
from storefront_backend.orders.models import CheckoutLine as LineRow

MAX_LINES = 30
MAX_QUANTITY = 20


@dataclass(frozen=True, slots=True)
class EmbeddedCheckouts:
    """Implements CheckoutEngine. `now` is the clock, an argument like every other fact."""

    costs: Callable[[], LandedCosts]
    now: Callable[[], datetime]
    quote_valid_for: timedelta
    markets: Sequence[str]

    def open(self, request: OpenCheckout) -> Checkout:
        """A new checkout. Raises NotListed, OutOfStock, InvalidRequest."""
        if request.market not in self.markets:
            raise InvalidRequest(f"There is no market {request.market!r}", field="market")
        market = self.costs().rulebook.market(request.market).market
        partner = Partner.objects.filter(code=request.partner, is_active=True).first()
        with transaction.atomic():
            row = CheckoutRow.objects.create(
                market=market.code,
                language=request.language,
                currency=market.currency,
                user_id=request.user_id,
                email=request.email,
                partner=partner.code if partner else "",
            )
            self._replace_lines(row, request.lines)
            return self._quoted(row)

    def get(self, token: str) -> Checkout:
        """The checkout as it stands. Raises NotFound."""
        return checkout_of(_find(token))

    def set_lines(self, token: str, lines: Sequence[LineRequest]) -> Checkout:
        """Replace the lines. Raises NotListed, OutOfStock, CheckoutClosed."""
        with transaction.atomic():
            row = _find_open(token)
            self._replace_lines(row, lines)
            return self._quoted(row)

    def set_delivery(
        self, token: str, *, email: str, shipping: Address, billing: Address | None, option: str
    ) -> Checkout:
        """Set addresses and delivery. Raises InvalidAddress, InvalidRequest."""
        with transaction.atomic():
            row = _find_open(token)
            market = self.costs().rulebook.market(row.market).market
            if shipping.country != market.country:
                raise InvalidAddress({"country": f"This shop front delivers to {market.name}"})
            _check_email(email)
            row.email = email
            row.shipping_address = _valid(shipping).to_json()
            row.billing_address = None if billing is None else _valid(billing).to_json()
            row.delivery = option
            options = {method.id for method in delivery_options(row)}
            if option and option not in options:
                raise InvalidRequest("That delivery is not offered here", field="delivery")
            return self._quoted(row)

    def apply_code(self, token: str, code: str) -> Checkout:
        """A partner's code says who sent the shopper; an unknown one is refused."""
        with transaction.atomic():
            row = _find_open(token)
            if code and not Partner.objects.filter(code=code, is_active=True).exists():
                raise InvalidRequest(f"There is no code {code!r}", field="code")
            row.code = row.partner = code
            return self._quoted(row)

    def complete(self, token: str, *, paid: Money, payment_reference: str) -> Order:
        """Turn a paid checkout into an order; again with the same reference: the same order."""
        return sell(_find(token).pk, paid, payment_reference, self.now())

    def _replace_lines(self, row: CheckoutRow, lines: Sequence[LineRequest]) -> None:
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
        row.lines.all().delete()
        for position, line in enumerate(lines):
            variant = variants.get(line.sku)
            listing = live.get(variant.pk) if variant else None
            if variant is None or listing is None or listing.goods is None:
                raise NotListed(f"{line.sku} is not for sale in this market", field="lines")
            _check_line(line, variant)
            LineRow.objects.create(
                checkout=row,
                variant=variant,
                position=position,
                quantity=line.quantity,
                unit_price=listing.goods,
                engraving=line.engraving,
                ring_size=line.ring_size,
            )

    def _quoted(self, row: CheckoutRow) -> Checkout:
        """Save the row with a new quote, or with none and the reason where it cannot be quoted."""
        row.state = CheckoutRow.State.OPEN
        stock.release(row)
        try:
            quote = self._quote(row)
        except SaleRefused as refusal:
            raise NotListed(f"{refusal.message} ({refusal.rule})", field="lines") from refusal
        row.quote = None if quote is None else quote.cost.to_json()
        row.quote_expires_at = None if quote is None else quote.expires_at
        row.save()
        return checkout_of(row)

    def _quote(self, row: CheckoutRow) -> Quote | None:
        lines = list(row.lines.select_related("variant__product"))
        options = delivery_options(row)
        if not lines or not options:
            return None
        delivery = next((o for o in options if o.id == row.delivery), options[0])
        parcel = Parcel(
            market=row.market,
            lines=tuple(
                supply_line(
                    str(line.pk),
                    Passport.from_json(line.variant.passport),
                    Money(line.unit_price * line.quantity, row.currency),
                    line.quantity,
                )
                for line in lines
            ),
            shipping=delivery.price,
            region=region_of(row),
        )
        now = self.now()
        return Quote(self.costs().of(parcel, now.date()), now + self.quote_valid_for)


def _find(token: str) -> CheckoutRow:
    try:
        return CheckoutRow.objects.get(token=uuid.UUID(str(token)))
    except (CheckoutRow.DoesNotExist, ValueError):
        raise NotFound("There is no such checkout", field="token") from None


def _find_open(token: str) -> CheckoutRow:
    row = CheckoutRow.objects.select_for_update().get(pk=_find(token).pk)
    if row.state in (CheckoutRow.State.COMPLETED, CheckoutRow.State.ABANDONED):
        raise CheckoutClosed("This checkout is closed", field="token")
    return row


def _check_line(line: LineRequest, variant: ProductVariant) -> None:
    if not 1 <= line.quantity <= MAX_QUANTITY:
        raise InvalidRequest(
            f"Between 1 and {MAX_QUANTITY} pieces can be bought at once", field="quantity"
        )
    if len(line.engraving) > variant.product.engraving_max:
        raise InvalidRequest(
            f"The engraving may have {variant.product.engraving_max} characters", field="engraving"
        )
    if variant.made_to_order_days is None and stock.available(variant) < line.quantity:
        raise OutOfStock(f"{variant.sku} has {stock.available(variant)} left", field="quantity")


def _check_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidRequest("That is not an e-mail address", field="email") from None


def _valid(address: Address) -> Address:
    """The address as its country writes it. Raises InvalidAddress with every faulty field."""
    checked = validate(address.country, address.to_json())
    if not checked.ok:
        raise InvalidAddress({error.field: error.message for error in checked.errors})
    return dataclasses.replace(address, **checked.fields)
