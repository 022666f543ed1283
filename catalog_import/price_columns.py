"""The columns that make a price."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from catalog_import import cells, limits, words
from catalog_import.column import Column
from i18n.price_formula import Making

_ZERO = Decimal(0)
_PRICE = Decimal(limits.LARGEST_PRICE)


def price_columns() -> Iterator[Column]:
    """Every one, in the template's order."""
    yield Column(
        "currency",
        cells.choice(words.currencies(), "currency", hints=words.CURRENCY_HINTS, slips=False),
        "Currency of every amount in the row, as CNY.",
        ("ccy", "币种", "幣種", "货币", "貨幣"),
        required=True,
    )
    yield Column(
        "making_kind",
        cells.choice(words.MAKING, "making kind"),
        "How the making charge counts; metal-value where there is none and none is meant.",
        ("making charge type", "工费方式", "工費方式"),
        choices=tuple(kind.value for kind in Making),
    )
    yield _amount(
        "making",
        "Making charge: an amount a gram, an amount, or a percentage.",
        "making charge",
        "labour",
        "labor",
        "工费",
        "工費",
        "加工费",
        "加工費",
        "手工费",
        "手工費",
    )
    yield _amount(
        "stones_price",
        "Price of all stones.",
        "stone price",
        "石价",
        "石價",
        "宝石价格",
        "寶石價格",
    )
    yield _amount("setting_price", "Price of setting.", "setting cost", "镶工", "鑲工", "镶工费")
    yield _amount("finish_price", "Price of the finish.", "finish cost", "表面费", "表面費")
    yield _amount(
        "fixed_price",
        "The whole price, where no formula is wanted.",
        "price",
        "selling price",
        "sale price",
        "sales price",
        "retail price",
        "list price",
        "unit price",
        "rrp",
        "msrp",
        "srp",
        "recommended retail price",
        "suggested retail price",
        "一口价",
        "一口價",
        "售价",
        "售價",
        "销售价",
        "銷售價",
        "零售价",
        "零售價",
        "价格",
        "價格",
        "单价",
        "單價",
        "定价",
        "定價",
        "标价",
        "標價",
        "吊牌价",
        "吊牌價",
        "建议零售价",
        "建議零售價",
        "市场价",
        "市場價",
        "挂牌价",
        "掛牌價",
    )
    yield _amount(
        "engraving_price",
        "Price of engraving; it is in the price of every piece, engraved or not.",
        "engraving cost",
        "刻字费",
        "刻字費",
    )
    yield _amount(
        "price_floor",
        "The price is never below this, whatever the metal costs.",
        "floor",
        "minimum price",
        "最低价",
        "最低價",
        "底价",
        "底價",
        above=True,
    )
    yield _amount(
        "price_ceiling",
        "The price is never above this, whatever the metal costs.",
        "ceiling",
        "maximum price",
        "最高价",
        "最高價",
        above=True,
    )
    yield _amount(
        "compare_at_price",
        "Your own price before a reduction; empty when there is none.",
        "compare at",
        "was price",
        "原价",
        "原價",
        "划线价",
        "劃線價",
        above=True,
    )
    percent = ("%", "percent", "pct")
    yield Column(
        "loss_percent",
        cells.decimal(_ZERO, Decimal(100), *percent, share=True),
        "Metal lost in making, in percent: 8 is 8 %.",
        ("loss", "wastage", "损耗", "損耗"),
        measure="%",
    )
    yield Column(
        "margin_percent",
        cells.decimal(_ZERO, Decimal(limits.LARGEST_PERCENT), *percent, share=True),
        "Margin on top, in percent: 60 is 60 %.",
        ("margin", "markup", "加价率", "加價率", "利润率"),
        measure="%",
    )


def _amount(name: str, note: str, *aliases: str, above: bool = False) -> Column:
    parse = cells.decimal(_ZERO, _PRICE, above=above)
    return Column(name, parse, note, aliases, measure="money")
