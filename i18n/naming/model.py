"""The kinds of rule in a market's naming.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from i18n.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Scope):
    """A word with a legal meaning: only goods that fit the scope may carry it.

    `term` is the word as written. Goods that fit get it as a permitted name; goods of one of the
    `metals` that do not fit may not use it. `languages`: where the word is used (BCP 47).
    """

    term: str
    languages: tuple[str, ...] = ()
    plating: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Scope):
    """Something that must be said with the name.

    Applies to pieces with a stone of `stone_origin` (natural, cultured, lab-grown, imitation), of
    a kind in `stones`, with one of the `treatments` ("*" is any), or with one of the `plating`s;
    without any of these, to every piece in scope. `say` is what the shopper reads, in English,
    translatable.
    """

    say: str
    stones: tuple[str, ...] = ()
    stone_origin: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()
    plating: tuple[str, ...] = ()


KINDS: Mapping[str, type] = MappingProxyType({"term": Term, "statement": Statement})
