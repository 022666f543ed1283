"""The kinds of rule in a market's tax.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from i18n.charge import Charge
from i18n.scope import Valued


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax(Charge):
    """A tax on goods sold or imported. A market without one says so: a rate of 0 with a source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme(Valued):
    """A low-value scheme: below its threshold, `collect` says who charges the tax.

    With `registration` it holds only for sellers who have that one ("ioss").
    """

    collect: Literal["importer", "seller"] = "seller"
    registration: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration(Valued):
    """When a foreign seller must register; shown to the operator, never part of a quote."""

    duty: str = ""


KINDS: Mapping[str, type] = MappingProxyType(
    {"tax": Tax, "scheme": Scheme, "registration": Registration}
)
