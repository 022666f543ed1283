"""The kinds of rule in a market's hallmark.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from i18n.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark(Scope):
    """A piece needs one of `accepted` marks.

    From `from_grams` on (or, with `over_grams`, above it; metal of this kind in the piece; none
    means any weight). `need` is the sentence for the brand. An empty `accepted` is voluntary.
    """

    accepted: tuple[str, ...] = ()
    from_grams: Decimal | None = None
    over_grams: Decimal | None = None
    need: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard(Scope):
    """The finenesses that may be sold as this metal: a list, or a least one. Parts per thousand."""

    finenesses: tuple[int, ...] = ()
    least: int | None = None


KINDS: Mapping[str, type] = MappingProxyType({"mark": Mark, "standard": Standard})
