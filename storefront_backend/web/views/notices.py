"""Back-in-stock notices: requested here, confirmed and stopped by links in mails.

The links' pages change nothing until their button is pressed: mail programs open links by
themselves. Programs may stop messages without a page (RFC 8058).
"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from i18n.locales import text_in
from storefront_backend import wiring
from storefront_backend.catalog.models import ProductVariant
from storefront_backend.jobs.notice_confirmations import ask_for_notice
from storefront_backend.notices import confirmations
from storefront_backend.throttle.limiter import limited
from storefront_backend.web.addresses import page_path
from storefront_backend.web.forms import LinkForm
from storefront_backend.web.places import ShopRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: ShopRequest, market: str, language: str) -> HttpResponse:
    """`?sku=…`: where to send the message."""
    sku = request.POST.get("sku", request.GET.get("sku", ""))[:80]
    variant = (
        ProductVariant.objects.filter(sku=sku, is_active=True, listings__market=market)
        .select_related("product")
        .first()
    )
    if variant is None:
        raise Http404(sku)
    form = LinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        limited(request, "notice")
        email = form.cleaned_data["email"]
        ask_for_notice(sku, email, market=market, language=request.language)
        return render(request, "web/check_mail.html", {"email": email})
    name = text_in(variant.product.names, request.language)
    context = {"form": form, "sku": sku, "name": name}
    return render(request, "web/notice_ask.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: ShopRequest, market: str, language: str) -> HttpResponse:
    """Where the first mail's link leads."""
    token = request.POST.get("t", request.GET.get("t", ""))
    rows = confirmations.waiting_for(token)
    if not rows:
        again = page_path("jewellery", request.market, request.language)
        return render(request, "web/link_expired.html", {"again": again}, status=410)
    done = request.method == "POST" and confirmations.confirm(token, wiring.now()) > 0
    names = dict.fromkeys(text_in(row.variant.product.names, request.language) for row in rows)
    context = {"token": token, "names": names, "done": done}
    return render(request, "web/notice_confirm.html", context)


@csrf_exempt  # the token is the right; a mail program has no cookie of ours
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: ShopRequest, market: str, language: str) -> HttpResponse:
    """Where every mail's last link leads."""
    # A mail program posts to the whole address; its body holds nothing of ours.
    token = request.GET.get("t", "")
    done = request.method == "POST" and confirmations.stop(token)
    if request.method == "POST" and not done:
        raise Http404("no such link")
    return render(request, "web/notice_stop.html", {"done": done})
