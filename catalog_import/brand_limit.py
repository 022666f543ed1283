"""A sheet that would make more variants than its brand may have on sale."""

from __future__ import annotations

from catalog_import.problems import Problem
from catalog_import.texts import say

CODE = "brand_limit_reached"


def too_many_variants(after: int, most: int) -> Problem:
    """It is about the sheet as a whole, and stops all of it."""
    return Problem(
        CODE,
        say(
            "{after} variants would be on sale; a brand may have {most}",
            after=after,
            most=most,
        ),
        say("Leave pieces out, withdraw others first, or request a higher limit"),
    )
