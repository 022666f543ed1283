"""Prints the licence of every installed package that is locked, from the package's own metadata.

Fails on one that states none, and on one whose terms would reach our own code (AGPL, GPL without
an exception). Needs no network: it reads what `make setup` installed.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REACHES_US = re.compile(r"\bA?GPL|Affero|(?<!Lesser )General Public", re.IGNORECASE)
# Read by hand: the metadata says less, or more, than the licence file does.
READ_BY_HAND = {
    "axe-playwright-python": "MIT (the tests' own)",
    "localstripe": "GPL-3.0 OR a program of its own: the tests start it as a server",
    "text-unidecode": "Artistic-1.0-Perl OR GPL-2.0",
}


def locked() -> list[str]:
    """The names in the lock file."""
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    return [found[1] for line in lines if (found := re.match(r"([\w.-]+)==", line))]


def licence(package: Distribution) -> str:
    """The licence expression, else the classifiers, else the first line of the free text."""
    said = package.metadata
    if expression := said.get("License-Expression"):
        return expression
    classes = [c.rpartition(" :: ")[2] for c in said.get_all("Classifier", []) if "License" in c]
    if classes:
        return " AND ".join(classes)
    return (said.get("License") or "").strip().partition("\n")[0][:80]


def main() -> int:
    """1 where a licence is missing or unfit."""
    faults = 0
    for name in locked():
        try:
            found = READ_BY_HAND.get(name) or licence(distribution(name))
        except PackageNotFoundError:
            continue  # locked for another platform
        unfit = not found or (bool(REACHES_US.search(found)) and " OR " not in found)
        faults += unfit
        print(f"{'!' if unfit else ' '} {name:32} {found or 'states no licence'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
