"""A passport as the values of Saleor attributes, and the values as they are there.

Both are plain texts by attribute slug, so that they can be compared. An unknown fact has no value:
Saleor shows nothing rather than a guess.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from i18n.passport import Passport, Stone
from storefront_backend.saleor.vocabulary import BY_SLUG, AttributeShape

Facts = Mapping[str, str]


def facts_of(passport: Passport) -> Facts:
    """What a variant's attributes should say."""
    main = passport.main_metal
    said = {
        "pavilion-alloy": main.alloy if main else "",
        "pavilion-fineness": str(main.kind.fineness) if main else "",
        "pavilion-grams": _number(passport.grams) if main else "",
        "pavilion-ring-size": _number(passport.ring_size_mm) if passport.ring_size_mm else "",
        "pavilion-stones": "; ".join(_stone(stone) for stone in passport.stones),
        "pavilion-carat": _number(passport.carat) if passport.stones else "",
        "pavilion-hallmarks": ", ".join(passport.hallmarks),
        "pavilion-certificates": ", ".join(passport.certificates),
        "pavilion-hs-code": passport.hs_code,
        "pavilion-origin": passport.origin,
    }
    return {slug: text for slug, text in said.items() if text}


def fitting(facts: Facts, takes: Container[str]) -> Facts:
    """Those facts that a type of product has attributes for."""
    return {slug: text for slug, text in facts.items() if slug in takes}


def to_inputs(facts: Facts) -> list[dict[str, Any]]:
    """AttributeValueInput, or BulkAttributeValueInput: Saleor finds them by our reference."""
    return [
        {"externalReference": slug, **_value(BY_SLUG[slug], text)} for slug, text in facts.items()
    ]


def standing(attributes: Sequence[Mapping[str, Any]]) -> Facts:
    """What `attributes` of a product or variant say now, ours only; files are looked at apart."""
    found: dict[str, str] = {}
    for each in attributes:
        shape = BY_SLUG.get(each["attribute"]["slug"])
        values = each["values"]
        if shape is not None and shape.input_type != "FILE" and values:
            found[shape.slug] = _text(shape, values[0])
    return found


def digest(value: Any) -> str:
    """A short fingerprint of plain values: 64 bits keep a million fields apart."""
    said = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _value(shape: AttributeShape, text: str) -> dict[str, Any]:
    if shape.input_type == "DROPDOWN":
        return {"dropdown": {"value": text}}
    if shape.input_type == "NUMERIC":
        return {"numeric": text}
    if shape.input_type == "SINGLE_REFERENCE":
        return {"reference": text}
    if shape.input_type == "FILE":
        return {"file": text}
    return {"plainText": text}


def _text(shape: AttributeShape, value: Mapping[str, Any]) -> str:
    if shape.input_type == "NUMERIC":
        return _number(value.get("name") or "")
    if shape.input_type == "SINGLE_REFERENCE":
        return str(value.get("reference") or "")
    if shape.input_type == "PLAIN_TEXT":
        return str(value.get("plainText") or "")
    return str(value.get("name") or "")


def _number(value: Decimal | str) -> str:
    try:
        return format(Decimal(value).normalize(), "f")
    except InvalidOperation:
        return str(value)


def _stone(stone: Stone) -> str:
    known = [f"{stone.count} × {stone.kind}", f"{_number(stone.carat)} ct", stone.origin.value]
    extra = [stone.cut, stone.report, stone.country]
    treated = [] if stone.treatment in ("unknown", "none") else [stone.treatment]
    return ", ".join([*known, *treated, *(word for word in extra if word)])
