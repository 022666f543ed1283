"""Partners: where their links lead, and the page where somebody applies to be one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from i18n.locales import text_in
from storefront_backend import wiring
from storefront_backend.partners.enrolment import Applicant, apply
from storefront_backend.selling.attribution import terms_now
from storefront_backend.throttle.limiter import limited
from storefront_backend.web.partner_form import PartnerForm
from storefront_backend.web.places import ShopRequest, market_of
from storefront_backend.web.via import follow
from storefront_backend.web.views.entrance import place_of


@never_cache
@require_safe
def link(request: HttpRequest, code: str) -> HttpResponse:
    """On to the visitor's market, and remember who sent them."""
    place = place_of(request)
    path = f"/{place[0]}/{place[1].lower()}/" if place else "/"
    response = HttpResponseRedirect(path)
    follow(request, response, code, place[0] if place else "")
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: ShopRequest, market: str, language: str) -> HttpResponse:
    """Apply to be a partner. Known and unknown addresses get the same answer."""
    terms = terms_now(wiring.now())
    place = market_of(market)
    if terms is None or place is None:
        return render(request, "web/partner_closed.html", status=404)
    form = PartnerForm(
        request.POST if request.method == "POST" else None,
        country=place.country,
        language=request.language,
    )
    if request.method == "POST" and form.is_valid():
        limited(request, "partner-application")
        said = form.cleaned_data
        apply(
            Applicant(
                name=said["name"],
                email=said["email"],
                kind=said["kind"],
                channels=said["channels"],
                message=said["message"],
                market=market,
                language=request.language,
                address=form.address,
            ),
            terms,
            wiring.now(),
        )
        return render(request, "web/partner_applied.html")
    context = {"form": form, "terms": text_in(terms.texts, request.language), "version": terms}
    status = 422 if form.errors else 200
    return render(request, "web/partner_join.html", context, status=status)
