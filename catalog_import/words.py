"""The words brands use for kinds, metals, stones and places, each mapped to its one code.

English and both Chinese scripts. A word with two meanings is left out on purpose: 足金 (99.0 % on
the mainland, 99.9 % in Hong Kong), 锆石 (zircon, or cubic zirconia in shop talk), "18K gold"
(which colour?). The sheet then gets a problem with a suggestion instead of a wrong metal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from babel import Locale
from babel.core import get_global

from catalog_import.cells import fold
from i18n import locales
from i18n.metals import ALLOYS, Alloy
from i18n.passport import PIECE_KINDS, STONE_KINDS, StoneOrigin
from i18n.price_formula import Making
from i18n.rulebook import market_codes

# What brands call a language besides its CLDR names in English, in itself and in both Chinese
# scripts. CLDR's "Chinese (Simplified)" is no column heading that anybody writes.
_ALSO_CALLED = {
    "zh-Hans": ("Simplified Chinese", "简体", "简体中文", "簡體", "簡體中文", "中文简体"),
    "zh-Hant": ("Traditional Chinese", "繁体", "繁体中文", "繁體", "繁體中文", "中文繁體"),
}
# The words for "language" that end such a name, by script: 法文 and 法语, 法文 and 法語.
_CHINESE_ENDINGS = {"zh_Hans": "文语", "zh_Hant": "文語"}


def _called(code: str) -> tuple[str, ...]:
    if code in _ALSO_CALLED:
        return _ALSO_CALLED[code]
    locale = Locale.parse(code, sep="-")
    names = [str(locale.get_display_name(each)) for each in ("en", code.replace("-", "_"))]
    for script, endings in _CHINESE_ENDINGS.items():
        name = str(locale.get_display_name(script))
        stem = name.rstrip(endings)
        names += [name] if stem == name else [stem + ending for ending in endings]
    return tuple(dict.fromkeys(names))


# What a sheet may call each language that it can name a product in, the English name first.
LANGUAGES: Mapping[str, tuple[str, ...]] = {code: _called(code) for code in locales.LANGUAGES}

_KINDS = {
    "ring": "rings 戒指 指环 指環",
    "bangle": "bangles 手镯 手鐲",
    "bracelet": "bracelets 手链 手鏈",
    "pendant": "pendants 吊坠 吊墜",
    "necklace": "necklaces 项链 項鏈 頸鏈",
    "earrings": "earring 耳环 耳環 耳饰 耳飾",
    "chain": "chains 链 鏈",
    "brooch": "brooches 胸针 胸針",
}
_STONES = {
    "diamond": "diamonds 钻石 鑽石",
    "ruby": "rubies 红宝石 紅寶石",
    "sapphire": "sapphires 蓝宝石 藍寶石",
    "emerald": "emeralds 祖母绿 祖母綠",
    "spinel": "spinels 尖晶石",
    "tourmaline": "tourmalines 碧玺 碧璽",
    "topaz": "托帕石",
    "amethyst": "amethysts 紫水晶 紫晶",
    "citrine": "citrines 黄水晶 黃水晶",
    "peridot": "peridots 橄榄石 橄欖石",
    "jadeite": "翡翠",
    "nephrite": "软玉 軟玉 和田玉",
    "amber": "琥珀",
    "coral": "corals 珊瑚",
    "pearl-white": "white_pearl 白珍珠",
    "pearl-black": "black_pearl 黑珍珠",
    "turquoise": "绿松石 綠松石",
    "onyx": "黑玛瑙 黑瑪瑙",
    "opal": "opals 欧泊 歐泊",
    "cubic-zirconia": "cz 立方氧化锆 立方氧化鋯",
    "moissanite": "莫桑石",
}
_ORIGINS = {
    "natural": "天然",
    "cultured": "cultivated 养殖 養殖",
    "lab-grown": "lab lab_created laboratory-grown 培育 实验室培育 實驗室培育 合成",
    "imitation": "simulant 仿制 仿製",
    "unknown": "未知",
}
_TREATMENTS = {
    "none": "untreated no_heat unheated 无 無 未处理 未處理",
    "heated": "heat 加热 加熱",
    "oiled": "oil minor_oil 浸油",
    "irradiated": "辐照 輻照",
    "filled": "fracture-filled 充填",
    "dyed": "染色",
    "unknown": "未知",
}
_MAKING = {
    "none": "无 無",
    "per-gram": "gram per_g 每克 按克",
    "fixed": "flat 固定 一口价 一口價",
    "percent": "percentage % 百分比",
    "metal-value": "metal_value melt_value 按金价 按金價 金价 金價 料价 料價",
}
_COLOURS = {
    "yellow": ("yellow", "黄", "黃"),
    "white": ("white", "白"),
    "rose": ("rose", "pink", "red", "玫瑰", "玫瑰色"),
}
_METALS = {
    "gold": ("gold", "au", "金", "黄金", "黃金"),
    "platinum": ("platinum", "pt", "铂金", "鉑金", "铂", "鉑"),
    "palladium": ("palladium", "pd", "钯金", "鈀金", "钯", "鈀"),
    "silver": ("silver", "ag", "银", "銀", "纯银", "純銀"),
}
# The sales territories a sheet may name; each is the country of that code in lower case.
MARKETS = market_codes()
_NO_COUNTRY = frozenset(
    {"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
)


def _spellings(codes: Iterable[str], words: Mapping[str, str]) -> dict[str, str]:
    table = {fold(code): code for code in codes}
    for code in table.copy().values():
        table |= {fold(word): code for word in words.get(code, "").split()}
    return table


def _alloy_spellings(alloy: Alloy) -> Iterable[str]:
    fineness, colour = str(alloy.fineness), alloy.colour
    karat = f"{alloy.karat}k" if alloy.karat else fineness
    only = alloy.metal != "gold" or alloy.fineness > 800  # there is no 22 K white gold to confuse
    for metal in _METALS[alloy.metal]:
        for grade in {fineness, karat, karat.replace("k", "kt"), karat.replace("k", "ct")}:
            if only:
                yield from (f"{grade}{metal}", f"{metal}{grade}")
            for shade in _COLOURS.get(colour, ()):
                yield from (
                    f"{grade}{shade}{metal}",
                    f"{shade}{metal}{grade}",
                    f"{metal}{grade}{shade}",
                    f"{grade}{metal}{shade}",
                )


KINDS = _spellings(PIECE_KINDS, _KINDS)
STONES = _spellings(STONE_KINDS, _STONES)
STONE_ORIGINS = _spellings((origin.value for origin in StoneOrigin), _ORIGINS)
TREATMENTS = _spellings(_TREATMENTS, _TREATMENTS)
MAKING = _spellings(tuple(Making), _MAKING) | {"": "percent"}  # "%" folds to nothing
ALLOY_WORDS = {
    **{
        fold(spelling): alloy.code
        for alloy in ALLOYS.values()
        for spelling in _alloy_spellings(alloy)
    },
    **{fold(code): code for code in ALLOYS},
    fold("sterling silver"): "silver-925",
    fold("fine silver"): "silver-999",
}

# What to answer to words that are asked for and are none of ours. Words of law: a suggestion is
# recorded here by a person, and never found by spelling.
ALLOY_HINTS = {
    fold(word): hint
    for words, hint in (
        ("足金 足黄金 足黃金", "99.0 % or 99.9 %? Write gold-999 where it is 99.9 %"),
        (
            "18kgold 750gold 18k 18k金 au750 750金",
            "Of which colour? Write it as 18K yellow gold",
        ),
        (
            "14kgold 585gold 14k 14k金 au585",
            "Of which colour? Write it as 14K yellow gold",
        ),
        ("gold 黄金 黃金 金", "Of which fineness and colour? Write it as 18K yellow gold"),
        ("silver 银 銀", "Of which fineness? Write silver-925 or silver-999"),
        ("platinum pt 铂金 鉑金", "Of which fineness? Write platinum-950"),
    )
    for word in words.split()
}
STONE_HINTS = {
    fold(word): hint
    for words, hint in (
        ("pearl pearls 珍珠", "Of which colour? Write pearl-white or pearl-black"),
        ("jade 玉", "Is it jadeite or nephrite?"),
        ("锆石 鋯石", "Is it the mineral zircon, or cubic-zirconia?"),
        ("zircon zirconia", "Is it the mineral zircon, or cubic-zirconia?"),
        ("水晶 quartz", "Of which colour? Write amethyst or citrine, if it is one"),
    )
    for word in words.split()
}
CURRENCY_HINTS = {
    fold(word): f"Write {code}"
    for code, words in {
        "CNY": "rmb 人民币 人民幣 cnh",
        "HKD": "hk$ hongkongdollar 港币 港幣 港元",
        "USD": "us$ usdollar 美元 美金",
        "EUR": "euro 欧元 歐元",
        "GBP": "sterling 英镑 英鎊",
        "JPY": "yen 日元 日圆 日圓 円",
    }.items()
    for word in words.split()
}


@cache
def countries() -> Mapping[str, str]:
    """Folded code or name (English, both Chinese scripts; CLDR) → ISO 3166 alpha-2."""
    table: dict[str, str] = {}
    for language in ("zh_Hant", "zh_Hans", "en"):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY:
                table |= {fold(name): code, fold(code): code}
    for name, code in {
        "Hong Kong": "HK",
        "香港": "HK",
        "Macau": "MO",
        "澳门": "MO",
        "澳門": "MO",
        "PRC": "CN",
        "USA": "US",
        "UK": "GB",
        "UAE": "AE",
    }.items():
        table[fold(name)] = code
    return table


@cache
def currencies() -> Mapping[str, str]:
    """Folded ISO 4217 codes that are legal tender somewhere now, after CLDR's own end dates."""
    return {
        fold(currency): currency
        for uses in get_global("territory_currencies").values()
        for currency, _start, end, tender in uses
        if end is None and tender
    }


@cache
def markets() -> Mapping[str, str]:
    """Folded code or country name → market code."""
    return {
        spelling: country.lower()
        for spelling, country in countries().items()
        if country.lower() in MARKETS
    }
