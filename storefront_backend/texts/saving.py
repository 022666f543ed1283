"""Writes texts, each only if it is still the one that its writer saw."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import transaction

from i18n.locales import LANGUAGES
from storefront_backend.catalog.models import Product
from storefront_backend.catalog.relisting import mark_for_relisting
from storefront_backend.catalog.search import index_products
from storefront_backend.catalog.texts import TextDraft
from storefront_backend.scope.rows import Scope
from storefront_backend.texts.subjects import SUBJECTS, TextKey, digest


@dataclass(frozen=True, slots=True)
class TextChange:
    """A new text. `seen` and `source_seen` are digests of the text and its original as seen."""

    key: TextKey
    language: str
    text: str
    seen: str
    source_language: str = ""
    source_seen: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A text that was not written. Codes: unknown_text changed_since source_changed too_long
    unreadable_text unknown_language."""

    key: TextKey
    language: str
    code: str


@dataclass(frozen=True, slots=True)
class Saved:
    """How many were written, how many were the same already, and what was refused."""

    written: int
    unchanged: int
    refused: tuple[Refusal, ...]


def save_texts(scope: Scope, changes: Iterable[TextChange]) -> Saved:
    """Each row in a transaction of its own; what is refused is left as it is."""
    written = unchanged = 0
    refused: list[Refusal] = []
    ordered = sorted(changes, key=lambda each: (each.key.subject, each.key.object_id))
    for (subject, object_id), group in groupby(
        ordered, lambda each: (each.key.subject, each.key.object_id)
    ):
        done = _save_row(scope, subject, object_id, list(group))
        written += done.written
        unchanged += done.unchanged
        refused += done.refused
    return Saved(written, unchanged, tuple(refused))


@transaction.atomic
def _save_row(scope: Scope, subject: str, object_id: int, changes: Sequence[TextChange]) -> Saved:
    model = SUBJECTS[subject].model
    # A lock on the row itself: the brand's other pages and the next sheet wait for it.
    found = scope.rows(model).filter(pk=object_id)
    row = model._default_manager.select_for_update(of=("self",)).filter(pk__in=found).first()
    if row is None:
        return Saved(0, 0, tuple(Refusal(e.key, e.language, "unknown_text") for e in changes))
    refused, fields, unchanged = [], set(), 0
    for change in changes:
        values: dict[str, str] = getattr(row, change.key.field) or {}
        fault = _fault(change, values)
        if fault:
            refused.append(Refusal(change.key, change.language, fault))
        elif values.get(change.language, "") == change.text:
            unchanged += 1
        else:
            setattr(row, change.key.field, {**values, change.language: change.text})
            fields.add(change.key.field)
    if fields:
        _write(row, fields)
    _forget_drafts(scope, changes, refused)
    return Saved(len(changes) - unchanged - len(refused), unchanged, tuple(refused))


def _fault(change: TextChange, values: dict[str, str]) -> str:
    if change.language not in LANGUAGES:
        return "unknown_language"
    if any(
        unicodedata.category(each) in ("Cc", "Cs") and each not in "\n\t" for each in change.text
    ):
        return "unreadable_text"
    if len(change.text) > SUBJECTS[change.key.subject].longest[change.key.field]:
        return "too_long"
    if digest(values.get(change.language, "")) != change.seen:
        # Somebody wrote the very same meanwhile: there is nothing to lose.
        return "" if values.get(change.language) == change.text else "changed_since"
    source = values.get(change.source_language, "")
    if change.source_language and digest(source) != change.source_seen:
        return "source_changed"
    return ""


def _write(row: Any, fields: set[str]) -> None:
    if not isinstance(row, Product):
        row.save(update_fields=sorted(fields))
        return
    if row.draft:  # what the next sheet is compared with: it does not undo the translation
        row.draft = {**row.draft, **{field: getattr(row, field) for field in fields}}
    row.save(update_fields=[*sorted(fields), "draft", "updated_at"])
    index_products(Product.objects.filter(pk=row.pk))
    mark_for_relisting([row.pk])


def _forget_drafts(scope: Scope, changes: Sequence[TextChange], refused: Sequence[Refusal]) -> None:
    kept = {(each.key, each.language) for each in refused}
    for each in changes:
        if (each.key, each.language) not in kept:
            scope.rows(TextDraft).filter(
                subject=each.key.subject,
                object_id=each.key.object_id,
                field=each.key.field,
                language=each.language,
            ).delete()
