"""Where an import writes to: the Protocol, a sink in memory, and one in a JSON file."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol

from catalog_import.drafts import ProductDraft
from catalog_import.errors import StateRefused


class Sink(Protocol):
    """What an import needs of a catalogue. Every call may be repeated without harm.

    `put` is atomic for its product: after a crash the product is wholly old or wholly new.
    """

    def existing(self) -> Mapping[str, ProductDraft]:
        """The products that stand, by code; withdrawn ones are not among them."""

    def put(self, product: ProductDraft) -> None:
        """Create the product, replace it, or bring it back."""

    def withdraw(self, code: str) -> None:
        """Take the product out of sale, its record kept; an unknown code is no error."""


class MemorySink:
    """A sink that forgets: for plans that are only looked at, and for tests."""

    def __init__(self, products: Mapping[str, ProductDraft] | None = None) -> None:
        self._standing = dict(products or {})
        self.withdrawn: dict[str, ProductDraft] = {}

    def existing(self) -> Mapping[str, ProductDraft]:
        """A copy, so that writing does not change what a plan was made of."""
        return dict(self._standing)

    def put(self, product: ProductDraft) -> None:
        """Keep the product."""
        self.withdrawn.pop(product.code, None)
        self._standing[product.code] = product

    def withdraw(self, code: str) -> None:
        """Set the product aside."""
        if (product := self._standing.pop(code, None)) is not None:
            self.withdrawn[code] = product


class JsonFileSink:
    """A sink in one JSON file, for the shell. Use it as a context manager.

    Each write is a line appended to a journal beside the file and flushed to the disk; closing
    folds the journal into the file. Rewriting the file for every product instead would make an
    import of n products cost n². A half-written last line, left by a crash, never happened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._journal_path = path.with_name(f"{path.name}.journal")
        self._memory = MemorySink()
        self._journal: IO[str] | None = None

    def __enter__(self) -> JsonFileSink:
        self._journal = self._journal_path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._journal.close()
            raise StateRefused(
                f"Another import is writing {self._path}", code="state_locked", retry=True
            ) from error
        try:
            self._memory = read_state(self._path)
            self._fold()  # also drops a half-written line, which the next one would be glued to
        except StateRefused:
            self._journal.close()
            raise
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._journal is None:
            return
        self._fold()
        self._journal.close()
        self._journal = None

    def _fold(self) -> None:
        _replace(self._path, _state(self._memory))
        # Emptied, not removed: a second import may be waiting with this very file open.
        if self._journal is not None:
            self._journal.truncate(0)

    def existing(self) -> Mapping[str, ProductDraft]:
        """The products in the file."""
        return self._memory.existing()

    def put(self, product: ProductDraft) -> None:
        """Write the product to the disk."""
        self._write({"put": product.to_json()})
        self._memory.put(product)

    def withdraw(self, code: str) -> None:
        """Write the withdrawal to the disk."""
        self._write({"withdraw": code})
        self._memory.withdraw(code)

    def _write(self, entry: Mapping[str, Any]) -> None:
        if self._journal is None:
            raise StateRefused(
                "The state file is not open", hint="Use the sink in a with statement"
            )
        self._journal.write(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n")
        self._journal.flush()
        os.fsync(self._journal.fileno())


def read_state(path: Path) -> MemorySink:
    """The state of a JSON file with what a crashed import left in its journal; empty if none."""
    memory = MemorySink()
    try:
        raw = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        for product in (*raw.get("withdrawn", ()), *raw.get("products", ())):
            memory.put(ProductDraft.from_json(product))
        for product in raw.get("withdrawn", ()):
            memory.withdraw(product["code"])
        journal = path.with_name(f"{path.name}.journal")
        lines = journal.read_text(encoding="utf-8").split("\n") if journal.exists() else [""]
        for line in lines[:-1]:  # what stands after the last newline was never finished
            _replay(json.loads(line), memory)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StateRefused(f"{path} is no state file: {error}", hint="Name another file") from error
    return memory


def _replay(entry: Mapping[str, Any], memory: MemorySink) -> None:
    if "put" in entry:
        memory.put(ProductDraft.from_json(entry["put"]))
    else:
        memory.withdraw(entry["withdraw"])


def _state(memory: MemorySink) -> dict[str, Any]:
    return {
        "products": [product.to_json() for product in memory.existing().values()],
        "withdrawn": [product.to_json() for product in memory.withdrawn.values()],
    }


def _replace(path: Path, state: Mapping[str, Any]) -> None:
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("w", encoding="utf-8") as stream:
        json.dump(state, stream, ensure_ascii=False, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
