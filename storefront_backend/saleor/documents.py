"""The GraphQL that we send: one operation a file under operations/, loaded by name.

A file's first line says whether sending it twice does no more than once:

    # repeat: yes     a query, or a mutation whose repetition is told apart (unique key, same value)
    # repeat: no      after a cut line somebody must look first

`operations/webhooks/` holds subscriptions: Saleor runs those, we only hand them over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_HEAD = re.compile(r"\A# repeat: (yes|no)\n")
_NAME = re.compile(r"^(query|mutation|subscription)\s+(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Document:
    """An operation; `name` is the one in its text, which Saleor's traces show too."""

    name: str
    text: str
    kind: str  # query, mutation, subscription
    repeatable: bool


@cache
def document(path: str) -> Document:
    """The operation in `operations/<path>.graphql`."""
    text = files(__package__).joinpath("operations", f"{path}.graphql").read_text("utf-8")
    head, name = _HEAD.match(text), _NAME.search(text)
    if head is None or name is None:
        raise ValueError(f"{path}.graphql needs a '# repeat:' line and a named operation")
    return Document(name[2], text[head.end() :], name[1], head[1] == "yes")
