"""The words brands use for kinds, metals, stones and places, each mapped to its one code.

English and Chinese; `fold` reads traditional characters as simplified ones. A word with two
meanings is left out on purpose: 锆石 (zircon, or cubic zirconia in shop talk). The sheet then gets
a problem with a suggestion instead of a wrong stone. Alloys: `alloy_words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from babel import Locale
from babel.core import get_global

from catalog_import.cells import Found, fold
from catalog_import.currency_words import currencies_of
from catalog_import.problems import Fault
from catalog_import.texts import say
from i18n import locales
from i18n.metals import ALLOYS
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
    "ring": "rings finger_ring band bands wedding_band solitaire 戒指 指环 戒 女戒 男戒 对戒 婚戒 钻戒 尾戒 情侣戒 排戒 戒子",
    "bangle": "bangles cuff cuffs bangle_bracelet 手镯 镯 镯子 手环",
    "bracelet": "bracelets 手链 手串 手牌 手绳",
    "pendant": "pendants pendant_only 吊坠 坠 坠子 挂坠 挂件 链坠 项坠 吊饰",
    "necklace": "necklaces choker chokers pendant_necklace 项链 颈链 套链 锁骨链 项圈 毛衣链",
    "earrings": "earring ear_rings ear_ring stud studs ear_stud ear_studs hoop hoops huggies ear_clip ear_clips"
    " drop_earrings 耳环 耳饰 耳钉 耳坠 耳线 耳夹 耳扣 耳圈 耳钩 耳针 耳骨夹",
    "chain": "chains 链 链子 素链 金链 银链",
    "brooch": "brooches lapel_pin 胸针 胸花 别针 襟针",
}
# Kinds of pieces that are understood, and that the shop has no rules for.
_NO_KINDS = {
    "anklet": "anklets ankle_bracelet 脚链 足链 脚镯",
    "charm": "charms bead beads 转运珠 串珠 路路通 配珠 散珠 花件",
    "set": "sets jewelry_set jewellery_set parure 套装 套件 套组 首饰套装",
    "cufflinks": "cufflink cuff_links cuff_link 袖扣 袖钮 袖钉",
    "tie clip": "tie_clips tie_pin tie_bar 领带夹 领夹 领带针",
    "gold bar": "gold_bars bar bullion ingot coin coins 金条 金币 金砖 投资金条 银条 金豆 金片",
    "watch": "watches wristwatch 手表 腕表 表链 表",
    "hair ornament": "hairpin hairpins tiara 发簪 发夹 发饰 皇冠",
    "loose stone": "loose_stones gemstones loose_diamond 裸石 裸钻 散钻",
    "body jewellery": "nose_ring toe_ring belly_ring body_chain 鼻环 鼻钉 脐环 腰链 脚环 眼镜链 钥匙链 钥匙扣",
}
_STONES = {
    "diamond": "diamonds dia 钻石 钻 裸钻 白钻",
    "ruby": "rubies 红宝石 红宝",
    "sapphire": "sapphires blue_sapphire pink_sapphire yellow_sapphire 蓝宝石 蓝宝",
    "emerald": "emeralds 祖母绿",
    "spinel": "spinels 尖晶石 尖晶",
    "tourmaline": "tourmalines 碧玺 电气石 托玛琳",
    "topaz": "topazes blue_topaz white_topaz 托帕石 托帕 黄玉石",
    "amethyst": "amethysts 紫水晶 紫晶",
    "citrine": "citrines 黄水晶 黄晶",
    "peridot": "peridots 橄榄石 橄榄",
    "jadeite": "jadeite_jade 翡翠",
    "nephrite": "nephrite_jade 软玉 和田玉 碧玉",
    "amber": "ambers 琥珀 蜜蜡",
    "coral": "corals 珊瑚",
    "pearl-white": "white_pearl white_pearls 白珍珠",
    "pearl-black": "black_pearl black_pearls 黑珍珠",
    "turquoise": "绿松石 绿松",
    "onyx": "black_onyx 黑玛瑙",
    "opal": "opals 欧泊 蛋白石 澳宝",
    "cubic-zirconia": "cz 立方氧化锆 合成立方氧化锆",
    "moissanite": "moissanites 莫桑石 莫桑钻 合成碳硅石",
}
# Stones by their other names, for which there are no rules: known, so that none is guessed.
_NO_STONES = {
    "tanzanite": "坦桑石 丹泉石 tanzanites 坦桑蓝",
    "aquamarine": "海蓝宝 海蓝宝石 aquamarines",
    "garnet": "石榴石 garnets 红榴石 沙弗莱 沙弗莱石 tsavorite 芬达石 spessartine",
    "morganite": "摩根石 morganites 粉绿柱石",
    "alexandrite": "变石 亚历山大变石",
    "chrysoberyl": "金绿宝石 金绿玉 猫眼 猫眼石",
    "moonstone": "月光石 moonstones",
    "mother-of-pearl": "贝母 珍珠母 珍珠贝母 mother_of_pearl mop 白贝母 黑贝母 贝壳",
    "agate": "玛瑙 红玛瑙 南红 agates",
    "chalcedony": "玉髓 绿玉髓 chrysoprase 蓝玉髓",
    "lapis lazuli": "青金石 lapis",
    "malachite": "孔雀石",
    "kunzite": "孔赛石 紫锂辉石",
    "apatite": "磷灰石",
    "iolite": "堇青石",
    "tiger's eye": "虎眼石 tigers_eye tiger_eye",
    "rose quartz": "粉晶 芙蓉石 粉水晶 smoky_quartz 茶晶 白水晶 crystal rock_crystal 发晶",
    "labradorite": "拉长石 日光石 sunstone",
    "zultanite": "水铝石 diaspore",
    "prehnite": "葡萄石",
    "enamel": "珐琅 enamels",
    "glass": "玻璃 crystal_glass",
    "bodhi, wood or rope": "菩提 木 檀木 皮绳",
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


KINDS = _spellings(PIECE_KINDS, _KINDS)
SIZE_SYSTEMS = {
    fold(word): code
    for code, called in {
        "iso": "iso eu european 欧码 欧号 国际 国际标准 europe fr de mm",
        "us": "us usa american 美码 美号 美国 美度 美国码 ca",
        "uk": "uk gb british 英码 英号 英国 au",
        "jp": "jp japan japanese 日码 日号 日本 kr",
        "hk": "hk hongkong hong_kong 港度 港码 港号 香港 港",
        "cn": "cn china chinese 国标 国内 中国 大陆 内地",
        "it": "it italy italian 意码 意大利",
        "ch": "ch swiss switzerland 瑞士",
    }.items()
    for word in called.split()
}
STONES = _spellings(STONE_KINDS, _STONES)
STONE_ORIGINS = _spellings((origin.value for origin in StoneOrigin), _ORIGINS)
TREATMENTS = _spellings(_TREATMENTS, _TREATMENTS)
MAKING = _spellings(tuple(Making), _MAKING) | {"": "percent"}  # "%" folds to nothing
ALLOY_WORDS = {
    **{fold(code): code for code in ALLOYS},
    # Whole spellings beside what `alloy_words` puts together, for near misses to be found.
    **{
        fold(spelling): alloy.code
        for alloy in ALLOYS.values()
        for spelling in (
            f"{alloy.karat or alloy.fineness}{'k' if alloy.karat else ''}{alloy.colour}{alloy.metal}",
            f"{alloy.fineness}{alloy.colour}{alloy.metal}",
        )
    },
    fold("sterling silver"): "silver-925",
    fold("fine silver"): "silver-999",
}
NOT_KINDS = {
    fold(word): kind for kind, words in _NO_KINDS.items() for word in (kind, *words.split())
}
NOT_STONES = {
    fold(word): stone for stone, words in _NO_STONES.items() for word in (stone, *words.split())
}
# What to answer to words that are asked for and are none of ours. Words of law: a suggestion is
# recorded here by a person, and never found by spelling.
STONE_HINTS = {
    fold(word): hint
    for words, hint in (
        (
            "pearl pearls 珍珠 akoya 南洋珠 淡水珍珠 海水珍珠",
            say("Of which colour? Write pearl-white or pearl-black"),
        ),
        ("jade 玉 玉石", say("Is it jadeite or nephrite?")),
        ("锆石 锆 zircon zirconia", say("Is it the mineral zircon, or cubic-zirconia?")),
        ("水晶 quartz", say("Of which colour? Write amethyst or citrine, if it is one")),
        ("宝石 彩宝 gemstone gem stone 石头", say("Which stone is it? Write its name, as ruby")),
    )
    for word in words.split()
}


def kind_of(word: str) -> str | Fault | None:
    """The kind at the end of a longer text: 18K金女戒, "Diamond Ring", "Jewelry > Rings"."""
    last = re.split(r"[>/|→»,，]", word)[-1].strip() or word
    folded = fold(last)
    spoken = re.findall(r"[a-z]+", last.casefold())
    tails = {"".join(spoken[-n:]) for n in (1, 2, 3)} if spoken else set()
    tails |= {folded[-n:] for n in range(1, 6) if not folded[-n:].isascii()}
    for tail in sorted(tails | {folded}, key=len, reverse=True):
        if tail in KINDS:
            return KINDS[tail]
        if tail in NOT_KINDS:
            return Fault(
                "unknown_kind",
                say("“{word}” is a kind that the shop does not sell yet: {kind}",
                    word=word[:60], kind=NOT_KINDS[tail]),
                say("Leave the row out, or write the kind that it is sold as: {kinds}",
                    kinds=", ".join(PIECE_KINDS)),
            )  # fmt: skip
    return None


_GROWN = (
    ("lab-grown", "labgrown labcreated laboratorygrown laboratorycreated lab cvd hpht 实验室培育 培育 人工培育 合成"),
    ("cultured", "cultured cultivated 养殖"),
    ("natural", "natural genuine 天然"),
    ("imitation", "imitation simulated simulant 仿制 仿 人造"),
)  # fmt: skip


def stone_of(word: str) -> str | Found | Fault | None:
    """A stone with the word for its origin: 培育钻石, "natural ruby"; or one without rules."""
    folded = fold(word)
    for origin, words in _GROWN:
        for each in words.split():
            rest = folded.removeprefix(each) if folded.startswith(each) else ""
            if rest and rest in STONES:
                return Found(STONES[rest], also={"origin": origin})
    if folded in NOT_STONES:
        return Fault(
            "unknown_stone",
            say("The shop has no rules for “{word}” yet: {stone}", word=word[:60], stone=NOT_STONES[folded]),
            say("Leave the stone out of the sheet and ask for it; another stone's name is not lawful"),
        )  # fmt: skip
    return None


def currency_of(word: str) -> str | None:
    """The currency that a word or sign means, where it means one only: RMB, 港币, US$."""
    meant = currencies_of(word)
    return next(iter(meant)) if len(meant) == 1 else None


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
