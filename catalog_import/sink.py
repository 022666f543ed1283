"""Where an import writes to: the Protocol, and a sink in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from catalog_import.drafts import ProductDraft


class Sink(Protocol):
    """What an import needs of a catalogue. Every call may be repeated without harm.

    `put` is atomic for its product: after a crash the product is wholly old or wholly new.
    """

    def existing(self) -> Mapping[str, ProductDraft]:
        """The current products, by code; withdrawn ones are not among them."""

    def put(self, product: ProductDraft) -> None:
        """Create the product, replace it, or bring it back."""

    def withdraw(self, code: str) -> None:
        """Take the product out of sale and keep its record; an unknown code is no error."""


class MemorySink:
    """A sink that forgets: for plans that are only looked at, and for tests."""

    def __init__(self, products: Mapping[str, ProductDraft] | None = None) -> None:
        self._standing = dict(products or {})
        self.withdrawn: dict[str, ProductDraft] = {}

    def existing(self) -> Mapping[str, ProductDraft]:
        """A copy, so that writing does not change what a plan was made of."""
        return dict(self._standing)

    def put(self, product: ProductDraft) -> None:
        """Store the product."""
        self.withdrawn.pop(product.code, None)
        self._standing[product.code] = product

    def withdraw(self, code: str) -> None:
        """Set the product aside."""
        if (product := self._standing.pop(code, None)) is not None:
            self.withdrawn[code] = product
