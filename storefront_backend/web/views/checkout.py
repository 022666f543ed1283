"""The checkout in three pages, each a plain form: contact and address, delivery, review and pay."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from i18n.addresses import CheckedAddress
from storefront_backend import wiring
from storefront_backend.commerce.checkout import Checkout, CheckoutState, Wishes
from storefront_backend.commerce.errors import (
    CheckoutClosed,
    CommerceError,
    InvalidAddress,
    NotFound,
    ProviderError,
    QuoteExpired,
)
from storefront_backend.commerce.withdrawal import withdrawal_right
from storefront_backend.orders.models import Order, Transaction
from storefront_backend.web.addresses import absolute, go_to, page_path
from storefront_backend.web.bag import Bag, write_bag
from storefront_backend.web.forms import AddressForm, DeliveryForm
from storefront_backend.web.places import ShopRequest
from storefront_backend.web.price import price_rows


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: ShopRequest, market: str, language: str, token: UUID) -> HttpResponse:
    """Step one: who receives the parcel, and where."""
    checkout = _checkout(request, token)
    if closed := _closed(request, checkout):
        return closed
    known = checkout.shipping_address.to_json() if checkout.shipping_address else {}
    form = AddressForm(
        request.POST if request.method == "POST" else None,
        initial={**known, "email": checkout.email},
        country=request.market.country,
        language=request.language,
    )
    if request.method == "POST" and form.is_valid():
        try:
            wiring.checkouts().set_delivery(
                checkout.token,
                email=form.cleaned_data["email"],
                shipping=form.address,
                billing=None,
                option=checkout.delivery.id if checkout.delivery else "",
            )
            return go_to(request, "checkout-delivery", token)
        except InvalidAddress as error:
            form.refuse(error.fields)
        except CommerceError as error:
            form.refuse({error.field: error.message})
    return _step(request, "web/checkout_contact.html", checkout, 1, form=form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delivery(request: ShopRequest, market: str, language: str, token: UUID) -> HttpResponse:
    """Step two: which delivery, of those that insure the value."""
    checkout = _checkout(request, token)
    if closed := _closed(request, checkout):
        return closed
    if checkout.shipping_address is None:
        return go_to(request, "checkout", token)
    form = DeliveryForm(
        request.POST if request.method == "POST" else None,
        initial={
            "option": checkout.delivery.id if checkout.delivery else "",
            "gift_message": checkout.gift_message,
            "no_return_consent": checkout.no_return_consent_at is not None,
        },
        options=checkout.delivery_options,
        engraved=checkout.is_engraved,
    )
    if request.method == "POST" and form.is_valid():
        try:
            wishes = Wishes(
                form.cleaned_data["gift_message"],
                no_return_consent=form.cleaned_data.get("no_return_consent", False),
            )
            _renew(checkout, form.cleaned_data["option"], wishes)
            return go_to(request, "checkout-review", token)
        except CommerceError as error:
            form.add_error(None, error.message)
    return _step(request, "web/checkout_delivery.html", checkout, 2, form=form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: ShopRequest, market: str, language: str, token: UUID) -> HttpResponse:
    """Step three: everything once more, and on to the payment page."""
    checkout = _checkout(request, token)
    if closed := _closed(request, checkout):
        return closed
    if checkout.shipping_address is None:
        return go_to(request, "checkout", token)
    fault = ""
    if checkout.quote is None or checkout.quote.expires_at <= wiring.now():
        checkout, fault = _requoted(checkout)
    elif request.method == "POST":
        try:
            session = wiring.payment_desk().begin(
                checkout.token,
                return_url=_absolute(request, "checkout-paid", token),
                # Back there too from a payment page left by its "back": we release the payment.
                cancel_url=f"{_absolute(request, 'checkout-paid', token)}?left",
            )
            return HttpResponseRedirect(session.redirect_url, status=303)
        except QuoteExpired:
            checkout, fault = _requoted(checkout)
        except CommerceError as error:
            fault = _payment_fault(error)
    terms = withdrawal_right(wiring.rulebook(), checkout, wiring.now().date())
    address = checkout.shipping_address
    lines = CheckedAddress(address.country, address.to_json(), ()).lines() if address else ()
    return _step(
        request,
        "web/checkout_review.html",
        checkout,
        3,
        fault=fault,
        terms=terms,
        address_lines=lines,
    )


@never_cache
@require_safe
def paid(request: ShopRequest, market: str, language: str, token: UUID) -> HttpResponse:
    """Back from the payment page: ask the provider, and show the order or what went wrong."""
    payment = (
        Transaction.objects.filter(checkout__token=token, checkout__market=market)
        .order_by("-created_at")
        .first()
    )
    if payment is None:
        raise Http404(token)
    desk = wiring.payment_desk()
    try:
        became = desk.give_up if "left" in request.GET else desk.settle
        order = became(str(payment.reference))
    except ProviderError:
        order = None  # a webhook or the sweep will tell; the page says to look again
    if order is not None:
        response = go_to(request, "order", order.token)
        write_bag(response, Bag(), secure=request.is_secure())
        return response
    payment.refresh_from_db()
    if payment.state == Transaction.State.CANCELED:
        messages.info(request, _("You cancelled the payment. You have not been charged."))
        return go_to(request, "checkout-review", token)
    if payment.state == Transaction.State.FAILED:
        messages.error(
            request,
            _("The payment was declined. You have not been charged; please try another card."),
        )
        return go_to(request, "checkout-review", token)
    if payment.state == Transaction.State.REFUNDED:
        messages.error(
            request,
            _("The piece was sold while you were paying. Your money is being refunded."),
        )
        return go_to(request, "bag")
    return render(request, "web/checkout_pending.html", {"token": token}, status=202)


def _checkout(request: HttpRequest, token: UUID) -> Checkout:
    try:
        checkout = wiring.checkouts().get(str(token))
    except NotFound:
        raise Http404(token) from None
    if checkout.market != getattr(request, "market").code:  # noqa: B009 - typed as HttpRequest
        raise Http404(token)
    return checkout


def _closed(request: ShopRequest, checkout: Checkout) -> HttpResponse | None:
    if checkout.state is CheckoutState.COMPLETED:
        order = Order.objects.get(checkout__token=checkout.token)
        return go_to(request, "order", order.token)
    if checkout.state is CheckoutState.ABANDONED:
        return go_to(request, "bag")
    return None


def _renew(checkout: Checkout, option: str, wishes: Wishes | None = None) -> Checkout:
    """The same checkout with a fresh quote."""
    assert checkout.shipping_address is not None
    return wiring.checkouts().set_delivery(
        checkout.token,
        email=checkout.email,
        shipping=checkout.shipping_address,
        billing=checkout.billing_address,
        option=option,
        wishes=wishes,
    )


def _requoted(checkout: Checkout) -> tuple[Checkout, str]:
    try:
        renewed = _renew(checkout, checkout.delivery.id if checkout.delivery else "")
    except CommerceError as error:
        return checkout, _payment_fault(error)
    if checkout.quote is not None and renewed.quote is not None:
        return renewed, _(
            "The price was held until now and has been recalculated. Please check it again."
        )
    return renewed, ""


# Raised with a text in the shopper's language: a Saleor, and no payment provider, is away.
_SAID_ALREADY = ("totals_differ", "checkout_unavailable", "checkout_busy")


def _payment_fault(error: CommerceError) -> str:
    if error.code == "out_of_stock":
        return _("One of the pieces has just been sold. Please remove it from your bag.")
    if error.code == "payment_declined":
        return _("The payment was declined. You have not been charged; please try another card.")
    if error.retry and error.code not in _SAID_ALREADY:
        return _(
            "The payment provider does not respond. You have not been charged; please try again."
        )
    if isinstance(error, CheckoutClosed):
        return _("This checkout is closed.")
    return f"{error.message} {error.hint}".strip()


def _absolute(request: ShopRequest, name: str, token: UUID) -> str:
    return absolute(page_path(name, request.market, request.language, token))


def _step(
    request: ShopRequest, template: str, checkout: Checkout, step: int, **more: Any
) -> HttpResponse:
    invalid = (more["form"].errors if "form" in more else None) or more.get("fault")
    context = {
        "checkout": checkout,
        "step": step,
        "price": price_rows(checkout.quote.cost) if checkout.quote else (),
        **more,
    }
    return render(request, template, context, status=422 if invalid else 200)
