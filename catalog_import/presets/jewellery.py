"""What an export says of the piece in words: in options, attributes, tags and titles.

Only what is certain is taken: one alloy that is whole ("18K Yellow Gold"), one kind. A text with
two alloys, or with "plated", says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from catalog_import import alloy_words, words
from catalog_import.cells import Found, fold
from catalog_import.expanding import Taken

_METAL = re.compile(r"metal|material|alloy|gold|材质|材質|金属|金屬|成色|purity|karat", re.I)
_COLOUR = re.compile(r"colou?r|颜色|顏色|tone|金色", re.I)
_SIZE = re.compile(r"size|尺寸|尺码|尺碼|圈口|手寸|戒圈|圈号", re.I)
_LENGTH = re.compile(r"length|链长|鏈長|长度|長度", re.I)
_SYSTEM = re.compile(r"\b(us|uk|eu|hk|jp|iso)\b|(港|美|欧|歐|日)", re.I)
_NOT_SOLID = re.compile(r"plated|vermeil|filled|overlay|gold[ -]tone|镀|鍍|包金|仿", re.I)
_PHRASE = re.compile(
    r"\b(?:solid\s+)?(?:24|22|18|14|9)\s?(?:k|kt|ct|karat|carat)\b(?:\s+solid)?(?:\s+(?:yellow|white|rose|pink|red))?(?:\s+gold)?"
    r"|\b(?:yellow|white|rose|pink)\s+gold\s+(?:24|22|18|14|9)\s?(?:k|kt|ct)\b"
    r"|\bsterling\s+silver\b|\bS?925(?:\s+(?:sterling\s+)?silver)?\b|\b925\s?银|\bplatinum\s*(?:950)?\b|\bpt\s?950\b"
    r"|\bpalladium\s*950\b|\bpd\s?950\b|(?:24|22|18|14|9)\s?[kK](?:黄|黃|白|玫瑰|红|紅)?金|(?:千足金|足金\s?999)|[铂鉑]金?\s?950",
    re.I,
)
_WEIGHT = re.compile(
    r"(?:gold|metal|net|silver|platinum)\s+(?:net\s+)?weight\s*(?:\(approx\.?\)|approx\.?|about|is|of)?\s*[:：]?\s*"
    r"(?:approx\.?\s*)?(\d{1,3}(?:\.\d{1,3})?)\s*(?:g|gr|gms?|grams?)\b|(?:净?金重|金重量|净重)\s*[:：]?\s*约?(\d{1,3}(?:\.\d{1,3})?)\s*(?:g|克)",
    re.I,
)
_TAG = re.compile(r"<[^>]{0,500}>")


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of an export: "Metal" = "18K Yellow Gold", and where it is."""

    name: str
    taken: Taken


@dataclass(slots=True)
class Product:
    """What an export says once for all variants of a product."""

    code: Taken
    cells: dict[str, Taken] = field(default_factory=dict)
    texts: list[Taken] = field(default_factory=list)  # the most telling first
    kinds: list[Taken] = field(default_factory=list)
    body: Taken | None = None


def facts(product: Product, options: Sequence[Option]) -> dict[str, Taken]:
    """Our cells for a variant, from its options and its product's words."""
    found: dict[str, Taken] = {}
    for option in options:
        text = str(option.taken.value).strip()
        if _COLOUR.search(option.name) and alloy_words.parts_of(text).colour:
            found.setdefault("alloy_colour", option.taken)
        elif (_METAL.search(option.name) and alloy_words.is_part(text)) or isinstance(
            alloy_words.read(text), str | Found
        ):
            found.setdefault("alloy", option.taken)
        elif _LENGTH.search(option.name):
            found.setdefault("length_mm", _with_unit(option))
        elif _SIZE.search(option.name):
            found.setdefault("ring_size", _with_system(option))
    if "alloy" not in found:
        alloy = _alloy_in(product.texts)
        if alloy is not None:
            found["alloy"] = alloy
    for taken in product.kinds:
        kind = words.kind_of(str(taken.value))
        if isinstance(kind, str):
            found["kind"] = Taken(kind, taken.at)
            break
    if product.body is not None and (weight := _weight_in(product.body)) is not None:
        found.setdefault("grams", weight)
    return found


def _with_system(option: Option) -> Taken:
    """ "Ring size (US)" = "6" is "US 6"."""
    named = _SYSTEM.search(option.name)
    text = str(option.taken.value).strip()
    if named and not _SYSTEM.search(text):
        return Taken(f"{named[0]} {text}", option.taken.at)
    return Taken(text, option.taken.at)


def _with_unit(option: Option) -> Taken:
    """ "Length (cm)" = "45" is "45 cm"."""
    unit = re.search(r"\b(cm|mm|inch|inches|in)\b", option.name, re.I)
    text = str(option.taken.value).strip()
    bare = text.replace(".", "", 1).isdigit()
    return Taken(f"{text} {unit[0]}" if unit and bare else text, option.taken.at)


def _alloy_in(texts: Iterable[Taken]) -> Taken | None:
    for taken in texts:
        text = str(taken.value)
        if _NOT_SOLID.search(text):
            return None
        codes: dict[str, str] = {}
        open_ended = False
        for match in _PHRASE.finditer(text):
            read = alloy_words.read(match[0])
            code = read.value if isinstance(read, Found) else read
            if isinstance(code, str):
                codes.setdefault(code, match[0])
            elif code is not None:
                open_ended = True
        if len(codes) == 1 and not open_ended:
            return Taken(next(iter(codes)), taken.at)
        if len(codes) > 1 or open_ended:
            return None
    return None


def _weight_in(body: Taken) -> Taken | None:
    weights = {match[1] or match[2] for match in _WEIGHT.finditer(plain(body.value))}
    return Taken(f"{next(iter(weights))} g", body.at) if len(weights) == 1 else None


def plain(html: object) -> str:
    """Text without its tags."""
    return " ".join(_TAG.sub(" ", str(html)).replace("&nbsp;", " ").replace("&amp;", "&").split())


def code_of(text: str) -> str:
    """A product code from a handle: what is no code sign becomes a hyphen."""
    return re.sub(r"-{2,}", "-", re.sub(r"[^\w./-]+", "-", text.strip())).strip("-./")[:60]


def text_of(taken: Taken | None, limit: int) -> Taken | None:
    """A description without markup, cut to what the shop keeps."""
    if taken is None:
        return None
    words_ = plain(taken.value)
    return Taken(words_[:limit], taken.at) if words_ else None


def is_number(text: str) -> bool:
    """Whether a text is a plain amount above nothing."""
    return bool(re.fullmatch(r"\d+(?:[.,]\d+)?", text)) and fold(text).strip("0") != ""
