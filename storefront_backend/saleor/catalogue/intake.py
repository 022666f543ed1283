"""What a foreign product says in our own words, and what it does not say.

An attribute is read as a brand's sheet would be (catalog_import): by its slug or its name, in
English or Chinese, with the sheet's own words for metals and countries. Ours, `pavilion-…`, are
read first, and before them the passport that a push has left as metadata. What cannot be read is a
problem with the sheet's own code, and never a guess.

| code                               | so                                                          |
|------------------------------------|-------------------------------------------------------------|
| not_a_piece, no_kind, no_brand,    | the product is not taken                                    |
| unknown_brand, bad_slug,           |                                                             |
| slug_taken, no_variants            |                                                             |
| no_sku, sku_taken, sku_too_long    | the variant is not taken                                    |
| no_alloy, no_grams, no_hs_code,    | the variant is taken and waits: it is not for sale          |
| no_origin, no_ring_size, no_price, |                                                             |
| price_with_tax, unknown_…          |                                                             |
| unknown_warehouse                  | its stock there is not taken                                |
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from catalog_import.cells import Cell, Found, fold
from catalog_import.columns import column_of, columns
from catalog_import.problems import Fault
from catalog_import.words import KINDS
from i18n.errors import InvalidPassport
from i18n.money import Money
from i18n.passport import MetalPart, Passport, Stone, StoneOrigin
from storefront_backend.saleor.catalogue.foreign import ForeignProduct, ForeignVariant, Said
from storefront_backend.saleor.vocabulary import BRAND_ATTRIBUTE, CHARGES_SKU, brand_page

_SLUG = re.compile(r"[A-Za-z0-9_-]{1,120}")
_BRAND_WORDS = frozenset(map(fold, ("brand", "brands", "maker", "品牌")))
# Our attributes by the sheet's columns; the ring size is ours alone, since others name no system.
_OURS = {
    "pavilion-alloy": "alloy",
    "pavilion-grams": "grams",
    "pavilion-hallmarks": "hallmarks",
    "pavilion-certificates": "certificates",
    "pavilion-hs-code": "hs_code",
    "pavilion-origin": "origin",
}
_READ = (
    *_OURS.values(), "finish", "plating", "stone_1_kind", "stone_1_count", "stone_1_carat",
    "stone_1_origin", "stone_1_treatment", "stone_1_cut", "stone_1_report",
)  # fmt: skip
_STONE = re.compile(r"(\d+) × ([a-z-]+), ([\d.]+) ct, ([a-z-]+)(?:, .*)?")


@dataclass(frozen=True, slots=True)
class IntakeProblem:
    """Something that keeps a product, or one variant of it, back. Codes are stable."""

    code: str
    message: str
    sku: str = ""

    def __str__(self) -> str:
        about = f"{self.sku}: " if self.sku else ""
        return f"{self.code}  {about}{self.message}"


@dataclass(frozen=True, slots=True)
class IntakeHints:
    """How to read what does not say it itself. `kinds` by product type slug, `facts` by the slug of
    an attribute: the column of a sheet that it means. `prices_from` are channels, the best first;
    those in `with_tax` have prices that hold the tax."""

    brand: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    prices_from: Sequence[str] = ()
    with_tax: frozenset[str] = frozenset()


def kind_of(product: ForeignProduct, hints: IntakeHints) -> str:
    """The kind of piece that type or category name; empty where neither does."""
    for word in product.shapes:
        named = hints.kinds.get(word) or KINDS.get(fold(word.removeprefix("pavilion-")))
        if named:
            return named
    return ""


def brand_words(product: ForeignProduct) -> list[str]:
    """What may name the brand, the surest first: our mark, our attribute's page, any brand's."""
    pages = [each for each in product.said if each.slug == BRAND_ATTRIBUTE]
    others = [
        each
        for each in product.said
        if each not in pages and {fold(each.slug), fold(each.label)} & _BRAND_WORDS
    ]
    words = [product.brand]
    for each in [*pages, *others]:
        words += [each.text.removeprefix(brand_page("")), each.name]
    return [word for word in words if word]


def is_import_charges(product: ForeignProduct) -> bool:
    """The line for duty and fees, which the bootstrap has made."""
    return any(each.sku == CHARGES_SKU for each in product.variants)


def held_back(product: ForeignProduct) -> IntakeProblem | None:
    """Why it is no piece that a shop could sell at all."""
    if not product.shipped:
        return IntakeProblem("not_a_piece", "It is not sent to anybody")
    if not _SLUG.fullmatch(product.slug):
        return IntakeProblem(
            "bad_slug", "Its address holds other letters than a to z, or more than 120: change it"
        )
    if not product.variants:
        return IntakeProblem("no_variants", "It has no variant that could be bought")
    return None


def passport_of(
    product: ForeignProduct, variant: ForeignVariant, kind: str, hints: IntakeHints
) -> tuple[Passport, list[IntakeProblem]]:
    """All that is said of a variant, and the problems with reading it."""
    if variant.passport:
        try:
            return Passport.from_json(variant.passport), []
        except (InvalidPassport, ArithmeticError, KeyError, TypeError, ValueError):
            pass  # somebody has edited it by hand: the attributes still tell
    values, problems = _values(variant, (*variant.said, *product.said), hints)
    metals: tuple[MetalPart, ...] = ()
    if values.get("alloy") and values.get("grams"):
        metals = (MetalPart(values["alloy"], values["grams"]),)
    try:
        passport = Passport(
            kind=kind,
            metals=metals,
            stones=tuple(_stones(variant, product, values, problems)),
            hallmarks=tuple(values.get("hallmarks") or ()),
            certificates=tuple(values.get("certificates") or ()),
            origin=values.get("origin") or "",
            hs_code=values.get("hs_code") or "",
            ring_size_mm=_ring_size(variant) if kind == "ring" else None,
            finish=values.get("finish") or "polished",
            plating=values.get("plating") or "",
        )
    except InvalidPassport as error:
        problems.append(IntakeProblem("unknown_fact", error.message, variant.sku))
        passport = Passport(kind=kind, metals=metals)
    return passport, problems


def missing_facts(passport: Passport, sku: str) -> Iterator[IntakeProblem]:
    """What a passport must say before its piece may be sold anywhere."""
    if not passport.metals:
        yield IntakeProblem("no_alloy", "Of which alloy, and how many grams of it?", sku)
    if not passport.hs_code:
        yield IntakeProblem("no_hs_code", "Which customs tariff number (HS code)?", sku)
    if not passport.origin:
        yield IntakeProblem("no_origin", "In which country is it made?", sku)
    if passport.kind == "ring" and passport.ring_size_mm is None:
        yield IntakeProblem("no_ring_size", "What inner circumference, in mm?", sku)


def filled_up(ours: Passport, theirs: Passport) -> Passport:
    """Ours, with what it does not say taken from theirs: what a brand wrote stays as it is."""
    said = ours.to_json()
    for name, value in theirs.to_json().items():
        if said.get(name) in ("", None, [], {}) and value not in ("", None, [], {}):
            said[name] = value
    return Passport.from_json(said)


def price_of(variant: ForeignVariant, hints: IntakeHints) -> Money | IntakeProblem:
    """The net price that it starts with, of the first channel that has one."""
    known = [channel for channel in hints.prices_from if channel in variant.prices]
    for channel in known:
        if channel not in hints.with_tax and variant.prices[channel].amount > 0:
            return variant.prices[channel]
    if known:
        return IntakeProblem(
            "price_with_tax", f"Its price in {known[0]} holds the tax: what is it without?",
            variant.sku,
        )  # fmt: skip
    return IntakeProblem("no_price", "It has no price in a channel of ours", variant.sku)


def _values(
    variant: ForeignVariant, said: Iterable[Said], hints: IntakeHints
) -> tuple[dict[str, Any], list[IntakeProblem]]:
    values: dict[str, Any] = {}
    problems: list[IntakeProblem] = []
    for each in sorted(said, key=lambda one: one.slug not in _OURS):
        name = hints.facts.get(each.slug) or _OURS.get(each.slug)
        if name is None:
            column = column_of(each.slug) or column_of(each.label)
            name = column.name if column else ""
        if name not in _READ or values.get(name) is not None:
            continue
        value = columns()[name].parse(Cell(each.text))
        value = value.value if isinstance(value, Found) else value
        if isinstance(value, Fault):
            hint = f" {value.hint}" if value.hint else ""
            message = f"{each.label or each.slug}: {value.message}.{hint}"
            problems.append(IntakeProblem(value.code, message, variant.sku))
        else:
            values[name] = value
    return values, problems


def _stones(
    variant: ForeignVariant,
    product: ForeignProduct,
    values: Mapping[str, Any],
    problems: list[IntakeProblem],
) -> Iterator[Stone]:
    said = (*variant.said, *product.said)
    ours = next((each.text for each in said if each.slug == "pavilion-stones"), "")
    for text in filter(None, ours.split("; ")):
        found = _STONE.fullmatch(text)
        try:
            if found is None:
                raise ValueError(text)
            count, kind, carat, origin = found.groups()
            yield Stone(kind, int(count), Decimal(carat), StoneOrigin(origin))
        except (ValueError, ArithmeticError, InvalidPassport):
            message = f"“{text[:60]}” is no stone: write “1 × diamond, 0.5 ct, natural”"
            problems.append(IntakeProblem("unknown_stone", message, variant.sku))
    if ours or not values.get("stone_1_kind"):
        return
    if not values.get("stone_1_carat"):
        message = f"How many carats of {values['stone_1_kind']}?"
        problems.append(IntakeProblem("no_carat", message, variant.sku))
        return
    yield Stone(
        kind=values["stone_1_kind"],
        count=values.get("stone_1_count") or 1,
        carat=values["stone_1_carat"],
        origin=StoneOrigin(values.get("stone_1_origin") or "unknown"),
        treatment=values.get("stone_1_treatment") or "unknown",
        cut=values.get("stone_1_cut") or "",
        report=values.get("stone_1_report") or "",
    )


def _ring_size(variant: ForeignVariant) -> Decimal | None:
    for each in variant.said:
        if each.slug == "pavilion-ring-size":
            try:
                return Decimal(each.text)
            except InvalidOperation:
                return None
    return None
