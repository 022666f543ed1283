"""The columns of a catalogue sheet. Each is one `Column`: knowing one is knowing all.

A new column is one line here and its use in `rows`. Headers are compared folded (case, spaces,
hyphens and underscores do not count), by canonical name or by an alias in English, Simplified or
Traditional Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache

from catalog_import import cells, limits, words
from catalog_import.cells import fold
from catalog_import.column import Column
from catalog_import.price_columns import price_columns
from i18n.metals import ALLOYS
from i18n.passport import PIECE_KINDS, STONE_KINDS, StoneOrigin
from i18n.ring_sizes import SYSTEMS

__all__ = ["STONE_GROUPS", "Column", "column_of", "columns", "nearest_header"]

STONE_GROUPS = 4
_ZERO = Decimal(0)
# Bounds that only an absurd value passes; what is merely unlikely is a warning, see `plausible`.
_KILO = Decimal(10_000)


def _millimetres(name: str, note: str, *aliases: str) -> Column:
    return Column(
        name,
        cells.decimal(_ZERO, _KILO, "mm", "毫米", "公釐", above=True),
        note,
        aliases,
        measure="mm",
    )


def _grams(name: str, note: str, *aliases: str) -> Column:
    units = ("g", "gr", "gram", "grams", "克", "公克")
    return Column(
        name,
        cells.decimal(_ZERO, _KILO, *units, above=True),
        note,
        aliases,
        required=name == "grams",
        measure="g",
    )


def _identity() -> Iterator[Column]:
    yield Column(
        "product_code",
        cells.code(limits.PRODUCT_CODE),
        "One code a product; rows sharing it are its variants.",
        (
            "product",
            "product id",
            "style no",
            "style",
            "design no",
            "款号",
            "款號",
            "产品编号",
            "產品編號",
        ),
        required=True,
        of_product=True,
    )
    yield Column(
        "sku",
        cells.code(limits.SKU),
        "One code a variant, used once in the sheet.",
        ("variant", "item no", "article", "货号", "貨號", "编号", "編號"),
        required=True,
    )
    yield Column(
        "kind",
        cells.choice(words.KINDS, "kind"),
        "What the piece is.",
        ("type", "category", "piece", "类别", "類別", "种类", "種類", "品类", "品類"),
        required=True,
        of_product=True,
        choices=PIECE_KINDS,
    )


def _texts() -> Iterator[Column]:
    for language, called in words.LANGUAGES.items():
        suffix = language.lower().replace("-", "_")
        names = [f"{word} name" for word in called] + [f"name {word}" for word in called]
        names += [f"{word}{noun}" for word in called for noun in ("名称", "名稱", "品名")]
        stories = [f"{word} description" for word in called] + [
            f"description {word}" for word in called
        ]
        stories += [f"{word}{noun}" for word in called for noun in ("描述", "说明", "說明")]
        if language == "en":
            names, stories = ["name", "title", "product name", *names], ["description", *stories]
        yield Column(
            f"name_{suffix}",
            cells.text(limits.NAME),
            f"Name in {called[0]}, as a shopper reads it.",
            tuple(names),
            required=language == "en",
            of_product=True,
        )
        yield Column(
            f"description_{suffix}",
            cells.text(limits.DESCRIPTION, lines=True),
            f"Description in {called[0]}.",
            tuple(stories),
            of_product=True,
        )
    yield Column(
        "collection",
        cells.text(limits.COLLECTION),
        "The collection it belongs to.",
        ("series", "line", "系列"),
        of_product=True,
    )


def _body() -> Iterator[Column]:
    alloy = cells.choice(words.ALLOY_WORDS, "alloy", hints=words.ALLOY_HINTS)
    yield Column(
        "alloy",
        alloy,
        "The alloy; for gold with its colour.",
        ("metal", "material", "fineness", "材质", "材質", "金属", "金屬", "成色"),
        required=True,
        choices=tuple(ALLOYS),
    )
    yield _grams(
        "grams",
        "Weight of that alloy in grams, without stones.",
        "weight",
        "metal weight",
        "net weight",
        "gold weight",
        "金重",
        "净重",
        "淨重",
        "克重",
    )
    yield Column(
        "alloy_2",
        alloy,
        "A second alloy, where the piece has two.",
        ("metal 2", "材质2", "材質2"),
        choices=tuple(ALLOYS),
    )
    yield _grams("grams_2", "Weight of the second alloy in grams.", "weight 2", "金重2", "克重2")
    finish = cells.choice({}, "finish", lenient=True)
    yield Column(
        "finish", finish, "Surface: polished, brushed, hammered …", ("表面", "表面工艺", "表面工藝")
    )
    yield Column(
        "plating",
        finish,
        "What lies on top: rhodium, gold-vermeil; empty for none.",
        ("电镀", "電鍍", "镀层", "鍍層"),
    )
    yield Column(
        "ring_size",
        cells.text(limits.RING_SIZE_LABEL),
        "Rings only: the size as marked, as 6½ or 54.",
        ("size", "finger size", "戒圈", "手寸", "指圈", "圈号", "圈號"),
    )
    yield Column(
        "ring_size_system",
        cells.text(8),
        "Whose sizes: iso is the circumference in mm.",
        ("size system", "手寸标准", "手寸標準", "圈号制式"),
        choices=tuple(SYSTEMS),
    )
    yield _millimetres(
        "inner_diameter_mm", "Inner diameter in mm.", "inner diameter", "内径", "內徑"
    )
    yield _millimetres("width_mm", "Width in mm.", "width", "宽", "宽度", "寬", "寬度")
    yield _millimetres("height_mm", "Height in mm.", "height", "高", "高度")
    yield _millimetres("depth_mm", "Depth in mm.", "depth", "厚", "厚度")
    yield _millimetres("length_mm", "Length in mm.", "length", "长", "长度", "長", "長度")


def _stone(n: int) -> Iterator[Column]:
    def called(name: str, english: str, *chinese: str) -> tuple[str, ...]:
        several = [f"stone {n} {english}", *(f"宝石{n}{word}" for word in chinese)]
        several += [f"寶石{n}{word}" for word in chinese]
        first = [
            f"stone {english}",
            *(f"{stone}{word}" for stone in ("主石", "宝石", "寶石") for word in chinese),
        ]
        return (*several, *(first if n == 1 else ()))

    yield Column(
        f"stone_{n}_kind",
        cells.choice(words.STONES, "stone", hints=words.STONE_HINTS, slips=False),
        "Kind of the stones.",
        (*called("kind", "type", "种类", "種類"), f"stone {n}"),
        choices=STONE_KINDS,
    )
    yield Column(
        f"stone_{n}_count",
        cells.whole(1, 10_000, "pcs", "pc", "粒", "颗", "顆"),
        "How many of them.",
        called("count", "pcs", "数量", "數量", "粒数", "粒數"),
    )
    yield Column(
        f"stone_{n}_carat",
        cells.decimal(
            _ZERO, Decimal(10_000), "ct", "cts", "carat", "carats", "克拉", "卡", above=True
        ),
        "Their weight together in carats.",
        called("carat", "weight", "克拉", "重量", "石重"),
        measure="ct",
    )
    yield Column(
        f"stone_{n}_origin",
        cells.choice(words.STONE_ORIGINS, "stone origin", slips=False),
        "natural, cultured (pearls), lab-grown, imitation or unknown.",
        called("origin", "nature", "成因"),
        choices=tuple(StoneOrigin),
    )
    yield Column(
        f"stone_{n}_treatment",
        cells.choice(words.TREATMENTS, "treatment", lenient=True),
        "none, heated, oiled, irradiated …",
        called("treatment", "enhancement", "处理", "處理"),
    )
    yield Column(
        f"stone_{n}_cut",
        cells.text(40),
        "Cut: brilliant, cushion, cabochon …",
        called("cut", "shape", "切工", "形状", "形狀"),
    )
    yield Column(
        f"stone_{n}_report",
        cells.text(80),
        "Laboratory and number, as GIA 2141438171.",
        called("report", "certificate", "证书", "證書"),
    )
    yield Column(
        f"stone_{n}_country",
        cells.choice(words.countries(), "country", slips=False),
        "Country of the mine, where known.",
        called("country", "mine", "产地", "產地"),
    )


def _law() -> Iterator[Column]:
    several = cells.listing(cells.text(60))
    yield Column(
        "hallmarks",
        several,
        "Marks struck, with commas: 750, HUID …",
        ("hallmark", "marks", "印记", "印記"),
    )
    yield Column(
        "origin",
        cells.choice(words.countries(), "country", slips=False),
        "Country it is made in.",
        ("country of origin", "made in", "country", "产地", "產地", "原产地", "原產地"),
    )
    yield Column(
        "hs_code",
        cells.hs_code,
        "Customs tariff number, six digits or more.",
        ("hs", "tariff code", "customs code", "海关编码", "海關編碼", "税则号"),
    )
    yield Column(
        "certificates",
        several,
        "Certificates that go with the piece, with commas.",
        ("certificate", "证书", "證書"),
    )
    yield Column(
        "substances",
        several,
        "Contents that laws ask about: nickel-released, lead, coral …",
        ("contains", "有害物质", "有害物質"),
    )


def _offer() -> Iterator[Column]:
    yield Column(
        "stock",
        cells.whole(0, 1_000_000, "pcs", "pc", "件"),
        "Pieces in stock now.",
        ("qty", "quantity", "inventory", "库存", "庫存"),
    )
    yield Column(
        "made_to_order_days",
        cells.whole(1, 365, "days", "天", "日"),
        "Days to make one to order; empty when it is not.",
        ("lead time", "lead days", "工期", "定制天数", "訂製天數"),
    )
    yield Column(
        "engraving_max",
        cells.whole(0, 200),
        "Letters that can be engraved; 0 for none.",
        ("engraving", "刻字", "刻字上限"),
        of_product=True,
    )
    yield Column(
        "model_file",
        cells.file_name,
        "Name of the CAD file beside this sheet.",
        ("model", "cad file", "3d file", "模型文件", "模型檔案"),
        of_product=True,
    )
    yield Column(
        "markets",
        cells.listing(cells.choice(words.markets(), "market", slips=False), slashes=True),
        "Market codes, with commas: us, gb, de, jp …",
        ("market", "sell in", "市场", "市場", "销售市场"),
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


def column_of(header: str) -> Column | None:
    """The column a header means: as written, or else without the text in brackets."""
    return _by_header().get(fold(header)) or _by_header().get(fold(without_brackets(header)))


_BRACKETS = re.compile(r"[(（\[【](.*?)[)）\]】]")


def without_brackets(header: str) -> str:
    """The header's words outside brackets."""
    return _BRACKETS.sub(" ", header)


def in_brackets(header: str) -> tuple[str, ...]:
    """The text in brackets, as units and currencies do."""
    return tuple(text.strip() for text in _BRACKETS.findall(header) if text.strip())


def nearest_header(header: str) -> str:
    """ "Did you mean …?" for a header that means no column."""
    return cells.nearest(header, {spelling: c.name for spelling, c in _by_header().items()})
