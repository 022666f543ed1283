"""The dated, sourced law of every market: data in the folders beside this file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from i18n.rulebook.load import TOPICS, read
from i18n.rulebook.model import Law, MarketRules, Rulebook

__all__ = ["FOLDER", "TOPICS", "Law", "MarketRules", "Rulebook", "load_rulebook", "market_codes"]

FOLDER = Path(__file__).parent


@cache
def market_codes() -> tuple[str, ...]:
    """Every market's code in order: the folders with a market.toml. Reads no rule."""
    return tuple(sorted(file.parent.name for file in FOLDER.glob("*/market.toml")))


@cache
def _default() -> Rulebook:
    return read(FOLDER)


def load_rulebook(folder: Path | None = None) -> Rulebook:
    """The rulebook of a folder; ours, read once a process, when none is named.

    Raises InvalidRulebook with every problem of every file.
    """
    return _default() if folder is None else read(folder)
