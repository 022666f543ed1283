"""How currencies are written beside an amount or in a header, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

_DOLLARS = frozenset({"USD", "HKD", "CAD", "AUD", "SGD", "TWD", "NZD", "MOP"})
# A sign may mean several currencies: then it is only held against the currency column.
CURRENCY_WORDS: Mapping[str, frozenset[str]] = {
    "¥": frozenset({"CNY", "JPY"}),
    "￥": frozenset({"CNY", "JPY"}),
    "$": _DOLLARS,
    "元": frozenset({"CNY", "HKD", "TWD", "MOP"}),
    "块": frozenset({"CNY", "HKD", "TWD", "MOP"}),
    "圆": frozenset({"CNY", "JPY"}),
    "圓": frozenset({"CNY", "JPY", "HKD", "TWD"}),
    **{
        word: frozenset({code})
        for code, words in {
            "CNY": "cny rmb cnh 人民币 人民幣 cn¥ rmb¥ ¥rmb ¥cny",
            "HKD": "hkd hk$ 港币 港幣 港元 港纸 hk",
            "USD": "usd us$ 美元 美金 u$",
            "EUR": "eur € euro euros 欧元 歐元",
            "GBP": "gbp £ 英镑 英鎊",
            "JPY": "jpy jp¥ yen 日元 日圆 日圓 円",
            "TWD": "twd nt$ ntd 台币 台幣 新台币 新台幣",
            "MOP": "mop mop$ 澳门元 澳門元 葡币 葡幣",
            "KRW": "krw ₩ won 韩元 韓元 원",
            "THB": "thb ฿ baht 泰铢 泰銖",
            "SGD": "sgd s$ 新元 新加坡元",
            "AED": "aed dirham",
            "INR": "inr ₹ rs rupee rupees",
            "AUD": "aud a$ 澳元",
            "CAD": "cad c$ 加元",
            "CHF": "chf",
            "MYR": "myr rm",
            "SAR": "sar",
        }.items()
        for word in words.split()
    },
}
# Currencies with three decimals: "1,250" may be one and a quarter of them.
THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


def currencies_of(word: str) -> frozenset[str]:
    """The currencies that a word or sign may mean; none where it is no currency."""
    return CURRENCY_WORDS.get(word.strip(" .:/").lower(), frozenset())
