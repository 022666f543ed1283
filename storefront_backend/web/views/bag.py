"""The bag: what a shopper has put aside, kept in a cookie until the checkout opens."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from storefront_backend import wiring
from storefront_backend.catalog import queries
from storefront_backend.commerce.checkout import LineRequest, OpenCheckout
from storefront_backend.commerce.engraving import LONGEST
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.commerce.mail_address import checked_address
from storefront_backend.throttle.client import client_of
from storefront_backend.throttle.limiter import limited
from storefront_backend.web.addresses import go_to, page_path
from storefront_backend.web.bag import MOST_PIECES, read_bag, write_bag
from storefront_backend.web.forms import BagForm
from storefront_backend.web.places import ShopRequest
from storefront_backend.web.via import followed


@require_safe
@never_cache
def show(request: ShopRequest, market: str, language: str) -> HttpResponse:
    """The lines with their landed prices here; what is not sold here says so."""
    bag = read_bag(request)
    pieces = queries.bag_pieces({line.sku for line in bag.lines}, market, request.language)
    rows = [
        {"position": position, "line": line, "piece": pieces.get(line.sku)}
        for position, line in enumerate(bag.lines)
    ]
    totals = [
        piece.total * line.quantity
        for line in bag.lines
        if (piece := pieces.get(line.sku)) is not None and piece.total is not None
    ]
    return render(
        request,
        "web/bag.html",
        {
            "rows": rows,
            "can_go_on": bool(rows) and len(totals) == len(rows),
            "quantities": range(1, MOST_PIECES + 1),
            # The landed price of one piece is exact; that of several is calculated in the checkout.
            "total": totals[0] if bag.pieces == 1 and totals else None,
        },
    )


@require_POST
def add(request: ShopRequest, market: str, language: str) -> HttpResponseRedirect:
    """One more piece."""
    sku = request.POST.get("sku", "")
    piece = queries.bag_pieces([sku], market, request.language).get(sku)
    if piece is None or piece.total is None:
        raise Http404(sku)
    form = BagForm(request.POST, engraving_max=piece.engraving_max)
    bag = read_bag(request)
    if "preview" in request.POST or not form.is_valid():
        # Back to the piece as it was chosen, which shows the engraving or what is wrong with it.
        chosen = {
            "alloy": piece.alloy,
            "size": piece.ring_size_label,
            "engraving": request.POST.get("engraving", "")[:LONGEST],
        }
        path = page_path("product", request.market, request.language, piece.slug)
        return HttpResponseRedirect(f"{path}?{urlencode(chosen)}#engraving", status=303)
    if bag.is_full:
        messages.error(request, _("Your bag is full. Please check out first."))
        return go_to(request, "bag")
    line = LineRequest(
        sku=sku,
        quantity=1,
        engraving=form.cleaned_data.get("engraving", ""),
        ring_size=piece.ring_size_label,
    )
    response = go_to(request, "bag")
    write_bag(response, bag.with_line(line), secure=request.is_secure())
    messages.success(request, _("%(name)s is in your bag.") % {"name": piece.name})
    return response


@require_POST
def change(request: ShopRequest, market: str, language: str) -> HttpResponseRedirect:
    """Another number of pieces on a line; none takes it out."""
    position, quantity = request.POST.get("position", ""), request.POST.get("quantity", "")
    response = go_to(request, "bag")
    if position.isdecimal() and quantity.isdecimal():
        bag = read_bag(request).with_quantity(int(position), int(quantity))
        write_bag(response, bag, secure=request.is_secure())
    return response


@require_POST
def to_checkout(request: ShopRequest, market: str, language: str) -> HttpResponseRedirect:
    """Open a checkout with the bag's lines. The bag stays until there is an order."""
    bag = read_bag(request)
    if not bag.lines:
        return go_to(request, "bag")
    limited(request, "checkout")
    touch = followed(request)
    try:
        checkout = wiring.checkouts().open(
            OpenCheckout(
                market=market,
                language=request.language,
                lines=bag.lines,
                email=_address_of(request),
                user_id=request.user.pk if request.user.is_authenticated else None,
                client=client_of(request),
                partner=touch.code if touch else "",
                sent_at=touch.at if touch else None,
            )
        )
    except CommerceError as error:
        messages.error(request, _explained(error))
        return go_to(request, "bag")
    return go_to(request, "checkout", checkout.token)


def _address_of(request: ShopRequest) -> str:
    """The account's, unless it is from before addresses were checked: the next page asks."""
    try:
        return checked_address(getattr(request.user, "email", ""))
    except CommerceError:
        return ""


def _explained(error: CommerceError) -> str:
    if error.code == "out_of_stock":
        return _("One of the pieces has just been sold. Please remove it from your bag.")
    if error.code == "not_listed":
        return _("One of the pieces is not available in this market.")
    return f"{error.message} {error.hint}".strip()
