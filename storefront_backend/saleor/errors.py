"""What can go wrong with a Saleor, below the errors of commerce that callers of the ports catch.

ProviderUnavailable
└── SaleorUnavailable     no answer, 5xx, 429 or half an answer, after all attempts
ProviderError
├── SaleorForbidden       the token is unknown, expired, or lacks a permission
├── SaleorRefused         a mutation said no; `problems` says to what and why
└── SaleorMisread         an answer, or a request of ours, that the API does not know
InvalidRequest
└── NotGenuine            a webhook or token that no Saleor of ours has signed, or a stale one
    └── UnknownKey        … signed with a key that we have not seen; it may be a new one
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storefront_backend.commerce.errors import InvalidRequest, ProviderError, ProviderUnavailable


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of a mutation's `errors`. `code` is Saleor's, e.g. UNIQUE or NOT_FOUND."""

    field: str
    code: str
    message: str

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Problem:
        """From any of Saleor's error types; they call the field `field` or `path`."""
        return cls(
            field=str(raw.get("field") or raw.get("path") or ""),
            code=str(raw.get("code") or ""),
            message=str(raw.get("message") or ""),
        )

    def __str__(self) -> str:
        return f"{self.field}: {self.message} ({self.code})" if self.field else self.message


class SaleorUnavailable(ProviderUnavailable):
    """No usable answer after all attempts; nothing is known to have happened."""

    code = "saleor_unavailable"


class SaleorForbidden(ProviderError):
    """The token does not open this. Nothing happened."""

    code = "saleor_forbidden"


class SaleorRefused(ProviderError):
    """Saleor understood and said no."""

    code = "saleor_refused"

    def __init__(self, operation: str, problems: Sequence[Problem]) -> None:
        said = "; ".join(str(problem) for problem in problems) or "no reason given"
        super().__init__(f"Saleor refused {operation}: {said}")
        self.problems = tuple(problems)


class SaleorMisread(ProviderError):
    """One of us does not speak the other's API: check the version."""

    code = "saleor_misread"


class NotGenuine(InvalidRequest):
    """Not signed by a trusted key, not valid yet, or expired."""

    code = "not_genuine"


class UnknownKey(NotGenuine):
    """Signed with a key that we have not seen: fetch the keys and look again."""

    code = "unknown_key"
