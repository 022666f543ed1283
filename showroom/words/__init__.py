"""What the names in a file say of its parts, in the languages that jewellers' CAD speaks.

One TOML file a language: `head` says whether the word that counts is "last" ("diamond prongs"
are prongs) or "first" ("griffe diamant" is a griffe); `[role]` and `[material]` list words by what
they mean. Names of our own form, `stone:diamond centre`, need no language.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from i18n.metals import ALLOYS
from i18n.passport import STONE_KINDS
from showroom.scene import Role

_OWN = re.compile(
    r"^\s*(metal|stone|pearl|jade|enamel|other)\s*[:：]\s*([a-z0-9-]*)", re.IGNORECASE
)
_FINISH = re.compile(r"\b(polished|satin|brushed|hammered|antique)\b", re.IGNORECASE)
_JADE = ("jadeite", "nephrite")
_PEARLS = ("pearl-white", "pearl-black")


@dataclass(frozen=True, slots=True)
class Sense:
    """What a name means. `material` is "" where it names a role only."""

    role: Role
    material: str = ""
    finish: str = ""
    word: str = ""  # the word that decided


@dataclass(frozen=True, slots=True)
class _Language:
    name: str
    head: str
    words: tuple[tuple[str, Role, str], ...]  # longest first


def role_of(material: str) -> Role:
    """The role that a material code implies."""
    if material in ALLOYS:
        return Role.METAL
    if material in _JADE:
        return Role.JADE
    if material in _PEARLS:
        return Role.PEARL
    if material in STONE_KINDS:
        return Role.STONE
    return Role.ENAMEL if material.startswith("enamel") else Role.OTHER


def sense(labels: Iterable[str]) -> Sense | None:
    """The meaning of a part's labels, most telling first; None when no word is known.

    The first label with a material wins; one that states a role alone is used if none has,
    and a material from a later label is added to it when the two agree.
    """
    role: Sense | None = None
    for label in labels:
        found = _own(label) or _read(label)
        if found is None:
            continue
        if found.material and (role is None or role.role is found.role):
            return found
        role = role or found
    return role


def _own(label: str) -> Sense | None:
    match = _OWN.match(label)
    if match is None:
        return None
    role = Role(match.group(1).lower())
    code = match.group(2).lower()
    finish = _FINISH.search(label)
    known = code if code and (role_of(code) is role or code in STONE_KINDS) else ""
    if not known and (read := _read(label[match.end(1) + 1 :])) is not None:
        known = read.material if read.role is role else ""
    if role is Role.STONE and known:
        role = role_of(known)  # "stone:pearl-white" is a pearl: smooth, not faceted
    return Sense(role, known, finish.group(1).lower() if finish else "", match.group(0).strip())


def _read(label: str) -> Sense | None:
    text = plain(label)
    best: tuple[int, Sense] | None = None
    for language in _languages():
        hits = _hits(text, language)
        if not hits:
            continue
        hits.sort(key=lambda hit: hit[0])
        _, length, role, material, word = hits[-1] if language.head == "last" else hits[0]
        if not material:
            same = [hit for hit in hits if hit[3] and hit[2] is role]
            material = same[0][3] if same else ""
        finish = _FINISH.search(label)
        made = Sense(role, material, finish.group(1).lower() if finish else "", word)
        score = max(length, *(hit[1] for hit in hits))
        if best is None or score > best[0]:
            best = (score, made)
    return best[1] if best else None


def _hits(text: str, language: _Language) -> list[tuple[int, int, Role, str, str]]:
    """Where words of the language are: (place, length, role, material, word), no overlaps."""
    taken = [False] * len(text)
    hits = []
    for word, role, material in language.words:
        start = 0
        while (place := text.find(word, start)) >= 0:
            end = place + len(word)
            start = place + 1
            if any(taken[place:end]) or not _stands_alone(text, place, end):
                continue
            taken[place:end] = [True] * len(word)
            hits.append((place, len(word), role, material, word))
    return hits


def _stands_alone(text: str, start: int, end: int) -> bool:
    # Chinese and Japanese write words without spaces; Latin words must not be parts of others.
    if _latin(text[start]) and start > 0 and _latin(text[start - 1]):
        return False
    if not _latin(text[end - 1]) or end == len(text) or not _latin(text[end]):
        return True
    return text[end] == "s" and (end + 1 == len(text) or not _latin(text[end + 1]))


def _latin(letter: str) -> bool:
    return "a" <= letter <= "z"


def plain(text: str) -> str:
    """Lower case, no accents (Japanese sound marks stay), separators as spaces."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(one for one in folded if not unicodedata.combining(one) or one in "\u3099\u309a")
    bare = unicodedata.normalize("NFC", bare)
    return re.sub(r"[\s_\-.:：/\\|,;()\[\]#]+", " ", bare).strip()


@cache
def _languages() -> tuple[_Language, ...]:
    return tuple(_language(path) for path in sorted(Path(__file__).parent.glob("*.toml")))


def _language(path: Path) -> _Language:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    words = [(plain(w), Role(role), "") for role, many in raw["role"].items() for w in many]
    words += [
        (plain(w), role_of(code), code) for code, many in raw["material"].items() for w in many
    ]
    return _Language(path.stem, raw["head"], tuple(sorted(words, key=lambda w: (-len(w[0]), w[0]))))
