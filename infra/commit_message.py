"""Refuses a commit message whose subject is longer than 72 characters, or whose body does not begin
after an empty line. git calls it with the message's file (`make hooks`).
"""

from __future__ import annotations

import sys
from pathlib import Path

LONGEST = 72
_SCISSORS = "# ------------------------ >8 ------------------------"


def faults(message: str) -> list[str]:
    """What is wrong with the message, git's own comments aside."""
    said = message.partition(_SCISSORS)[0].splitlines()
    lines = [line for line in said if not line.startswith("#")]
    subject, *body = lines or [""]
    found = []
    if not subject.strip():
        found.append("the first line is the subject")
    if len(subject) > LONGEST:
        found.append(f"the subject has {len(subject)} characters, {LONGEST} are allowed")
    if body and body[0].strip():
        found.append("leave the line after the subject empty")
    return found


if __name__ == "__main__":
    found = faults(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.exit("\n".join(f"commit message: {fault}" for fault in found) or None)
