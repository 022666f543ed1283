"""A promo code at the review: applied, taken off, or refused with the reason."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from storefront_backend import wiring
from storefront_backend.commerce.errors import CheckoutClosed, CommerceError, NotFound
from storefront_backend.throttle.limiter import limited
from storefront_backend.web.addresses import go_to
from storefront_backend.web.places import ShopRequest


@require_POST
def apply(request: ShopRequest, market: str, language: str, token: UUID) -> HttpResponse:
    """Back to the review, with the new price or with what was wrong."""
    limited(request, "promo-code")
    code = request.POST.get("code", "").strip()[:40]
    try:
        wiring.checkouts().apply_code(str(token), code)
    except NotFound:
        raise Http404(token) from None
    except CheckoutClosed:
        return go_to(request, "bag")
    except CommerceError as error:
        if error.field == "code":
            messages.error(request, _("This code is not valid here."))
        else:
            messages.error(request, error.message)
    return go_to(request, "checkout-review", token)
