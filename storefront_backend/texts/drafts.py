"""A machine's proposals for what is missing or stale. A person reads each before shoppers do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import batched

from storefront_backend.catalog.models import Brand
from storefront_backend.catalog.texts import TextDraft
from storefront_backend.commerce.ports import Translator
from storefront_backend.scope.rows import Scope
from storefront_backend.texts.state import State, Translation, translations

_AT_ONCE = 25  # texts of one call


def draft_missing(brand: Brand, language: str, translator: Translator, *, most: int) -> int:
    """Drafts for what is missing or stale in a language; returns how many. Goes on after a kill.

    Raises ProviderUnavailable, ProviderError; what came before is kept.
    """
    if language not in translator.languages():
        return 0
    made = 0
    for original, found in _wanted(brand, language, most):
        for batch in batched(found, _AT_ONCE):  # the last one is short
            texts = translator.translate(
                [each.source for each in batch],
                source=original,
                target=language,
                kept=tuple(sorted({name for name in brand.names.values() if name})),
            )
            for each, text in zip(batch, texts, strict=True):
                _keep(brand, each, text, translator.name)
                made += 1
    return made


def _wanted(brand: Brand, language: str, most: int) -> Iterator[tuple[str, list[Translation]]]:
    """By language of the original, which one call has one of."""
    todo: dict[str, list[Translation]] = {}
    count = 0
    for each in translations(Scope(frozenset({brand.pk})), (language,)):
        if each.state in (State.MISSING, State.STALE) and count < most:
            todo.setdefault(each.text.original, []).append(each)
            count += 1
    yield from todo.items()


def _keep(brand: Brand, found: Translation, text: str, engine: str) -> None:
    key = found.text.key
    TextDraft.objects.update_or_create(
        brand=brand,
        subject=key.subject,
        object_id=key.object_id,
        field=key.field,
        language=found.language,
        defaults={
            "text": text,
            "source": found.source,
            "source_language": found.text.original,
            "engine": engine,
        },
    )
