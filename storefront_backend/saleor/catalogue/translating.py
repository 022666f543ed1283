"""Names and descriptions in other languages than English, in bulk: the last thing a push writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storefront_backend.commerce.catalogue import PublishFailure, PublishReport
from storefront_backend.saleor.catalogue.reading import StandingProduct, in_pages
from storefront_backend.saleor.catalogue.texts import to_blocks
from storefront_backend.saleor.catalogue.writing import WantedProduct
from storefront_backend.saleor.errors import Problem
from storefront_backend.saleor.transport import Saleor, problems_in
from storefront_backend.saleor.vocabulary import TRANSLATED, language_code


@dataclass(frozen=True, slots=True)
class Translations:
    """Rows to write: ProductBulkTranslateInput and ProductVariantBulkTranslateInput."""

    products: tuple[dict[str, Any], ...] = ()
    variants: tuple[dict[str, Any], ...] = ()

    def __add__(self, other: Translations) -> Translations:
        return Translations(self.products + other.products, self.variants + other.variants)


NOTHING = Translations()


def translations_of(
    want: WantedProduct,
    write: Mapping[str, str],
    product_id: str,
    variant_ids: Mapping[str, str],
    existing: StandingProduct | None = None,
) -> Translations:
    """The texts that are ours to `write`, and variants' names that differ from Saleor's."""
    standing = {} if existing is None else existing.variants
    variants: list[dict[str, Any]] = []
    for each in want.variants:
        sku = each.variant.sku
        known = standing[sku].labels if sku in standing else {}
        if sku in variant_ids:
            variants += variant_translations(variant_ids[sku], each.variant.labels, known)
    return Translations(tuple(translations(product_id, write)), tuple(variants))


def translate(saleor: Saleor, texts: Translations) -> PublishReport:
    """Write them; what Saleor does not take is reported, row by row."""
    failures: list[PublishFailure] = []
    for path, field, rows in (
        ("catalogue/translate", "productBulkTranslate", texts.products),
        ("catalogue/translate_variants", "productVariantBulkTranslate", texts.variants),
    ):
        for some in in_pages(rows):
            payload = saleor.run(path, translations=some).data[field]
            for row, result in zip(some, payload["results"], strict=True):
                if problems := problems_in(result):
                    failures.append(failure(f"{row['id']} {row['languageCode']}", problems))
    return PublishReport(failures=tuple(failures))


def translations(product_id: str, write: Mapping[str, str]) -> list[dict[str, Any]]:
    """ProductBulkTranslateInput, one a language that has something to write."""
    rows = []
    for language in TRANSLATED:
        fields: dict[str, Any] = {}
        if name := write.get(f"name:{language}"):
            fields["name"] = name
        if description := write.get(f"description:{language}"):
            fields["description"] = to_blocks(description)
        if fields:
            rows.append(
                {
                    "id": product_id,
                    "languageCode": language_code(language),
                    "translationFields": fields,
                }
            )
    return rows


def variant_translations(
    variant_id: str, labels: Mapping[str, str], existing: Mapping[str, str]
) -> list[dict[str, Any]]:
    """ProductVariantBulkTranslateInput, one a language whose name differs from Saleor's."""
    return [
        {
            "id": variant_id,
            "languageCode": language_code(language),
            "translationFields": {"name": name},
        }
        for language in TRANSLATED
        if (name := labels.get(language)) and name != existing.get(language)
    ]


def failure(subject: str, problems: Sequence[Problem]) -> PublishFailure:
    """What Saleor did not take, in its own words."""
    code = problems[0].code if problems else "unknown"
    return PublishFailure(subject, code, "; ".join(map(str, problems)) or "no reason given")
