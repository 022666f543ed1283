"""The command `landed-cost`: what a piece costs in a market, line by line, and who says so.

    landed-cost --market gb --hs 711319 --origin CN --goods 1200 --shipping 20 --json
    landed-cost explain --market de … --language de
    landed-cost diff --from 2026-06-30 --to 2026-07-01
    landed-cost coverage
    landed-cost messages

Exit 0 for a quote, 3 for a refusal with its rule, 2 for wrong usage; `diff` exits 1 when something
changes.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Protocol

from i18n.commands import coverage, diff, explain, messages, quote
from i18n.errors import I18nError, InvalidRulebook


class Command(Protocol):
    """What each module of i18n.commands offers."""

    __doc__: str | None

    def options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""

    def run(self, wanted: argparse.Namespace) -> int:
        """Do it; returns the exit code."""


COMMANDS: dict[str, Command] = {
    "explain": explain,
    "diff": diff,
    "coverage": coverage,
    "messages": messages,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    named = words[0] if words and words[0] in COMMANDS else ""
    command = COMMANDS.get(named, quote)
    doc = (command.__doc__ or "").strip()
    parser = argparse.ArgumentParser(
        prog=f"landed-cost {named}".strip(),
        description=doc.partition(": ")[2] or doc,
        epilog="" if named else f"Also: landed-cost {' | '.join(COMMANDS)}, each with --help.",
    )
    command.options(parser)
    wanted = parser.parse_args(words[1:] if named else words)
    try:
        code = command.run(wanted)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # The reader closed the pipe ("| head"); the interpreter must not flush into it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except InvalidRulebook:
        raise
    except I18nError as error:
        parser.error(f"{error.message}. {error.hint}".strip())
    except ValueError as error:
        parser.error(str(error))


if __name__ == "__main__":
    sys.exit(main())
