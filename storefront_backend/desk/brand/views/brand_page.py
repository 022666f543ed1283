"""The brand's own page: texts, pictures, film and hero piece; drafted, previewed, published."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, BinaryIO, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from i18n.locales import LANGUAGES, text_in
from storefront_backend import wiring
from storefront_backend.catalog.brand_pages import PageDraft
from storefront_backend.catalog.models import Product
from storefront_backend.catalog.page_content import (
    LONGEST,
    PageContent,
    drafted_content,
    public_content,
)
from storefront_backend.catalog.page_publishing import (
    PageChanged,
    discard,
    publish,
    save_draft,
    schedule,
)
from storefront_backend.commerce.errors import CommerceError, InvalidRequest
from storefront_backend.desk.brand.page_films import MOST_BYTES, media_type_of
from storefront_backend.desk.brand.page_forms import Faults, posted_content
from storefront_backend.desk.brand.page_pictures import arranged, shown_pictures
from storefront_backend.desk.brand.seat import Seat, brand_page, desk_render
from storefront_backend.desk.refusals import why_refused
from storefront_backend.jobs.photographs import photograph_desk
from storefront_backend.photographs import desk as photograph_cases
from storefront_backend.photographs.models import Photograph

# The houses are of the Greater Bay Area, whose clocks agree.
ZONE = ZoneInfo("Asia/Hong_Kong")
_MOST_PIECES = 500


@brand_page("GET", "POST")
def show(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The page's form; POST saves a draft."""
    content, problem, status = drafted_content(seat.brand), "", 200
    faults: Faults = {}
    if request.method == "POST":
        content, faults = posted_content(request.POST, content, seat, wiring.now().year)
        problem, status = _("Nothing was saved. What is wrong is marked below."), 422
        if not faults:
            try:
                _save(request, seat, content, request.POST.get("version", ""))
            except PageChanged:
                problem = _("The page was changed meanwhile. Nothing was saved; your texts stay.")
                status = 409
            else:
                return redirect("brand-desk:page", seat.brand.slug)
    context = _context(seat, content, faults) | {"problem": problem}
    return desk_render(request, seat, "desk/brand/page.html", context, status=status)


@brand_page("POST")
def pictures(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take pictures of the house; they are on its page when they are chosen and published."""
    taken = 0
    try:
        for each in request.FILES.getlist("files"):
            if each.file is not None:
                name, file = each.name or "", cast(BinaryIO, each.file)
                photograph_desk().take_for_brand(seat.brand, name, file, by=seat.user)
                taken += 1
    except CommerceError as error:
        messages.error(request, why_refused(error))
    if taken:
        messages.success(request, _("The pictures are being prepared."))
    return _pictures_place(seat)


@brand_page("POST")
def picture(request: HttpRequest, seat: Seat, picture_id: UUID) -> HttpResponse:
    """Use one as the logo, show, move, describe or delete it."""
    row = seat.scope.rows(Photograph).filter(pk=picture_id, product=None).first()
    if row is None:
        raise Http404(picture_id)
    do, key = request.POST.get("do", ""), str(row.pk)
    content = drafted_content(seat.brand)
    if do == "describe":
        alts = {code: request.POST.get(f"alt-{code}", "") for code in LANGUAGES}
        photograph_cases.describe(row, alts)
        messages.success(request, _("Saved."))
    elif do == "retry":
        photograph_desk().retry(row)
    elif do == "delete":
        live = public_content(seat.brand)
        if any(key in (each.logo, *each.pictures) for each in (content, live)):
            messages.error(request, _("The page uses this picture. Take it off, and publish that."))
        else:
            row.delete()
            messages.success(request, _("The picture was deleted."))
    else:
        _keep(request, seat, arranged(content, key, do), content.version)
    return _pictures_place(seat)


@brand_page("POST")
def film(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Take a film as a file, or take it off."""
    content = drafted_content(seat.brand)
    if request.POST.get("do") == "remove":
        return _keep(request, seat, replace(content, film_key=""), content.version)
    sent = request.FILES.get("film")
    if sent is None or sent.file is None or not sent.size:
        messages.error(request, _("Choose a file of at most %(n)s MB.") % {"n": MOST_BYTES >> 20})
        return redirect("brand-desk:page", seat.brand.slug)
    file = cast(BinaryIO, sent.file)
    try:
        media_type = media_type_of(file, sent.size)
        key = wiring.assets().put(file, media_type=media_type, public=True)
    except CommerceError as error:
        messages.error(request, f"{error.message} {error.hint}".strip())
        return redirect("brand-desk:page", seat.brand.slug)
    return _keep(request, seat, replace(content, film_key=key), content.version)


@brand_page("POST")
def publication(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Publish the draft at once or at a time, stop that, or throw the draft away."""
    do, now = request.POST.get("do", ""), wiring.now()
    here = redirect("brand-desk:page", seat.brand.slug)
    if do == "now" and publish(seat.brand, now):
        messages.success(request, _("The page is public."))
    elif do == "discard" and discard(seat.brand):
        messages.success(request, _("The draft was discarded."))
    elif do == "stop" and schedule(seat.brand, None):
        messages.success(request, _("The draft is not published by itself any more."))
    elif do == "at":
        at = _moment(request.POST.get("at", ""))
        if at is None or at <= now:
            messages.error(request, _("Enter a day and time to come."))
        elif schedule(seat.brand, at):
            messages.success(request, _("The page will be published at that time."))
    return here


@brand_page("GET")
def preview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """On to the shop's own page, drafted, in a language."""
    wanted = request.GET.get("to", "")
    code = wanted if wanted in LANGUAGES else "en"
    book = wiring.rulebook()
    market = next(
        (each for each in settings.MARKETS if code in book.market(each).market.languages),
        settings.MARKETS[0],
    )
    return redirect(reverse("web:brand-preview", args=(market, code, seat.brand.slug)))


def _save(request: HttpRequest, seat: Seat, content: PageContent, seen: str) -> None:
    draft = save_draft(seat.brand, content, seen=seen, by=seat.user, now=wiring.now())
    if draft is None:
        messages.info(request, _("This is what shoppers see already: there is no draft."))
    else:
        messages.success(request, _("Saved as a draft. Shoppers see it when it is published."))


def _keep(request: HttpRequest, seat: Seat, content: PageContent, seen: str) -> HttpResponse:
    """Save a change of pictures or film to the draft that it was made from."""
    try:
        _save(request, seat, content, seen)
    except InvalidRequest as error:
        messages.error(request, error.message)
    return _pictures_place(seat)


def _pictures_place(seat: Seat) -> HttpResponse:
    return redirect(reverse("brand-desk:page", args=[seat.brand.slug]) + "#pictures")


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZONE)
    except ValueError:
        return None


def _context(seat: Seat, content: PageContent, faults: Faults) -> dict[str, Any]:
    live = public_content(seat.brand)
    draft = PageDraft.objects.filter(brand=seat.brand).select_related("edited_by").first()
    lacks = content.missing(tuple(LANGUAGES))
    words = {"taglines": _("Tagline"), "stories": _("Story"), "cities": _("City")}
    pieces = seat.scope.rows(Product).filter(is_published=True).order_by("code")[:_MOST_PIECES]
    return {
        "content": content,
        "version": drafted_content(seat.brand).version,
        "draft": draft,
        "publish_at": draft.publish_at.astimezone(ZONE) if draft and draft.publish_at else None,
        "faults": faults,
        "languages": [
            {
                "code": code,
                "name": each.name,
                "direction": each.direction,
                "missing": [words[name] for name in lacks.get(code, ())],
                "fields": [
                    {
                        "name": f"{name}-{code}",
                        "label": words[name],
                        "value": getattr(content, name).get(code, ""),
                        "live": getattr(live, name).get(code, ""),
                        "long": name == "stories",
                        "most": LONGEST[name],
                        "fault": faults.get(f"{name}-{code}", ""),
                    }
                    for name in LONGEST
                ],
            }
            for code, each in LANGUAGES.items()
        ],
        "missing": {
            LANGUAGES[code].name: [words[n] for n in names] for code, names in lacks.items()
        },
        "pieces": [
            {"pk": row.pk, "name": f"{row.code} · {text_in(row.names, seat.language)}"}
            for row in pieces
        ],
        "pictures": shown_pictures(seat.scope, content),
        "film_address": wiring.assets().url(content.film_key) if content.film_key else "",
        "most_film": MOST_BYTES >> 20,
        "earliest": wiring.now().astimezone(ZONE).strftime("%Y-%m-%dT%H:%M"),
    }
