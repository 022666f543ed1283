"""A catalogue that others made in Saleor, read page by page, and the mark that we took it in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from i18n.money import Money
from storefront_backend.saleor.catalogue.reading import (
    PAGE,
    in_pages,
    json_object,
    nodes,
    shared_texts,
)
from storefront_backend.saleor.errors import Problem, SaleorRefused
from storefront_backend.saleor.transport import Saleor, problems_in
from storefront_backend.saleor.vocabulary import BASE, BRAND, MARK

_MUTATIONS = 4  # the most that Saleor takes in a request


@dataclass(frozen=True, slots=True)
class Said:
    """An attribute's value as text. For a reference `text` is the page's slug, `name` its title."""

    slug: str
    label: str
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ForeignVariant:
    """A variant. `passport` is our own JSON in its metadata, where there is any; prices by channel,
    stock by warehouse."""

    id: str
    sku: str
    name: str
    counted: bool
    passport: Mapping[str, Any] | None
    said: tuple[Said, ...]
    prices: Mapping[str, Money]
    stock: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ForeignProduct:
    """A product. `ours` says that Pavilion has marked it; `texts` as CatalogChange names them;
    `shapes` are slugs and names of product type and category, the likeliest to name a kind first;
    `media` are addresses with their descriptions."""

    id: str
    slug: str
    reference: str
    ours: bool
    brand: str
    shipped: bool
    shapes: tuple[str, ...]
    updated_at: datetime
    texts: Mapping[str, str]
    base: Mapping[str, str]
    said: tuple[Said, ...]
    media: tuple[tuple[str, str], ...]
    variants: tuple[ForeignVariant, ...]


def foreign_products(saleor: Saleor, ids: Sequence[str] = ()) -> Iterator[list[ForeignProduct]]:
    """All products of a Saleor, or those of these ids, in pages."""
    for some in in_pages(ids) if ids else [None]:
        after: str | None = None
        while True:
            answer = saleor.run("catalogue/foreign", first=PAGE, after=after, ids=some).data
            connection = answer["products"]
            yield [_product(node) for node in nodes(connection)]
            if not connection["pageInfo"]["hasNextPage"]:
                break
            after = connection["pageInfo"]["endCursor"]


def priced_with_tax(saleor: Saleor) -> frozenset[str]:
    """The channels whose prices hold the tax already."""
    found = nodes(saleor.run("catalogue/taxed_prices").data["taxConfigurations"])
    return frozenset(each["channel"]["slug"] for each in found if each["pricesEnteredWithTax"])


@dataclass(frozen=True, slots=True)
class Taken:
    """What Saleor is to remember of a product that we took in; `base` by field, as digests."""

    id: str
    brand: str
    base: Mapping[str, str]


def mark_taken(saleor: Saleor, taken: Sequence[Taken]) -> None:
    """Write the marks, without which a push leaves a product alone. Again: the same."""
    for some in in_pages(taken, _MUTATIONS):
        variables: dict[str, Any] = {}
        for number in range(1, _MUTATIONS + 1):
            # A mutation that is left out still needs its variables: the first product's will do.
            each = some[number - 1] if number <= len(some) else some[0]
            variables[f"p{number}"] = each.id
            variables[f"v{number}"] = {
                "metadata": [{"key": MARK, "value": "1"}, {"key": BRAND, "value": each.brand}],
                "privateMetadata": [
                    {"key": BASE, "value": json.dumps(dict(each.base), sort_keys=True)}
                ],
            }
            if number > 1:
                variables[f"has{number}"] = number <= len(some)
        payloads = saleor.run("catalogue/take_in", **variables).data.values()
        problems: list[Problem] = [p for each in payloads if each for p in problems_in(each)]
        if problems:
            raise SaleorRefused("TakeIn", problems)


def _product(node: Mapping[str, Any]) -> ForeignProduct:
    kind, category = node["productType"], node["category"] or {}
    shapes = (kind["slug"], kind["name"], category.get("slug"), category.get("name"))
    return ForeignProduct(
        id=node["id"],
        slug=node["slug"],
        reference=node["externalReference"] or "",
        ours=bool(node["mark"]),
        brand=node["brand"] or "",
        shipped=bool(kind["isShippingRequired"]),
        shapes=tuple(filter(None, shapes)),
        updated_at=datetime.fromisoformat(node["updatedAt"]),
        texts={field: text for field, text in shared_texts(node).items() if text},
        base=json_object(node["base"]),
        said=_read_attributes(node["assignedAttributes"]),
        media=tuple(
            (each["url"], each["alt"]) for each in node["media"] or () if each["type"] == "IMAGE"
        ),
        variants=tuple(_variant(each) for each in node["variants"] or ()),
    )


def _variant(node: Mapping[str, Any]) -> ForeignVariant:
    passport = json_object(node["passport"])
    return ForeignVariant(
        id=node["id"],
        sku=node["sku"] or "",
        name=node["name"],
        counted=node["trackInventory"],
        passport=passport or None,
        said=_read_attributes(node["assignedAttributes"]),
        prices={
            each["channel"]["slug"]: Money(
                Decimal(str(each["price"]["amount"])), each["price"]["currency"]
            ).quantized()
            for each in node["channelListings"] or ()
            if each["price"]
        },
        stock={each["warehouse"]["slug"]: each["quantity"] for each in node["stocks"] or ()},
    )


def _read_attributes(attributes: Sequence[Mapping[str, Any]]) -> tuple[Said, ...]:
    found = []
    for each in attributes:
        text, name = _value(each)
        if text:
            attribute = each["attribute"]
            found.append(Said(attribute["slug"] or "", attribute["name"] or "", text, name))
    return tuple(found)


def _value(said: Mapping[str, Any]) -> tuple[str, str]:
    if said.get("number") is not None:
        return format(Decimal(str(said["number"])).normalize(), "f"), ""
    if said.get("text"):
        return str(said["text"]).strip(), ""
    choices = [said["choice"]] if said.get("choice") else said.get("choices") or []
    if choices:
        return ", ".join(each["name"] or "" for each in choices), ""
    pages = [said["page"]] if said.get("page") else said.get("pages") or []
    if len(pages) == 1:
        return str(pages[0]["slug"]), str(pages[0]["title"])
    return "", ""
