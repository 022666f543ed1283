"""What is to be done for each text in each language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from i18n.locales import LANGUAGES
from storefront_backend.catalog.texts import TextDraft
from storefront_backend.scope.rows import Scope
from storefront_backend.texts.ages import Ages, ages
from storefront_backend.texts.subjects import Text, texts_of


class State(StrEnum):
    """STALE: its original was changed after it. DRAFTED: missing or stale, and a draft waits."""

    MISSING = "missing"
    STALE = "stale"
    DRAFTED = "drafted"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Translation:
    """A text in one language. `draft` is a machine's, of the original as it is now."""

    text: Text
    language: str
    state: State
    draft: str = ""

    @property
    def source(self) -> str:
        """The original."""
        return self.text.values[self.text.original]

    @property
    def target(self) -> str:
        """What shoppers read at present; empty where there is none."""
        return self.text.values.get(self.language, "")


def translations(
    scope: Scope,
    languages: Iterable[str] = tuple(LANGUAGES),
    *,
    subject: str = "",
    ids: frozenset[int] | None = None,
) -> Iterator[Translation]:
    """Each text that has an original, in each of the languages but its own.

    `ids` name rows of the subject; None: all.
    """
    wanted = tuple(languages)
    drafts = _drafts(scope, wanted)
    for name, group in groupby(
        texts_of(scope, subject=subject, ids=ids), lambda text: text.key.subject
    ):
        texts = [text for text in group if text.original]
        when = ages(name, sorted({text.key.object_id for text in texts}))
        for text in texts:
            for language in wanted:
                if language != text.original:
                    yield _translation(text, language, when, drafts)


def counted(found: Iterable[Translation]) -> Mapping[str, Counter[State]]:
    """How many of each state, by language."""
    counts: dict[str, Counter[State]] = {}
    for each in found:
        counts.setdefault(each.language, Counter())[each.state] += 1
    return counts


def _translation(
    text: Text, language: str, when: Ages, drafts: Mapping[tuple[str, str], TextDraft]
) -> Translation:
    state = State.DONE
    if not text.values.get(language):
        state = State.MISSING
    else:
        original, own = when.get((text.key, text.original)), when.get((text.key, language))
        changed = original.changed if original else None
        if changed is not None and own is not None and own.written < changed:
            state = State.STALE
    draft = drafts.get((str(text.key), language))
    if state is State.DONE or draft is None or draft.source != text.values[text.original]:
        return Translation(text, language, state)
    return Translation(text, language, State.DRAFTED, draft.text)


def _drafts(scope: Scope, languages: tuple[str, ...]) -> dict[tuple[str, str], TextDraft]:
    rows = scope.rows(TextDraft).filter(language__in=languages)
    return {(f"{d.subject}:{d.object_id}:{d.field}", d.language): d for d in rows}
