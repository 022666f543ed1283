"""Where an import writes to: the Protocol, and a sink in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from catalog_import.drafts import ProductDraft

type Refused = Mapping[str, str]
"""Products that could not be written, by code, with the reason. They are as they were before."""


class Sink(Protocol):
    """What an import needs of a catalogue. Every call may be repeated without harm.

    A call takes as many products as are to be written at once, so that a sink may write them in
    bulk. Each product is atomic: after a crash it is wholly old or wholly new.
    """

    def existing(self) -> Mapping[str, ProductDraft]:
        """The current products, by code; withdrawn ones are not among them."""

    def put(self, *products: ProductDraft) -> Refused:
        """Create the products, replace them, or bring them back."""

    def withdraw(self, *codes: str) -> None:
        """Take products out of sale and keep their records; an unknown code is no error."""


class MemorySink:
    """A sink that forgets: for plans that are only looked at, and for tests."""

    def __init__(self, products: Mapping[str, ProductDraft] | None = None) -> None:
        self._standing = dict(products or {})
        self.withdrawn: dict[str, ProductDraft] = {}

    def existing(self) -> Mapping[str, ProductDraft]:
        """A copy, so that writing does not change what a plan was made of."""
        return dict(self._standing)

    def put(self, *products: ProductDraft) -> Refused:
        """Store the products."""
        for product in products:
            self.withdrawn.pop(product.code, None)
            self._standing[product.code] = product
        return {}

    def withdraw(self, *codes: str) -> None:
        """Set the products aside."""
        for code in codes:
            if (product := self._standing.pop(code, None)) is not None:
                self.withdrawn[code] = product
