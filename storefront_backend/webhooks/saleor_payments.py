"""The transaction app: Saleor asks, the payment provider does.

A sale of our own shop is paid at our desk and only reported to Saleor; these questions come of
other storefronts on the same Saleor, and of its Dashboard. The latter may be about sales of either
kind.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse

from i18n.locales import LANGUAGES
from storefront_backend import wiring
from storefront_backend.commerce.errors import (
    CommerceError,
    InvalidRequest,
    NotFound,
    PaymentDeclined,
)
from storefront_backend.commerce.payments import PaymentEvent, PaymentRequest
from storefront_backend.orders.models import Order
from storefront_backend.saleor import payments
from storefront_backend.saleor.payments import Request, Session
from storefront_backend.saleor.vocabulary import language_code
from storefront_backend.saleor_rows.models import SaleorSale
from storefront_backend.webhooks.saleor_inbox import Body

_BY_CODE = {language_code(code): code for code in LANGUAGES}


def sessions(came: Body) -> HttpResponse:
    """Begin a payment, or say what became of it. Raises ProviderUnavailable, InvalidRequest."""
    kind = came.said.get("__typename")
    if kind == "PaymentGatewayInitializeSession":
        return JsonResponse({"data": {"provider": wiring.payment_provider().name}})
    session = payments.read_session(came.said)
    try:
        if kind == "TransactionProcessSession":
            events = wiring.payment_provider().look_up(session.psp)
            return JsonResponse(payments.became(session, events))
        return JsonResponse(_start(session))
    except (PaymentDeclined, NotFound) as refusal:
        return JsonResponse(
            {
                "pspReference": session.psp,
                "result": f"{session.action}_FAILURE",
                "amount": str(session.amount.amount),
                "message": refusal.message[:500],
            }
        )


def requests(came: Body) -> HttpResponse:
    """Capture, refund or release money. Raises ProviderUnavailable: Saleor retries."""
    request = payments.read_request(came.said)
    try:
        return JsonResponse(payments.done(request, _carry_out(request, came.installation.api_url)))
    except CommerceError as error:
        if error.retry:
            raise
        return JsonResponse(payments.refused(request, error))


def _start(session: Session) -> dict[str, Any]:
    ours = (f"{settings.PUBLIC_URL}/", *settings.SALEOR_PAYMENT_RETURN_URLS)
    for url in (session.return_url, session.cancel_url):
        if url and not url.startswith(ours):
            # A payment page must not send people to wherever somebody says.
            raise InvalidRequest(f"{url!r} is not an address of this shop", field="returnUrl")
    begun = wiring.payment_provider().start(
        PaymentRequest(
            reference=session.token,
            amount=session.amount,
            email=session.email,
            description=f"Saleor {session.token}",
            return_url=session.return_url or f"{settings.PUBLIC_URL}/",
            cancel_url=session.cancel_url or f"{settings.PUBLIC_URL}/",
            language=_BY_CODE.get(session.language, "en"),
        )
    )
    return payments.started(session, begun)


def _carry_out(request: Request, api_url: str) -> PaymentEvent:
    number = _our_order(request, api_url)
    if number:
        desk = wiring.saleor_desk()
        if request.action == "REFUND":
            return desk.refund_for_saleor(number, request.amount, reference=request.reference)
        if request.action == "CHARGE":
            return desk.capture_for_saleor(number, request.amount)
        raise InvalidRequest("Cancel the order: its held money is released with it")
    provider = wiring.payment_provider()
    if request.action == "REFUND":
        return provider.refund(request.psp, request.amount, reference=request.reference)
    if request.action == "CHARGE":
        return provider.capture(request.psp, request.amount, reference=request.reference)
    return provider.cancel(request.psp, reference=request.reference)


def _our_order(request: Request, api_url: str) -> str:
    """The number of our order that a Saleor transaction paid; empty where it is none of ours."""
    sale = SaleorSale.objects.filter(api_url=api_url, transaction_id=request.transaction).first()
    if sale is None:
        return ""
    return Order.objects.values_list("number", flat=True).get(checkout__token=sale.token)
