"""A market's goods prices as one expression of SQL, digit for digit what PriceBook says.

`numeric` adds and multiplies exactly, and PriceBook works with enough digits to do the same; both
take prices per gram of ten places and factors of twelve. What is rounded is rounded by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from i18n.money import minor_unit
from storefront_backend.commerce.pricebook import METALS, MarketPolicy
from storefront_backend.commerce.rounding import Rounding

_RULES: Mapping[Rounding, str] = {
    Rounding.MINOR_UNIT: "{amount}",
    Rounding.CASH: "round({amount} / {step}) * {step}",
    Rounding.WHOLE: "ceil({amount})",
    Rounding.TENS: "ceil({amount} * 0.1) * 10",
    Rounding.CHARM: "ceil(({amount} + 1) * 0.1) * 10 - 1",
}
_HOME = " + ".join(["t.constant", *(f"t.{metal} * r.{metal}" for metal in METALS)])

# A market is joined in memory and in the order in which its rows are on the disk: hashes keep that
# order, a merge would sort it away, and the write would then jump from page to page. The workers
# share the cores already, so no statement asks for more processes.
SETTINGS = """
    SET LOCAL work_mem = '64MB';
    SET LOCAL random_page_cost = 1.1;
    SET LOCAL enable_mergejoin = off;
    SET LOCAL max_parallel_workers_per_gather = 0;
    SET LOCAL jit = off
"""
# Home currencies, and for each metal whether any variant priced in that currency has some.
USED = "SELECT currency, {metals} FROM catalog_priceterms GROUP BY currency ORDER BY currency"
# The rows of a market with what their goods cost at the rates `r`.
_PRICED = """
    SELECT {columns}, {goods} AS goods
    FROM catalog_listing l
    JOIN catalog_priceterms t ON t.variant_id = l.variant_id
    JOIN (VALUES {rates}) AS r (currency, {metals}, factor) ON r.currency = t.currency
    WHERE l.market = %s
"""
# Every row of a market with what it was, and what its goods cost now. `units` are minor units.
_FRESH = """
    CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS
    SELECT *, (goods * {per_unit})::bigint AS units FROM ({priced}) AS priced
"""
_TICK_COLUMNS = """l.id, l.may_sell, l.is_live AS was_live, l.goods AS old_goods,
    l.total AS old_total, l.shipping AS old_shipping, l.stopped_by AS old_stop, t.tariff_id"""
# What a preview for a brand reads: `bound` says which of the brand's bounds holds the price.
_MOVE_COLUMNS = f"""l.variant_id, l.goods AS old_goods, CASE
    WHEN {_HOME} < t.floor THEN 'floor'
    WHEN {_HOME} > t.ceiling THEN 'ceiling' ELSE '' END AS bound"""
WANTED = "SELECT DISTINCT tariff_id, units FROM fresh WHERE may_sell"
TOTALS = """
    CREATE TEMPORARY TABLE landed (
        tariff_id bigint, units bigint, total bigint, shipping numeric,
        stopped_by text, stopped_because text
    ) ON COMMIT DROP
"""
# Only what really changes is written. A listing that may not be sold has no row in `landed`.
MOVED = """
    CREATE TEMPORARY TABLE moved ON COMMIT DROP AS
    SELECT * FROM (
        SELECT f.*, n.total * {unit} AS total, n.shipping,
               coalesce(n.stopped_by, '') AS stopped_by,
               coalesce(n.stopped_because, '') AS stopped_because
        FROM fresh f
        LEFT JOIN landed n ON f.may_sell AND n.tariff_id = f.tariff_id AND n.units = f.units
    ) AS both_sides
    WHERE old_goods IS DISTINCT FROM goods OR old_total IS DISTINCT FROM total
       OR old_shipping IS DISTINCT FROM shipping OR old_stop <> stopped_by
       OR was_live <> (total IS NOT NULL)
"""
# How far live prices would move, as shares: nothing of it is kept.
SHARES = """
    SELECT count(*), min(goods / old_goods - 1), max(goods / old_goods - 1),
           percentile_disc(0.5) WITHIN GROUP (ORDER BY goods / old_goods - 1)
    FROM fresh WHERE was_live AND old_goods > 0
"""
PAST = """
    INSERT INTO catalog_pastprice (listing_id, total, until)
    SELECT id, old_total, %s FROM moved WHERE was_live AND old_total IS DISTINCT FROM total
"""
COUNTS = """
    SELECT (SELECT count(*) FROM fresh), count(*),
           count(*) FILTER (WHERE was_live AND total IS NULL),
           count(*) FILTER (WHERE NOT was_live AND total IS NOT NULL)
    FROM moved
"""
WRITE = """
    UPDATE catalog_listing l
    SET currency = %s, goods = m.goods, total = m.total, shipping = m.shipping,
        is_live = m.total IS NOT NULL, stopped_by = m.stopped_by,
        stopped_because = m.stopped_because, rates = %s, rulebook = %s, updated_at = %s
    FROM moved m WHERE l.id = m.id AND l.market = %s
"""
# Gone at the commit anyway; a caller inside a larger transaction makes them again.
DONE = "DROP TABLE fresh, landed, moved"


def goods_expression(policy: MarketPolicy) -> str:
    """The goods price of terms `t` at rates `r` under a market's policy."""
    home = f"LEAST(GREATEST({_HOME}, t.floor), t.ceiling)"  # neither looks at what is NULL
    places = -int(minor_unit(policy.currency).as_tuple().exponent)
    amount = f"round({home} * r.factor, {places})"
    ruled = _RULES[policy.rounding].format(amount=amount, step=_number(policy.cash_step))
    ruled = f"round(GREATEST({ruled}, {_number(minor_unit(policy.currency))}), {places})"
    if policy.floor is not None:
        ruled = f"GREATEST({ruled}, {_number(policy.floor)})"
    if policy.ceiling is not None:
        ruled = f"LEAST({ruled}, {_number(policy.ceiling)})"
    return ruled


def used_statement() -> str:
    """The statement that tells which rates are needed at all."""
    return USED.format(metals=", ".join(f"bool_or({metal} > 0)" for metal in METALS))


type HomeRates = Sequence[tuple[str, Sequence[Decimal], Decimal]]


def fresh_statement(
    policy: MarketPolicy, rates: HomeRates, market: str
) -> tuple[str, list[str | Decimal]]:
    """The statement that makes `fresh`, and its parameters.

    `rates` hold, for each home currency, the prices per gram in the order of METALS and the factor.
    """
    priced, parameters = _priced(policy, rates, market, _TICK_COLUMNS)
    per_unit = _number(1 / minor_unit(policy.currency))
    return _FRESH.format(per_unit=per_unit, priced=priced), parameters


def moves_statement(
    policy: MarketPolicy, rates: HomeRates, market: str
) -> tuple[str, list[str | Decimal]]:
    """A query of the live listings' variant, old goods price, `bound` and goods price."""
    priced, parameters = _priced(policy, rates, market, _MOVE_COLUMNS)
    return f"{priced} AND l.is_live AND l.goods > 0", parameters


def _priced(
    policy: MarketPolicy, rates: HomeRates, market: str, columns: str
) -> tuple[str, list[str | Decimal]]:
    row = f"(%s, {', '.join(['%s::numeric'] * (len(METALS) + 1))})"
    statement = _PRICED.format(
        columns=columns,
        goods=goods_expression(policy),
        rates=", ".join([row] * len(rates)),
        metals=", ".join(METALS),
    )
    parameters: list[str | Decimal] = []
    for currency, per_gram, factor in rates:
        parameters += [currency, *per_gram, factor]
    return statement, [*parameters, market]


def moved_statement(policy: MarketPolicy) -> str:
    """The statement that makes `moved`."""
    return MOVED.format(unit=_number(minor_unit(policy.currency)))


def _number(value: Decimal) -> str:
    return format(value, "f")
