"""The values of the UploadStore port: a large file that comes in parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenUpload:
    """A file of `size` bytes on its way in. `reference` is the store's own name for it."""

    id: str
    size: int
    part_size: int
    reference: str = ""

    @property
    def count(self) -> int:
        """How many parts it has; even the last holds at least one byte."""
        return max(1, -(-self.size // self.part_size))

    def size_of(self, number: int) -> int:
        """The bytes of a part, counted from 1; all are of one size but the last."""
        return min(self.part_size, self.size - (number - 1) * self.part_size)


@dataclass(frozen=True, slots=True)
class Part:
    """One part, counted from 1. `sha256` is in hex; empty where a store does not tell."""

    number: int
    size: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class PartAddress:
    """Where the bytes of one part are PUT, with the headers that have to go with them."""

    number: int
    url: str
    headers: Mapping[str, str]
