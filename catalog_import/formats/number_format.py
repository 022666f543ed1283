"""What a spreadsheet's number format says of the number in the cell: percent, money, zeros."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_TAG = re.compile(r"\[([^\]]*)\]")
_MONEY = re.compile(
    r"(?P<sign>[A-Za-z]{0,3}[$¥￥€£₩₹฿]|(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])"
    r"|人民币|人民幣|港币|港幣|港元|美元|台币|台幣|元|円)"
)
_PADDED = re.compile(r"0{2,20}")
_DATE = re.compile(r"[ymdhs年月日]", re.I)


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a cell shows its number.

    `percent`: 0.08 is shown as 8 %. `currency` is the sign or word beside the number ("HK$", "¥",
    "CNY"), or "". `zeros` is the width to which a code is padded: 5 for 00012; `before` comes
    in front of it.
    """

    code: str
    percent: bool = False
    currency: str = ""
    zeros: int = 0
    before: str = ""
    date: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether the number alone says it all."""
        return not (self.percent or self.currency or self.zeros or self.date)


PLAIN = NumberFormat("General")


@lru_cache(maxsize=4096)
def read(code: str) -> NumberFormat:
    """What a format code means; of several sections, that of positive numbers."""
    if len(code) > 255 or code in ("", "General", "@"):
        return PLAIN
    section = _first_section(code)
    words = "".join(a or b for a, b in _QUOTED.findall(section))
    tags = _TAG.findall(section)
    bare = _TAG.sub("", _QUOTED.sub("", section))
    signs = [tag[1:].split("-")[0] for tag in tags if tag.startswith("$")]
    money = _MONEY.search(" ".join([*signs, words, bare]))
    zeros = len(bare) if _PADDED.fullmatch(bare) else 0
    return NumberFormat(
        code,
        percent="%" in bare,
        currency=money["sign"] if money else "",
        zeros=zeros,
        before=words if zeros and section.startswith('"') else "",
        date=not money and "%" not in bare and bool(_DATE.search(bare)),
    )


def _first_section(code: str) -> str:
    quoted = False
    for at, sign in enumerate(code):
        if sign == '"':
            quoted = not quoted
        elif sign == ";" and not quoted:
            return code[:at]
    return code
