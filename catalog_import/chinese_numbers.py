"""Numbers written in Chinese characters: 十二, 三点二, 一万二千八百, 壹佰."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {sign: n for n, signs in enumerate(
    ("〇零", "一壹", "二贰貳两兩", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
) for sign in signs}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIAD = ("万", "萬")
_SHAPE = re.compile(
    rf"[{''.join(_DIGITS)}{''.join(_TENS)}万萬]{{1,16}}(?:[点點][{''.join(_DIGITS)}]{{1,8}})?"
)


def chinese_number(text: str) -> Decimal | None:
    """The number, or None where the text is none."""
    if not _SHAPE.fullmatch(text):
        return None
    whole, _, part = text.replace("點", "点").partition("点")
    head = _whole(whole)
    if head is None:
        return None
    decimals = "".join(str(_DIGITS[sign]) for sign in part)
    return Decimal(f"{head}.{decimals}") if decimals else Decimal(head)


def _whole(text: str) -> int | None:
    if all(sign in _DIGITS for sign in text):  # read out digit by digit: 二〇二六
        return int("".join(str(_DIGITS[sign]) for sign in text))
    for sign in _MYRIAD:
        if sign in text:
            head, _, tail = text.partition(sign)
            many, rest = _below_myriad(head), _below_myriad(tail) if tail else 0
            # 一万二 is 12,000 in speech and 10,002 in writing.
            if many is None or rest is None or (tail and len(tail) == 1):
                return None
            return many * 10_000 + rest
    return _below_myriad(text)


def _below_myriad(text: str) -> int | None:
    total, digit, last = 0, None, 10_000
    for sign in text:
        if sign in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[sign]
        elif (size := _TENS.get(sign, 0)) and size < last:
            if digit is None and total:
                return None
            total += (1 if digit is None else digit) * size
            digit, last = None, size
        else:
            return None
    if digit and total and last > 10 and "零" not in text and "〇" not in text:
        return None  # 三百五 is 350 in speech
    return total + (digit or 0) if text else None
