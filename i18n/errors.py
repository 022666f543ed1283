"""The errors of this package.

    I18nError
    ├── CurrencyMismatch      two currencies in one sum
    ├── UnknownCode           a market, metal, language or size system that does not exist
    ├── InvalidPassport       a passport that says something impossible
    ├── InvalidPriceFormula   a price below nothing, or a floor above its ceiling
    ├── InvalidRulebook       a rule file that may not be loaded: no source, overlap, wrong type
    └── SaleRefused           the rules of a market stop this sale

Each carries a stable `code`. None of them can be cured by trying again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class I18nError(Exception):
    """Base of the package's errors: a stable code for programs, a sentence for people."""

    code = "i18n_error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class CurrencyMismatch(I18nError):
    """Two currencies met in one sum or comparison."""

    code = "currency_mismatch"


class UnknownCode(I18nError):
    """A code that names nothing we know."""

    code = "unknown_code"


class InvalidPassport(I18nError):
    """A passport that contradicts itself or the physical world."""

    code = "invalid_passport"


class InvalidPriceFormula(I18nError):
    """A price formula whose parts cannot be."""

    code = "invalid_price_formula"


@dataclass(frozen=True, slots=True)
class RulebookProblem:
    """One fault of a rule file: where it is and what is wrong."""

    file: str
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.message}"


class InvalidRulebook(I18nError):
    """Rule files that may not be loaded; `problems` holds every fault found, not the first."""

    code = "invalid_rulebook"

    def __init__(self, problems: Sequence[RulebookProblem]) -> None:
        super().__init__(
            "\n".join(str(problem) for problem in problems),
            hint="docs/adding-a-market.md describes the files.",
        )
        self.problems = tuple(problems)


class SaleRefused(I18nError):
    """The rules of a market stop this sale; `rule` names the one that does."""

    code = "sale_refused"

    def __init__(self, message: str, *, rule: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.rule = rule
