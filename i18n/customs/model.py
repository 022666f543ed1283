"""The kinds of rule in a market's customs.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from i18n.charge import Charge
from i18n.scope import Valued


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty(Charge):
    """A customs duty.

    Of the rules that fit a line, the one with the longest HS prefix holds. `add_on` ones come on
    top instead of competing. One with `agreement` needs the line's proof of origin under that
    agreement, and then wins. `base` ("goods",) is FOB, with shipping and insurance CIF.
    """

    each: Literal["order", "line", "code", "item", "hs6"] = "line"
    add_on: bool = False
    agreement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee(Charge):
    """What the border takes besides duty and tax."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief(Valued):
    """Where a consignment is small enough, these kinds of charge fall away.

    `unless_registered`: not for sellers with that registration, who charge at the sale instead.
    """

    waives: tuple[Literal["duty", "tax", "fee"], ...] = ("duty",)
    unless_registered: str = ""


KINDS: Mapping[str, type] = MappingProxyType({"duty": Duty, "fee": Fee, "relief": Relief})
