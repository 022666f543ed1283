"""A translator in memory."""

from __future__ import annotations

from collections.abc import Sequence

from storefront_backend.commerce.errors import ProviderUnavailable


class FakeTranslator:
    """Says which language it would have been; `away` has it answer nothing."""

    name = "fake"

    def __init__(self) -> None:
        self.away = False
        self.calls: list[tuple[str, ...]] = []

    def languages(self) -> frozenset[str]:
        return frozenset({"en", "zh-Hans", "zh-Hant", "ja", "de", "fr", "ar"})

    def translate(
        self, texts: Sequence[str], *, source: str, target: str, kept: Sequence[str] = ()
    ) -> list[str]:
        if self.away:
            raise ProviderUnavailable("away")
        self.calls.append(tuple(texts))
        return [f"[{target.upper()}] {text}" for text in texts]
