"""Prices and stock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from storefront_backend.commerce.catalogue import ListingPrice, StockLevel
from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.saleor.catalogue.reading import (
    SoldVariant,
    Surroundings,
    in_pages,
    sold_variants,
)
from storefront_backend.saleor.errors import Problem, SaleorRefused
from storefront_backend.saleor.transport import Saleor, accepted, problems_in

_MUTATIONS = 4  # the most that Saleor takes in a request


def write_prices(saleor: Saleor, prices: Sequence[ListingPrice], around: Surroundings) -> None:
    """Send the prices that differ, by product."""
    sold = _known(saleor, (each.sku for each in prices))
    for price in prices:
        if price.market not in around.channels:
            raise NotFound(f"Saleor has no channel {price.market!r}", field="market")
        if price.price and price.price.currency != around.currencies[price.market]:
            raise InvalidRequest(f"Channel {price.market} sells in another currency than {price}")
    _list_where_priced(saleor, prices, sold, around)
    changes: dict[str, dict[str, dict[str, list[Any]]]] = defaultdict(dict)
    for price in prices:
        variant = sold[price.sku]
        kind, row = _price_change(price, variant, around)
        if kind:
            own = changes[variant.product].setdefault(variant.id, defaultdict(list))
            own[kind].append(row)
    _update_variants(saleor, changes, "channelListings")


def write_stock(saleor: Saleor, levels: Sequence[StockLevel], around: Surroundings) -> None:
    """Send the levels that differ: existing rows in bulk, new ones by product."""
    sold = _known(saleor, (each.sku for each in levels))
    rows: list[dict[str, Any]] = []
    new: dict[str, dict[str, dict[str, list[Any]]]] = defaultdict(dict)
    for level in levels:
        warehouse = around.warehouses.get(level.warehouse)
        if warehouse is None:
            raise NotFound(f"Saleor has no warehouse {level.warehouse!r}", field="warehouse")
        variant = sold[level.sku]
        existing = variant.stock.get(level.warehouse)
        row = {"warehouse": warehouse, "quantity": level.quantity}
        if existing is None:
            own = new[variant.product].setdefault(variant.id, defaultdict(list))
            own["create"].append(row)
        elif existing[1] != level.quantity:
            rows.append(
                {"variantId": variant.id, "warehouseId": warehouse, "quantity": level.quantity}
            )
    for some in in_pages(rows):
        payload = accepted(saleor.run("catalogue/set_stock", stocks=some), "SetStock")
        _refuse_problems("SetStock", payload["results"])
    _update_variants(saleor, new, "stocks")


def _known(saleor: Saleor, skus: Iterable[str]) -> Mapping[str, SoldVariant]:
    wanted = list(dict.fromkeys(skus))
    sold = sold_variants(saleor, wanted)
    missing = [sku for sku in wanted if sku not in sold]
    if missing:
        raise NotFound(f"Saleor has no variant {', '.join(missing[:5])}", field="sku")
    return sold


def _price_change(
    price: ListingPrice, variant: SoldVariant, around: Surroundings
) -> tuple[str, Any]:
    existing = variant.prices.get(price.market)
    if price.price is None:
        return ("remove", existing.id) if existing else ("", None)
    amount = price.price.amount
    if existing is None:
        return "create", {"channelId": around.channels[price.market], "price": str(amount)}
    if existing.amount is None or Decimal(existing.amount) != amount:
        return "update", {"channelListing": existing.id, "price": str(amount)}
    return "", None


def _list_where_priced(
    saleor: Saleor,
    prices: Sequence[ListingPrice],
    sold: Mapping[str, SoldVariant],
    around: Surroundings,
) -> None:
    """Saleor takes a price only where the product has a row; a row that we add is unpublished."""
    missing: dict[str, set[str]] = defaultdict(set)
    for price in prices:
        variant = sold[price.sku]
        if price.price is not None and price.market not in variant.listed_in:
            missing[variant.product].add(price.market)
    for product, markets in missing.items():
        rows = [
            {"channelId": around.channels[market], "isPublished": False}
            for market in sorted(markets)
        ]
        answer = saleor.run("catalogue/list_product", id=product, input={"updateChannels": rows})
        accepted(answer, "ListProduct")


def _update_variants(
    saleor: Saleor, changes: Mapping[str, Mapping[str, Mapping[str, list[Any]]]], part: str
) -> None:
    """`changes` by product and variant are the create, update and remove rows of that part."""
    for some in in_pages(changes.items(), _MUTATIONS):
        variables: dict[str, Any] = {}
        for number in range(1, _MUTATIONS + 1):
            # A mutation that is left out still needs its variables: the first product's will do.
            product, variants = some[number - 1] if number <= len(some) else (some[0][0], {})
            variables[f"p{number}"] = product
            variables[f"v{number}"] = [
                {"id": variant, part: dict(rows)} for variant, rows in variants.items()
            ]
            if number > 1:
                variables[f"has{number}"] = number <= len(some)
        answer = saleor.run("catalogue/update_variants", **variables)
        for payload in answer.data.values():
            _refuse_problems("UpdateVariants", [payload, *payload["results"]])


def _refuse_problems(operation: str, results: Iterable[Mapping[str, Any]]) -> None:
    problems: list[Problem] = [problem for result in results for problem in problems_in(result)]
    if problems:
        raise SaleorRefused(operation, problems)
