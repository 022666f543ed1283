"""Our words in Saleor: how each of our things is called there, and the marks that say it is ours.

Everything is found by a slug or an external reference that begins with `pavilion-`, so a used
Saleor's own types and attributes are never touched. Markets are channels by their code.
"""

from __future__ import annotations

from dataclasses import dataclass

from i18n.locales import LANGUAGES

MARK = "pavilion"  # metadata key on what we made
CONTENT = "pavilion.content"  # private metadata: digest of what we last wrote
BASE = "pavilion.base"  # private metadata: digest by field of what both sides last agreed on
FILES = "pavilion.files"  # private metadata: Saleor's addresses of our 3D files, by content
MEDIA = "pavilion.media"  # private metadata: addresses of the posters we put there
PASSPORT = "pavilion.passport"  # metadata of a variant: the passport as JSON
ASSETS = "pavilion.assets"  # metadata of a product: its 3D files as JSON
BRAND = "pavilion.brand"  # metadata of a product: the brand's slug

SALE = "pavilion.checkout"  # metadata of a checkout, and so of its order: our checkout's token
ORDER = "pavilion.order"  # metadata of an order: our order's number
ENGRAVING = "pavilion.engraving"  # metadata of a line
RING_SIZE = "pavilion.ring-size"  # metadata of a line: the size in the shopper's own words
CHARGES_SKU = "PAVILION-IMPORT-CHARGES"  # the variant for duty and import fees

BRAND_PAGE_TYPE = "pavilion-brand"
BRAND_ATTRIBUTE = "pavilion-brand"

# Saleor keeps English in the product itself, and all others as translations of it.
TRANSLATED = tuple(code for code in LANGUAGES if code != "en")


@dataclass(frozen=True, slots=True)
class AttributeShape:
    """An attribute as Saleor describes it. `selects` puts it into the choice of a variant."""

    slug: str
    name: str
    input_type: str
    on: str = "variant"  # variant or product
    unit: str | None = None
    reference: str | None = None
    kinds: tuple[str, ...] = ()  # kinds of piece that have it; empty: all
    selects: bool = False
    filterable: bool = False


ATTRIBUTES = (
    AttributeShape(
        BRAND_ATTRIBUTE, "Brand", "SINGLE_REFERENCE", on="product", reference="PAGE",
    ),
    AttributeShape("pavilion-web-model", "3D model (GLB)", "FILE", on="product"),
    AttributeShape("pavilion-ar-model", "AR model (USDZ)", "FILE", on="product"),
    AttributeShape("pavilion-alloy", "Alloy", "DROPDOWN", selects=True, filterable=True),
    AttributeShape("pavilion-fineness", "Fineness (‰)", "NUMERIC"),
    AttributeShape("pavilion-grams", "Metal weight", "NUMERIC", unit="G"),
    AttributeShape(
        "pavilion-ring-size", "Ring size (inner circumference)", "NUMERIC", unit="MM",
        kinds=("ring",), selects=True,
    ),
    AttributeShape("pavilion-stones", "Stones", "PLAIN_TEXT"),
    AttributeShape("pavilion-carat", "Stone weight (ct)", "NUMERIC"),
    AttributeShape("pavilion-hallmarks", "Hallmarks", "PLAIN_TEXT"),
    AttributeShape("pavilion-certificates", "Certificates", "PLAIN_TEXT"),
    AttributeShape("pavilion-hs-code", "HS code", "PLAIN_TEXT"),
    AttributeShape("pavilion-origin", "Country of origin", "PLAIN_TEXT"),
)  # fmt: skip

BY_SLUG = {shape.slug: shape for shape in ATTRIBUTES}


def product_type(kind: str) -> str:
    """The slug of the product type, and of the category, of a kind of piece."""
    return f"pavilion-{kind}"


def brand_page(brand: str) -> str:
    """The slug of the page of a brand."""
    return f"pavilion-brand-{brand}"


def language_code(language: str) -> str:
    """A BCP 47 code as Saleor spells it: zh-Hans is ZH_HANS."""
    return language.upper().replace("-", "_")
