"""The columns of a catalogue sheet. Each is one `Column`: knowing one is knowing all.

A new column is one line here, its headers in `aliases`, and its use in `rows`. Headers are compared
folded (case, spaces, punctuation and the Chinese script do not count).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache

from catalog_import import alloy_words, amounts, cells, file_names, limits, words
from catalog_import.aliases import HEADERS, KNOWN, STONE_FIELDS, STONE_NAMES, WEAK
from catalog_import.cells import Cell, Parser, fold
from catalog_import.column import Column
from catalog_import.price_columns import price_columns
from catalog_import.problems import Fault
from catalog_import.texts import say
from i18n.metals import ALLOYS
from i18n.passport import PIECE_KINDS, STONE_KINDS, StoneOrigin
from i18n.ring_sizes import SYSTEMS

__all__ = ["STONE_GROUPS", "Column", "column_of", "columns", "known_header", "weak_columns"]

STONE_GROUPS = 4
_PICTURE_WORDS = ("image", "picture", "photo", "图片", "图", "照片")
_NUMBERED = 12
_ZERO = Decimal(0)
# Bounds that only an absurd value passes; what is merely unlikely is a warning, see `plausible`.
_KILO = Decimal(10_000)
_MM = amounts.units(
    "mm", "毫米", "公厘", "公釐", cm="10", 厘米="10", 公分="10", m="1000", 米="1000",
    inch="25.4", inches="25.4", 英寸="25.4", 寸="25.4", 吋="25.4",
) | {mark: Decimal("25.4") for mark in ("in", '"', "”", "″", "''")}  # fmt: skip
_GRAMS = amounts.units(
    "g", "gr", "gm", "gms", "gram", "grams", "克", "公克", mg="0.001", 毫克="0.001", kg="1000",
    公斤="1000", 千克="1000",
)  # fmt: skip
_CARAT = amounts.units(
    "ct", "cts", "carat", "carats", "克拉", "卡", "ctw", "cttw", "tcw", 分="0.01", point="0.01",
    points="0.01", pt="0.01", pts="0.01",
)  # fmt: skip


def _column(
    name: str,
    parse: Parser,
    note: str,
    aliases: tuple[str, ...] = (),
    *,
    required: bool = False,
    of_product: bool = False,
    choices: tuple[str, ...] = (),
    measure: str = "",
) -> Column:
    called = tuple(dict.fromkeys((*HEADERS.get(name, ()), *aliases)))
    return Column(
        name, parse, note, called, required, of_product, choices, measure, WEAK.get(name, ())
    )


def _millimetres(name: str, note: str) -> Column:
    return _column(name, amounts.decimal(_ZERO, _KILO, _MM, above=True), note, measure="mm")


def _grams(name: str, note: str) -> Column:
    parse = amounts.decimal(_ZERO, _KILO, _GRAMS, above=True)
    return _column(name, parse, note, required=name == "grams", measure="g")


def _identity() -> Iterator[Column]:
    yield _column(
        "product_code",
        cells.code(limits.PRODUCT_CODE),
        say("One code a product; rows sharing it are its variants."),
        required=True,
        of_product=True,
    )
    yield _column(
        "sku",
        cells.code(limits.SKU),
        say("One code a variant, used once in the sheet."),
        required=True,
    )
    yield _column(
        "kind",
        cells.choice(words.KINDS, "kind", read=words.kind_of),
        say("What the piece is."),
        required=True,
        of_product=True,
        choices=PIECE_KINDS,
    )


def _texts() -> Iterator[Column]:
    for language, called in words.LANGUAGES.items():
        suffix = language.lower().replace("-", "_")
        names = [f"{word} name" for word in called] + [f"name {word}" for word in called]
        names += [f"{word}{noun}" for word in called for noun in ("名称", "品名", "标题")]
        stories = [f"{word} description" for word in called] + [
            f"description {word}" for word in called
        ]
        stories += [f"{word}{noun}" for word in called for noun in ("描述", "说明")]
        yield _column(
            f"name_{suffix}",
            cells.text(limits.NAME),
            say("Name in {language}, as a shopper reads it.", language=called[0]),
            tuple(names),
            required=language == "en",
            of_product=True,
        )
        yield _column(
            f"description_{suffix}",
            cells.text(limits.DESCRIPTION, lines=True),
            say("Description in {language}.", language=called[0]),
            tuple(stories),
            of_product=True,
        )
    yield _column(
        "collection",
        cells.text(limits.COLLECTION),
        say("The collection it belongs to."),
        of_product=True,
    )


def _alloy_part(cell: Cell) -> str | Fault | None:
    """A fineness or a colour, as it is written; `rows` joins it with the metal."""
    word = cells.as_text(cell)
    if isinstance(word, Fault) or not word or cells.says_nothing(word):
        return word if isinstance(word, Fault) else None
    if isinstance(cell.value, float) and 0 < cell.value < 1:  # 0.75 is 750 of a thousand
        word = str(int(Decimal(repr(cell.value)) * 1000))
    if alloy_words.is_part(word):
        return word
    return Fault(
        "unknown_alloy_part",
        say("“{word}” is no fineness or colour of an alloy", word=word[:60]),
        say("Write 18K or 750, and yellow, white or rose"),
    )


def _body() -> Iterator[Column]:
    alloy = cells.choice(words.ALLOY_WORDS, "alloy", read=alloy_words.read)
    yield _column(
        "alloy",
        alloy,
        say("The alloy; for gold with its colour."),
        required=True,
        choices=tuple(ALLOYS),
    )
    yield _column(
        "fineness",
        _alloy_part,
        say("The fineness, where it has a column of its own: 18K, 750. Joined with alloy."),
    )
    yield _column(
        "alloy_colour",
        _alloy_part,
        say("The colour of the gold, where it has a column of its own. Joined with alloy."),
    )
    yield _grams("grams", say("Weight of that alloy in grams, without stones."))
    yield _column(
        "alloy_2", alloy, say("A second alloy, where the piece has two."), choices=tuple(ALLOYS)
    )
    yield _grams("grams_2", say("Weight of the second alloy in grams."))
    yield _grams("total_grams", say("Weight of the whole piece with its stones; only compared."))
    finish = cells.choice({}, "finish", lenient=True)
    yield _column("finish", finish, say("Surface: polished, brushed, hammered …"))
    yield _column(
        "plating", finish, say("What covers the metal: rhodium, gold-vermeil; empty for none.")
    )
    yield _column(
        "ring_size",
        cells.text(200),
        say("Rings only: the size as marked, as 6½ or 54; several with commas, or 10-16."),
    )
    yield _column(
        "ring_size_system",
        cells.choice(words.SIZE_SYSTEMS, "ring size system", lenient=True),
        say("Whose sizes: iso is the circumference in mm."),
        choices=tuple(SYSTEMS),
    )
    yield _millimetres("inner_diameter_mm", say("Inner diameter in mm."))
    yield _millimetres("width_mm", say("Width in mm."))
    yield _millimetres("height_mm", say("Height in mm."))
    yield _millimetres("depth_mm", say("Depth in mm."))
    yield _millimetres("length_mm", say("Length in mm."))


def _called(n: int, field: str) -> tuple[str, ...]:
    ends = [each.strip() for each in STONE_FIELDS[field].split(";")]
    names = [
        f"{stone}{end}" if not stone.isascii() else f"{stone} {end}".strip()
        for stone in STONE_NAMES[n - 1]
        for end in ends
        if end.isascii() == stone.split()[0].isascii() or not end
    ]
    if field == "count":
        names += [f"number of {s}" for s in STONE_NAMES[n - 1] if s.isascii()]
    if n == 1 and field == "kind":
        names += ["main gemstone", "gem type", "gem name", "primary gemstone", "石种"]
    if n == 1 and field == "carat":
        names += ["carat weight", "total carat weight", "diamond weight", "diamond carat weight",
                  "ctw", "total ct", "diamond ct", "总石重", "石重", "钻重", "钻石重"]  # fmt: skip
    return tuple(names)


def _stone(n: int) -> Iterator[Column]:
    def column(
        field: str, parse: Parser, note: str, *, choices: tuple[str, ...] = (), measure: str = ""
    ) -> Column:
        return _column(
            f"stone_{n}_{field}", parse, note, _called(n, field), choices=choices, measure=measure
        )

    kind = cells.choice(
        words.STONES, "stone", hints=words.STONE_HINTS, slips=False, read=words.stone_of
    )
    yield column("kind", kind, say("Kind of the stones."), choices=STONE_KINDS)
    yield column(
        "count",
        amounts.whole(1, 10_000, "pcs", "pc", "p", "粒", "颗", "个", "件"),
        say("How many of them."),
    )
    carat = amounts.decimal(_ZERO, Decimal(10_000), _CARAT, above=True)
    yield column("carat", carat, say("Their weight together in carats."), measure="ct")
    yield column(
        "origin",
        cells.choice(words.STONE_ORIGINS, "stone origin", slips=False),
        say("natural, cultured (pearls), lab-grown, imitation or unknown."),
        choices=tuple(StoneOrigin),
    )
    yield column(
        "treatment",
        cells.choice(words.TREATMENTS, "treatment", lenient=True),
        say("none, heated, oiled, irradiated …"),
    )
    yield column("cut", cells.text(40), say("Cut: brilliant, cushion, cabochon …"))
    yield column(
        "report", cells.named(cells.text(80)), say("Laboratory and number, as GIA 2141438171.")
    )
    yield column(
        "country",
        cells.choice(words.countries(), "country", slips=False),
        say("Country of the mine, where known."),
    )


def _law() -> Iterator[Column]:
    several = cells.named(cells.listing(cells.text(60)))
    yield _column("hallmarks", several, say("Marks struck, with commas: 750, HUID …"))
    yield _column(
        "origin",
        cells.choice(words.countries(), "country", slips=False),
        say("Country it is made in."),
    )
    yield _column("hs_code", cells.hs_code, say("Customs tariff number, six digits or more."))
    yield _column("certificates", several, say("Certificates that go with the piece, with commas."))
    yield _column(
        "substances",
        cells.listing(cells.text(60)),
        say("Contents that laws ask about: nickel-released, lead, coral …"),
    )


def _offer() -> Iterator[Column]:
    yield _column(
        "stock",
        amounts.whole(0, 1_000_000, "pcs", "pc", "件", "个", "只", "枚", "对"),
        say("Pieces in stock now."),
    )
    yield _column(
        "made_to_order_days",
        amounts.whole(1, 365, "days", "day", "d", "天", "日", "工作日", "个工作日"),
        say("Days to make one to order; empty when it is not."),
    )
    yield _column(
        "engraving_max",
        amounts.whole(0, 200, "letters", "characters", "字", "个字", "字符"),
        say("Letters that can be engraved; 0 for none."),
        of_product=True,
    )
    yield _column(
        "model_file",
        cells.file_name,
        say("Name of the CAD file beside this sheet."),
        of_product=True,
    )
    numbered = (f"{word} {n}" for word in _PICTURE_WORDS for n in range(1, _NUMBERED + 1))
    yield _column(
        "pictures",
        file_names.pictures,
        say("File names or https addresses of its pictures, with commas; several columns may be."),
        tuple(numbered),
    )
    yield _column(
        "markets",
        cells.listing(cells.choice(words.markets(), "market", slips=False), slashes=True),
        say("Market codes, with commas: us, gb, de, jp …"),
        of_product=True,
    )


@cache
def columns() -> Mapping[str, Column]:
    """Every column by its canonical name, in the template's order."""
    groups = [*_identity(), *_texts(), *_body()]
    for n in range(1, STONE_GROUPS + 1):
        groups += _stone(n)
    groups += [*_law(), *price_columns(), *_offer()]
    return {column.name: column for column in groups}


@cache
def _by_header() -> Mapping[str, Column]:
    table: dict[str, Column] = {}
    for column in columns().values():
        for header in column.headers:
            table.setdefault(header, column)
    return table


@cache
def _by_weak_header() -> Mapping[str, tuple[Column, ...]]:
    table: dict[str, tuple[Column, ...]] = {}
    for column in columns().values():
        for header in column.weak:
            table[fold(header)] = (*table.get(fold(header), ()), column)
    return table


@cache
def _known() -> Mapping[str, str]:
    return {fold(header): name for name, headers in KNOWN.items() for header in headers}


def column_of(header: str) -> Column | None:
    """The column a header means: as written, or else without the text in brackets."""
    return _by_header().get(fold(header)) or _by_header().get(fold(without_brackets(header)))


def weak_columns(header: str) -> tuple[Column, ...]:
    """The columns that a header may mean, where the cells below it agree."""
    table = _by_weak_header()
    return table.get(fold(header)) or table.get(fold(without_brackets(header))) or ()


def known_header(header: str) -> str:
    """What a header is that a catalogue has no place for ("picture", "note" …), or ""."""
    return _known().get(fold(header)) or _known().get(fold(without_brackets(header))) or ""


_BRACKETS = re.compile(r"[(（\[【](.*?)[)）\]】]")


def without_brackets(header: str) -> str:
    """The header's words outside brackets."""
    return _BRACKETS.sub(" ", header)


def in_brackets(header: str) -> tuple[str, ...]:
    """The text in brackets, as units and currencies do."""
    return tuple(text.strip() for text in _BRACKETS.findall(header) if text.strip())
