"""What a brand writes for an alloy, in one cell or over several: metal, fineness and colour.

    "18K/750黄"   "足金999"   "K18WG"   "S925"   材质 黄金 + 成色 750 + 颜色 白色

Every word of the text must be known: "18K gold plated" is no gold. A word with two meanings is
asked about: 足金 alone (99.0 % on the mainland, 99.9 % in Hong Kong), 白金 alone (platinum, or
white gold), "18K gold" without its colour.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from catalog_import.cells import Found, fold
from catalog_import.problems import Fault, Severity
from catalog_import.texts import say
from i18n.metals import ALLOYS, Alloy

_FINENESS_BY_KARAT = {24: 999, 22: 916, 21: 875, 20: 833, 18: 750, 14: 585, 10: 417, 9: 375, 8: 333}
# As marks round or cut the same fineness: 10 K is 416.7, 22 K 916.7, 14 K 583.3 (US law: 583).
_SAME = {416: 417, 917: 916, 583: 585, 9999: 999, 1000: 999, 950: 950}
_COLOURS = {
    "yellow": "yellow yel yg y 黄色 黄",
    "white": "white wht wg w 白色 白",
    "rose": "rose pink rg pg r 玫瑰色 玫瑰 玫红 玫 粉色 粉 红色 红 red",
}
_METALS = {
    "gold": "gold au 黄金 k金 金",
    "platinum": "platinum plat pt 铂金 铂 鉑金 白金pt",
    "palladium": "palladium pd 钯金 钯",
    "silver": "silver ag 白银 纯银 银 sv",
}
# Chinese names of one alloy, by what the name itself fixes.
_NAMED = {
    "万足金": ("gold", 9999, ""),
    "千足金": ("gold", 999, ""),
    "足金": ("gold", 0, "足金"),
    "千足银": ("silver", 999, ""),
    "足银": ("silver", 0, "足银"),
    "千足铂": ("platinum", 999, ""),
    "足铂": ("platinum", 0, "足铂"),
    "sterling": ("silver", 925, ""),
    "ster": ("silver", 925, ""),
    "玫瑰金": ("gold", 0, "rose"),
    "红金": ("gold", 0, "rose"),
    "粉金": ("gold", 0, "rose"),
    "黄金": ("gold", 0, "黄金"),
    "白金": ("", 0, "白金"),
    "fine": ("", 0, "fine"),
}
_FILLERS = ("solid", "real", "pure", "metal", "alloy", "stamped", "colour", "color", "karat", "色")
_NOT_SOLID = re.compile(
    r"plated|vermeil|filled|overlay|bonded|tone|镀|包金|仿|合金|铜|brass|steel|钢|钛|titan|tungsten",
    re.I,
)
_TOKEN = re.compile(
    "|".join(
        [
            r"(?P<karat>(?:k|g)?(?:24|22|21|20|18|14|10|9|8)(?:karat|carat|kt|ct|k)|k(?:24|22|21|20|18|14|10|9|8)|(?:24|22|21|20|18|14|10|9|8)(?=k))",
            r"(?P<fineness>9999|999|995|990|980|958|950|925|917|916|900|875|850|835|833|830|800|750|585|583|500|417|416|375|333)(?:0(?!\d))?",
            *(f"(?P<n{n}>{re.escape(word)})" for n, word in enumerate(_NAMED)),
            *(
                f"(?P<m_{metal}{n}>{re.escape(word)})"
                for metal, words in _METALS.items()
                for n, word in enumerate(sorted(words.split(), key=len, reverse=True))
            ),
            *(
                f"(?P<c_{colour}{n}>{re.escape(word)})"
                for colour, words in _COLOURS.items()
                for n, word in enumerate(sorted(words.split(), key=len, reverse=True))
            ),
            r"(?P<silvermark>s(?=9|8))",
            *(f"(?P<f{n}>{word})" for n, word in enumerate(_FILLERS)),
        ]
    )
)
_NAMES = tuple(_NAMED.values())


@dataclass(frozen=True, slots=True)
class Parts:
    """What the words of an alloy fix; "" and 0 where they leave it open."""

    metal: str = ""
    fineness: int = 0
    colour: str = ""
    asks: str = ""  # a word of two meanings
    known: bool = True  # every word is known, and none contradicts another


@lru_cache(maxsize=8192)
def parts_of(words: str) -> Parts:
    """The parts that the words name."""
    folded = fold(words)
    if not folded or len(folded) > 80 or _NOT_SOLID.search(folded):
        return Parts(known=False)
    metals: set[str] = set()
    finenesses: set[int] = set()
    colours: set[str] = set()
    asks = ""
    at = 0
    while at < len(folded):
        token = _TOKEN.match(folded, at)
        if token is None:
            return Parts(known=False)
        at = token.end()
        kind, value = str(token.lastgroup), token[0]
        if kind == "karat":
            digits = re.sub(r"\D", "", value)
            finenesses.add(_FINENESS_BY_KARAT[int(digits)])
            metals.add("gold")
        elif kind == "fineness":
            number = int(token["fineness"])
            finenesses.add(_SAME.get(number, number))
        elif kind == "silvermark":
            metals.add("silver")
        elif kind.startswith("m_"):
            metals.add(kind[2:].rstrip("0123456789"))
        elif kind.startswith("c_"):
            colours.add(kind[2:].rstrip("0123456789"))
        elif kind[0] == "n" and kind[1:].isdigit():
            metal, fineness, more = _NAMES[int(kind[1:])]
            metals |= {metal} - {""}
            finenesses |= {_SAME.get(fineness, fineness)} - {0}
            colours |= {more} & {"rose"}
            asks = more if more not in ("", "rose") else asks
    return _settled(metals, finenesses, colours, asks)


def _settled(metals: set[str], finenesses: set[int], colours: set[str], asks: str) -> Parts:
    if asks == "白金":  # 18K白金 is white gold, Pt950白金 platinum
        if metals == {"gold"} or (finenesses & {750, 585, 375} and not metals):
            metals, colours = {"gold"}, colours | {"white"}
        elif not metals:
            return Parts(asks=asks, fineness=min(finenesses, default=0))
    if asks == "黄金" and finenesses & {750, 585, 417, 375, 333} and not colours:
        colours = {"yellow"}
    if asks == "fine":
        finenesses = finenesses or {999}
    if len(metals) > 1 or len(finenesses) > 1 or len(colours) > 1:
        return Parts(known=False, asks="contradiction")
    metal = next(iter(metals), "")
    fineness = next(iter(finenesses), 0)
    if not metal and fineness in (750, 585, 417, 375, 333, 916, 875):
        metal = "gold"  # the fineness of no other metal of the trade
    if not metal and fineness == 925:
        metal = "silver"
    return Parts(metal, fineness, next(iter(colours), ""), asks if not fineness else "")


def read(words: str) -> str | Found | Fault | None:
    """The alloy of one text; a Fault for one that is understood and not whole; None: not known."""
    parts = parts_of(words)
    return _alloy(parts, words) if parts.known else None


def join(texts: Sequence[str]) -> str | Found | Fault | None:
    """The alloy of several cells: its metal, its fineness, its colour, in any order."""
    return read(" ".join(texts))


def _candidates(parts: Parts) -> list[Alloy]:
    return [
        alloy
        for alloy in ALLOYS.values()
        if parts.metal in ("", alloy.metal)
        and parts.fineness in (0, alloy.fineness)
        and parts.colour in ("", alloy.colour, "" if alloy.metal == "gold" else parts.colour)
    ]


def _alloy(parts: Parts, words: str) -> str | Found | Fault | None:
    found = _candidates(parts)
    if parts.fineness and len(found) == 1 and not parts.asks and (parts.metal or parts.colour):
        if "9999" in fold(words) or "999.9" in words:
            return Found(found[0].code, note=_rounded(words))
        return found[0].code
    asks = _question(parts, found, words)
    return Fault("unknown_alloy", say("There is no alloy “{word}”", word=words[:60]), asks)


def _rounded(words: str) -> Fault:
    return Fault(
        "alloy_rounded",
        say("“{word}” is recorded as 999", word=words[:40]),
        say("The mark 999 is what a market's law reads; write 999.9 into the description"),
        Severity.WARNING,
    )


def _question(parts: Parts, found: Sequence[Alloy], words: str) -> str:
    if parts.asks == "足金":
        return say("990 or 999 fine? Write gold-999 where it is 999")
    if parts.asks == "足银":
        return say("990 or 999 fine? Write silver-999 where it is 999")
    if parts.asks == "白金":
        return say("Is it platinum or white gold? Write platinum-950, or 18K white gold")
    if parts.fineness and len(found) > 1 and not parts.colour and parts.metal == "gold":
        karat = found[0].karat
        return say("Of which colour? Write it as {karat}K yellow gold", karat=karat or 18)
    if parts.metal and not parts.fineness:
        if parts.metal == "gold":
            return say("Of which fineness and colour? Write it as 18K yellow gold")
        usual = {"silver": "silver-925", "platinum": "platinum-950", "palladium": "palladium-950"}
        return say("Of which fineness? Write {alloy}", alloy=usual[parts.metal])
    if parts.fineness and not parts.metal:
        return say("Of which metal? Write it with its metal, as Pt950 or Ag999")
    if parts.metal and parts.fineness:
        return say(
            "The shop has no rules for {metal} of {fineness}; it has: {alloys}",
            metal=parts.metal,
            fineness=parts.fineness,
            alloys=", ".join(a.code for a in ALLOYS.values() if a.metal == parts.metal),
        )
    return say("Use one of: {words}", words=", ".join(ALLOYS))


def is_part(words: str) -> bool:
    """Whether a text says something of an alloy, and nothing else."""
    parts = parts_of(words)
    return parts.known and bool(parts.metal or parts.fineness or parts.colour or parts.asks)
