"""Makes a checkout in Saleor equal to ours, and turns it into an order.

The shopper's checkout is our own, quoted by the landed-cost engine. Its image in Saleor holds the
same pieces, address and delivery, with duty and import fees as a line of their own, and Saleor asks
us for the tax of it. What Saleor then says must be what we say, to the last minor unit.

| call         | requests to Saleor                                            |
|--------------|---------------------------------------------------------------|
| bring, first | variants, checkoutCreate with deliveries to come, deliveries, |
|              | checkoutDeliveryMethodUpdate                                  |
| bring, again | (lines where they differ,) people, delivery                   |
| sell         | transactionCreate, checkoutComplete                           |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from i18n.money import Money
from storefront_backend.commerce.checkout import Address, Checkout
from storefront_backend.commerce.errors import (
    CommerceError,
    InvalidRequest,
    NotFound,
    NotListed,
    OutOfStock,
    ProviderUnavailable,
)
from storefront_backend.saleor.errors import SaleorRefused
from storefront_backend.saleor.ids import key_of
from storefront_backend.saleor.transport import Saleor, accepted, problems_in
from storefront_backend.saleor.vocabulary import (
    CHARGES_SKU,
    ENGRAVING,
    ORDER,
    RING_SIZE,
    SALE,
    language_code,
)

# Saleor wants an address before it offers deliveries and one to bill; ours may not have any yet.
_NOBODY = "not-given@invalid.example"
# i18n.addresses has checked them already, by the same source that Saleor uses.
_AS_GIVEN = {
    "checkRequiredFields": False,
    "checkFieldsFormat": False,
    "enableFieldsNormalization": False,
}


class TotalsDiffer(ProviderUnavailable):
    """Saleor's total is not ours: its tax app was not called, or timed out. No sale by it."""

    code = "totals_differ"


@dataclass(frozen=True, slots=True)
class Image:
    """Our checkout as it is in Saleor. `content` says which lines it was given."""

    id: str
    content: str
    total: Money


@dataclass(frozen=True, slots=True)
class Sold:
    """The order that Saleor made of a checkout."""

    id: str
    number: str
    transaction: str


def bring(saleor: Saleor, ours: Checkout, known: Image | None) -> Image:
    """Make the image equal to `ours` and return it with Saleor's total.

    Raises OutOfStock, NotListed, InvalidRequest, SaleorUnavailable.
    """
    content = _content(ours)
    if known is None:
        image_id = _open(saleor, ours)
        deliveries = accepted(saleor.run("sales/deliveries", id=image_id), "SaleDeliveries")
    else:
        image_id = known.id
        if known.content != content:
            _replace_lines(saleor, image_id, ours)
        deliveries = _set_people(saleor, image_id, ours)
    total = _set_delivery(saleor, image_id, deliveries["deliveries"], ours)
    return Image(image_id, content, total)


def standing_total(saleor: Saleor, image: Image) -> Money:
    """What Saleor asks for the checkout now. Raises NotFound, OutOfStock, SaleorUnavailable."""
    found = saleor.run("sales/standing", id=image.id).data["checkout"]
    if found is None:
        raise NotFound("Saleor has no such checkout any more", field="token")
    for problem in found["problems"] or ():
        if problem["__typename"] == "CheckoutLineProblemInsufficientStock":
            raise OutOfStock("One of the pieces has just been sold", field="lines")
    return _money(found["totalPrice"]["gross"])


def sell(
    saleor: Saleor,
    image: Image,
    *,
    paid: Money,
    payment: str,
    name: str,
    order_number: str,
    held: bool = False,
) -> Sold:
    """Record the payment at Saleor and make the order. Again, after anything: the same order.

    `payment` is the provider's id of the payment; `held` money is authorized and not yet charged.
    Raises OutOfStock, TotalsDiffer, SaleorRefused, SaleorUnavailable.
    """
    sold = find_order(saleor, image.id)
    if sold is not None:
        return sold
    found = saleor.run("sales/standing", id=image.id).data["checkout"]
    if found is None:
        raise NotFound("Saleor has no such checkout any more", field="token")
    if _money(found["totalPrice"]["gross"]) != paid:
        raise TotalsDiffer(f"Saleor asks {found['totalPrice']['gross']['amount']}, {paid} was paid")
    transaction = next(
        (each["id"] for each in found["transactions"] or () if each["pspReference"] == payment), ""
    )
    if not transaction:
        amount = {"amount": str(paid.amount), "currency": paid.currency}
        payload = _accepted(
            saleor.run(
                "sales/pay",
                id=image.id,
                transaction={
                    "name": name,
                    "pspReference": payment,
                    "availableActions": ["CHARGE", "CANCEL"] if held else ["REFUND"],
                    "amountAuthorized" if held else "amountCharged": amount,
                },
            ),
            "PaySale",
        )
        transaction = payload["transaction"]["id"]
    metadata = [{"key": ORDER, "value": order_number}] if order_number else []
    payload = _accepted(
        saleor.run("sales/complete", id=image.id, metadata=metadata), "CompleteSale"
    )
    return Sold(payload["order"]["id"], payload["order"]["number"], transaction)


def find_order(saleor: Saleor, checkout_id: str) -> Sold | None:
    """The order that was made of a checkout, if one was."""
    token = key_of(checkout_id)
    edges = saleor.run("sales/order_of_checkout", token=token).data["orders"]["edges"]
    if not edges:
        return None
    node = edges[0]["node"]
    transactions = node["transactions"]
    return Sold(node["id"], node["number"], transactions[0]["id"] if transactions else "")


def _open(saleor: Saleor, ours: Checkout) -> str:
    variants = _variants(saleor, ours)
    payload = _accepted(
        saleor.run(
            "sales/open",
            input={
                "channel": ours.market,
                "lines": _lines(ours, variants),
                "languageCode": language_code(ours.language),
                "validationRules": {"shippingAddress": _AS_GIVEN, "billingAddress": _AS_GIVEN},
                "metadata": [{"key": SALE, "value": ours.token}],
                **_people(ours),
            },
        ),
        "OpenSale",
    )
    opened: str = payload["checkout"]["id"]
    return opened


def _replace_lines(saleor: Saleor, image_id: str, ours: Checkout) -> None:
    variants = _variants(saleor, ours)
    found = saleor.run("sales/standing_lines", id=image_id).data["checkout"]
    if found is None:
        raise NotFound("Saleor has no such checkout any more", field="token")
    old = [line["id"] for line in found["lines"]]
    answer = saleor.run("sales/set_lines", id=image_id, old=old, lines=_lines(ours, variants))
    _refuse_all("SetSaleLines", answer.data.values())


def _set_people(saleor: Saleor, image_id: str, ours: Checkout) -> dict[str, Any]:
    people = _people(ours)
    answer = saleor.run(
        "sales/set_people",
        id=image_id,
        email=people["email"],
        shipping=people["shippingAddress"],
        billing=people["billingAddress"],
        rules=_AS_GIVEN,
    )
    _refuse_all("SetSalePeople", answer.data.values())
    found: dict[str, Any] = answer.data["deliveryOptionsCalculate"]
    return found


def _set_delivery(
    saleor: Saleor, image_id: str, deliveries: Sequence[Mapping[str, Any]], ours: Checkout
) -> Money:
    wanted = ours.delivery.id if ours.delivery else ""
    for each in deliveries:
        method = each["shippingMethod"] or {}
        # An app's method comes back as "app:<its identifier>:<our id>".
        if key_of(method.get("id") or "").rpartition(":")[2] == wanted:
            payload = _accepted(
                saleor.run("sales/set_delivery", id=image_id, delivery=each["id"]),
                "SetSaleDelivery",
            )
            return _money(payload["checkout"]["totalPrice"]["gross"])
    raise TotalsDiffer(
        "Saleor does not offer the delivery that we do",
        hint="manage.py saleor_check says whether its shipping webhook reaches us",
    )


def _variants(saleor: Saleor, ours: Checkout) -> dict[str, str]:
    skus = [*dict.fromkeys(line.sku for line in ours.lines), CHARGES_SKU]
    edges = saleor.run("sales/variants", skus=skus).data["productVariants"]["edges"]
    found = {edge["node"]["sku"]: edge["node"]["id"] for edge in edges}
    for sku in skus:
        if sku not in found:
            raise NotListed(f"Saleor has no variant {sku}", field="lines")
    return found


def _lines(ours: Checkout, variants: Mapping[str, str]) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = [
        {
            "variantId": variants[line.sku],
            "quantity": line.quantity,
            # The price of our quote: the channel's may be a moment older or newer.
            "price": str(line.unit_price.quantized().amount),
            "forceNewLine": True,
            "metadata": [
                {"key": key, "value": value}
                for key, value in ((ENGRAVING, line.engraving), (RING_SIZE, line.ring_size))
                if value
            ],
        }
        for line in ours.lines
    ]
    charges = charges_of(ours)
    if charges:
        lines.append(
            {
                "variantId": variants[CHARGES_SKU],
                "quantity": 1,
                "price": str(charges.amount),
                "forceNewLine": True,
            }
        )
    return lines


def charges_of(ours: Checkout) -> Money:
    """Duty and import fees that the shop takes: the amount of their own line."""
    zero = Money.zero(ours.currency)
    if ours.quote is None:
        return zero
    return Money.sum(
        (
            line.amount
            for line in ours.quote.cost.lines
            if line.kind in ("duty", "fee") and line.payer != "importer"
        ),
        ours.currency,
    )


def _content(ours: Checkout) -> str:
    """The lines as one comparable text."""
    parts = [
        f"{line.sku}×{line.quantity}@{line.unit_price.quantized().amount}"
        f"|{line.engraving}|{line.ring_size}"
        for line in ours.lines
    ]
    return "\n".join([*parts, str(charges_of(ours).amount)])


def _people(ours: Checkout) -> dict[str, Any]:
    if ours.shipping_address is None:
        # The market's country alone, so that deliveries and tax are calculated for the right place.
        no_one = {"country": ours.market.upper()}
        return {"email": _NOBODY, "shippingAddress": no_one, "billingAddress": no_one}
    return {
        "email": ours.email or _NOBODY,
        "shippingAddress": _address(ours.shipping_address),
        "billingAddress": _address(ours.billing_address or ours.shipping_address),
    }


def _address(address: Address) -> dict[str, Any]:
    return {
        "firstName": address.name,
        "companyName": address.company_name,
        "streetAddress1": address.street_address,
        "city": address.city,
        "cityArea": address.city_area,
        "countryArea": address.country_area,
        "postalCode": address.postal_code,
        "country": address.country,
        "phone": address.phone,
    }


def _refuse_all(operation: str, payloads: Any) -> None:
    problems = [problem for payload in payloads for problem in problems_in(payload)]
    if problems:
        raise _as_ours(SaleorRefused(operation, problems))


def _accepted(answer: Any, operation: str) -> dict[str, Any]:
    try:
        return accepted(answer, operation)
    except SaleorRefused as refusal:
        raise _as_ours(refusal) from refusal


def _as_ours(refusal: SaleorRefused) -> CommerceError:
    """Saleor's refusal in the words of our errors; what no one can act on stays as it is."""
    codes = {problem.code for problem in refusal.problems}
    if "INSUFFICIENT_STOCK" in codes:
        return OutOfStock("One of the pieces has just been sold", field="lines")
    if codes & {
        "UNAVAILABLE_VARIANT_IN_CHANNEL",
        "PRODUCT_NOT_PUBLISHED",
        "PRODUCT_UNAVAILABLE_FOR_PURCHASE",
    }:
        return NotListed("Saleor does not sell one of the pieces in this market", field="lines")
    if "QUANTITY_GREATER_THAN_LIMIT" in codes:
        return InvalidRequest("So many pieces cannot be bought at once", field="quantity")
    if codes & {"TAX_ERROR", "CHECKOUT_NOT_FULLY_PAID"}:
        return TotalsDiffer(f"Saleor has no tax for the checkout ({', '.join(sorted(codes))})")
    return refusal


def _money(raw: Mapping[str, Any]) -> Money:
    return Money(Decimal(str(raw["amount"])), raw["currency"]).quantized()
