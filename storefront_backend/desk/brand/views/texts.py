"""A brand's texts in all languages: what is missing or stale, written here or by translators."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from i18n.locales import LANGUAGES
from storefront_backend.commerce.errors import ProviderError
from storefront_backend.desk.brand.seat import Seat, brand_page, desk_render
from storefront_backend.desk.text_words import FIELD_NAMES, REFUSALS, SUBJECT_NAMES
from storefront_backend.jobs.text_drafts import draft_texts
from storefront_backend.scope.database import as_shop
from storefront_backend.texts import exchange
from storefront_backend.texts.exchange import TranslationsRefused
from storefront_backend.texts.saving import Saved, TextChange, save_texts
from storefront_backend.texts.state import State, Translation, counted, translations
from storefront_backend.texts.subjects import ORIGINALS, TextKey, digest
from storefront_backend.wiring.translation import translator

_ON_A_PAGE = 25
_MOST_REFUSALS = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_XLIFF = "application/xliff+xml"
_TO_DO = (State.MISSING, State.STALE, State.DRAFTED)


@brand_page("GET", "POST")
def listed(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Counts by language; with `?to=` the texts of one, to read and to write. POST saves them."""
    if request.method == "POST":
        return _saved(request, seat)
    to, show = _language(request.GET.get("to")), request.GET.get("show", "")
    if not to:
        return desk_render(request, seat, "desk/brand/texts.html", _overview(seat))
    wanted = (State(show),) if show in State else _TO_DO
    found = [each for each in translations(seat.scope, (to,)) if each.state in wanted]
    page = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "to": to,
        "name": LANGUAGES[to].name,
        "direction_to": LANGUAGES[to].direction,
        "show": show,
        "states": list(State),
        "page": page,
        "rows": [_row(each) for each in page],
        "machine": translator() is not None,
        "sources": {code: LANGUAGES[code].name for code in _sources(found, to)},
    }
    return desk_render(request, seat, "desk/brand/texts_language.html", context)


@brand_page("GET", "POST")
def file(request: HttpRequest, seat: Seat) -> HttpResponse:
    """GET: a file for a translator. POST: that file, filled in."""
    if request.method == "POST":
        return _taken(request, seat)
    to, source = _language(request.GET.get("to")), _language(request.GET.get("from"))
    if not to or not source or to == source:
        return redirect("brand-desk:texts", seat.brand.slug)
    everything = request.GET.get("which") == "all"
    found = [
        each
        for each in translations(seat.scope, (to,))
        if each.text.values.get(source) and (everything or each.state is not State.DONE)
    ]
    as_xliff = request.GET.get("as") == "xliff"
    content = (exchange.xliff if as_xliff else exchange.workbook)(found, source, to)
    response = HttpResponse(content, content_type=_XLIFF if as_xliff else _XLSX)
    name = f"{seat.brand.slug}-{source}-{to}.{'xlf' if as_xliff else 'xlsx'}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@brand_page("POST")
def draft(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Have a machine draft what is missing in a language."""
    to = _language(request.POST.get("to"))
    machine = translator()
    if not to or machine is None:
        return redirect("brand-desk:texts", seat.brand.slug)
    try:
        if to in machine.languages():
            draft_texts.enqueue(seat.brand.pk, to, seat.user.pk)
            messages.success(request, _("Drafts are being made. Reload this page in a minute."))
        else:
            messages.error(request, _("The machine does not translate into this language."))
    except ProviderError as error:
        messages.error(request, error.message)
    return redirect(f"{reverse('brand-desk:texts', args=[seat.brand.slug])}?to={to}")


def _overview(seat: Seat) -> dict[str, Any]:
    counts = counted(translations(seat.scope))
    return {
        "languages": [
            {"code": code, "name": each.name, "counts": counts[code], "all": counts[code].total()}
            for code, each in LANGUAGES.items()
            if code in counts
        ]
    }


def _sources(found: Sequence[Translation], to: str) -> list[str]:
    """The languages to translate from: the one that most of these texts have comes first."""
    having = Counter(code for each in found for code in each.text.values)
    return sorted((code for code in ORIGINALS if code != to), key=lambda code: -having[code])


def _row(found: Translation) -> dict[str, Any]:
    key = found.text.key
    return {
        "key": str(key),
        "what": SUBJECT_NAMES[key.subject],
        "title": found.text.title,
        "field": FIELD_NAMES[key.field],
        "state": found.state,
        "source": found.source,
        "source_language": found.text.original,
        "source_direction": LANGUAGES[found.text.original].direction,
        "text": found.draft or found.target,
        "seen": digest(found.target),
        "source_seen": digest(found.source),
        "long": key.field in ("descriptions", "stories", "bodies"),
    }


def _saved(request: HttpRequest, seat: Seat) -> HttpResponse:
    to = _language(request.POST.get("to"))
    if to:
        with as_shop():  # relisting and search are the shop's; the rows stay the brand's
            _say(request, save_texts(seat.scope, _written(request, to)))
    here = reverse("brand-desk:texts", args=[seat.brand.slug])
    show, page = request.POST.get("show", ""), request.POST.get("page", "")
    show = show if show in State else ""
    page = page if page.isdigit() else "1"
    return redirect(f"{here}?to={to}&show={show}&page={page}" if to else here)


def _written(request: HttpRequest, to: str) -> Iterator[TextChange]:
    """The texts that were filled in; an accepted draft is one whose box is ticked."""
    for name in request.POST.getlist("text"):
        key = TextKey.parsed(name)
        text = request.POST.get(f"{name}.text", "").replace("\r\n", "\n").strip()
        if key is None or not text:
            continue
        if f"{name}.draft" in request.POST and f"{name}.accept" not in request.POST:
            continue
        yield TextChange(
            key,
            to,
            text,
            request.POST.get(f"{name}.seen", ""),
            _language(request.POST.get(f"{name}.from")),
            request.POST.get(f"{name}.source", ""),
        )


def _taken(request: HttpRequest, seat: Seat) -> HttpResponse:
    sent = request.FILES.get("file")
    here = redirect("brand-desk:texts", seat.brand.slug)
    if sent is None or not sent.size:
        messages.error(request, _("Choose a file."))
        return here
    if sent.size > exchange.MOST_BYTES:
        messages.error(request, _("The file is too large: split it."))
        return here
    try:
        changes = _read(sent)
    except TranslationsRefused as error:
        messages.error(request, f"{error.message}. {error.hint}.")
        return here
    with as_shop():
        _say(request, save_texts(seat.scope, changes))
    return here


def _read(sent: UploadedFile[Any]) -> list[TextChange]:
    content = b"".join(sent.chunks())
    if content.startswith(b"PK"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "texts.xlsx"
            path.write_bytes(content)
            return exchange.read_workbook(path)
    return exchange.read_xliff(content)


def _say(request: HttpRequest, saved: Saved) -> None:
    if saved.written:
        messages.success(
            request,
            ngettext("%(n)d text saved.", "%(n)d texts saved.", saved.written)
            % {"n": saved.written},
        )
    for each in saved.refused[:_MOST_REFUSALS]:
        title = f"{FIELD_NAMES[each.key.field]} {each.key.object_id} ({each.language})"
        messages.error(request, f"{title}: {REFUSALS[each.code]}")
    if not saved.written and not saved.refused:
        messages.info(request, _("Nothing was changed."))


def _language(code: str | None) -> str:
    return code if code and code in LANGUAGES else ""
