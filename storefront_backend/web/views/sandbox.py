"""The sandbox provider's payment page. In life this page is the provider's, at its own address."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from i18n import locales
from i18n.money import Money
from storefront_backend import wiring
from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.commerce.payments import DeclineReason, EventKind, PaymentState

_PAID = ("pay", "confirm")
_REFUSED = {
    "decline": (EventKind.FAILED, DeclineReason.DECLINED),
    "deny": (EventKind.FAILED, DeclineReason.AUTHENTICATION_FAILED),
    "cancel": (EventKind.CANCELED, "canceled by the shopper"),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Pay, decline, or confirm with the bank first; then back to the shop."""
    if settings.PAYMENT_PROVIDER != "sandbox":
        raise Http404(provider_id)
    try:
        payment = wiring.sandbox().details(provider_id)
    except NotFound:
        raise Http404(provider_id) from None
    answer = request.POST.get("answer", "")
    back = payment["cancel_url" if answer == "cancel" else "return_url"]
    if payment["state"] != PaymentState.PENDING:
        return HttpResponseRedirect(payment["return_url"], status=303)
    if request.method == "POST" and answer in (*_PAID, *_REFUSED):
        try:
            if answer in _PAID:
                wiring.sandbox().pay(provider_id)
            else:
                wiring.sandbox().decide(provider_id, *_REFUSED[answer])
        except InvalidRequest:
            back = payment["return_url"]  # decided in another window; the shop asks what became
        return HttpResponseRedirect(back, status=303)
    language = locales.language(payment["language"])
    with translation.override(language.django):
        return render(
            request,
            "web/sandbox.html",
            {
                "payment": payment,
                "amount": Money(Decimal(payment["amount"]), payment["currency"]),
                "challenge": answer == "challenge",
                "language": language.code,
                "direction": language.direction,
            },
        )
