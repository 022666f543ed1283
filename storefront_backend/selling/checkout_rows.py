"""Checkout rows as the domain's checkout."""

from __future__ import annotations

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _

from i18n.landed_cost import LandedCost
from i18n.locales import text_in
from i18n.money import Money
from storefront_backend.catalog.models import ProductVariant, ShippingMethod, Stock
from storefront_backend.commerce.checkout import (
    Address,
    Checkout,
    CheckoutLine,
    CheckoutState,
    DeliveryOption,
    Quote,
)
from storefront_backend.commerce.delivery import insuring, region_in
from storefront_backend.orders.models import Checkout as CheckoutRow
from storefront_backend.orders.models import CheckoutLine as LineRow


def checkout_of(row: CheckoutRow, options: tuple[DeliveryOption, ...] | None = None) -> Checkout:
    """The row with its lines, options and quote.

    `options` are those of `delivery_options`, where they have been found for these lines already.
    Amounts have the places of their currency; a column keeps three for every currency.
    """
    load_lines(row)
    lines = tuple(_line(line, row) for line in row.lines.all())
    if options is None:
        options = delivery_options(row)
    quote = None
    if row.quote is not None and row.quote_expires_at is not None:
        quote = Quote(LandedCost.from_json(row.quote), row.quote_expires_at)
    order = getattr(row, "order", None) if row.state == CheckoutRow.State.COMPLETED else None
    return Checkout(
        token=str(row.token),
        market=row.market,
        language=row.language,
        currency=row.currency,
        state=CheckoutState(row.state),
        email=row.email,
        lines=lines,
        shipping_address=_address(row.shipping_address),
        billing_address=_address(row.billing_address),
        delivery=chosen(row, options),
        delivery_options=options,
        code=row.code,
        partner=row.partner,
        gift_message=row.gift_message,
        no_return_consent_at=row.no_return_consent_at,
        quote=quote,
        order_number=order.number if order else "",
        missing=_missing(row, lines, options),
    )


def load_lines(row: CheckoutRow) -> None:
    """Read the lines once with all that a quote and a view ask of them."""
    lines = LineRow.objects.select_related("variant__product__brand")
    stock = Stock.objects.select_related("warehouse")
    whole = lines.prefetch_related(Prefetch("variant__stock", queryset=stock))
    prefetch_related_objects([row], Prefetch("lines", queryset=whole))


def delivery_options(row: CheckoutRow) -> tuple[DeliveryOption, ...]:
    """What is offered for these lines, cheapest first: only carriers that insure their value."""
    goods = Money.sum(
        (Money(line.unit_price * line.quantity, row.currency) for line in row.lines.all()),
        row.currency,
    )
    return options_for(row.market, goods, row.language)


def options_for(market: str, goods: Money, language: str) -> tuple[DeliveryOption, ...]:
    """The ways into a market that insure goods of that value, cheapest first."""
    methods = ShippingMethod.objects.filter(market=market, is_active=True)
    return tuple(
        DeliveryOption(
            id=method.slug,
            name=text_in(method.names, language),
            carrier=method.carrier,
            price=Money(method.price, method.currency).quantized(),
            insured_up_to=Money(method.insured_up_to, method.currency).quantized(),
            days=(method.min_days, method.max_days),
        )
        for method in insuring(methods, goods.amount)
    )


def chosen(row: CheckoutRow, options: tuple[DeliveryOption, ...]) -> DeliveryOption | None:
    """The delivery that the shopper chose, or the cheapest."""
    return next((option for option in options if option.id == row.delivery), None) or (
        options[0] if options else None
    )


def region_of(row: CheckoutRow) -> str:
    """ISO 3166-2 of the address, where its country's area is a code, else empty."""
    address = row.shipping_address or {}
    return region_in(address.get("country", ""), str(address.get("country_area", "")))


def variant_label(variant: ProductVariant) -> str:
    """What tells a variant from its siblings: its alloy code and its ring size."""
    size = f"{variant.ring_size_system.upper()} {variant.ring_size_label}".strip()
    return " · ".join(part for part in (variant.alloy, size) if part)


def _line(line: LineRow, row: CheckoutRow) -> CheckoutLine:
    product = line.variant.product
    return CheckoutLine(
        id=str(line.pk),
        sku=line.variant.sku,
        product_slug=product.slug,
        brand=product.brand.slug,
        name=text_in(product.names, row.language),
        label=variant_label(line.variant),
        quantity=line.quantity,
        unit_price=Money(line.unit_price, row.currency).quantized(),
        engraving=line.engraving,
        ring_size=line.ring_size,
        lead_days=line.variant.made_to_order_days,
    )


def _address(raw: dict[str, str] | None) -> Address | None:
    return None if raw is None else Address.from_json(raw)


def _missing(
    row: CheckoutRow, lines: tuple[CheckoutLine, ...], options: tuple[DeliveryOption, ...]
) -> tuple[tuple[str, str], ...]:
    agreed = row.no_return_consent_at is not None or not any(line.engraving for line in lines)
    wanted = (
        ("lines", bool(lines), _("Your bag is empty")),
        ("email", bool(row.email), _("Enter an email address")),
        ("shipping_address", row.shipping_address is not None, _("Enter an address")),
        ("delivery", bool(options) or not lines, _("No carrier insures this value")),
        (
            "no_return_consent",
            agreed,
            _("Please confirm that an engraved piece cannot be returned"),
        ),
    )
    return tuple((field, message) for field, there, message in wanted if not there)
