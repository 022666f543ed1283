"""The catalogue's rows. Every row that a brand can touch names exactly one brand.

Texts are JSON by language code of the interface (`{"en": …, "zh-Hant": …}`): one row is read for a
page in any language, and a missing language falls back by i18n.locales.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone

from catalog_import import limits
from storefront_backend.audit.tracking import tracked
from storefront_backend.catalog.brand_pages import PageDraft, PublishedPage
from storefront_backend.catalog.import_runs import ImportImage, ImportPiece, ImportRun
from storefront_backend.catalog.imprint import Imprint
from storefront_backend.catalog.low_stock import LowStock, LowStockMail
from storefront_backend.catalog.prices import (
    Listing,
    MarketPrices,
    PastPrice,
    PriceTerms,
    Rate,
    RateTick,
    Relisting,
    Repricing,
    Ruling,
    TariffClass,
)
from storefront_backend.catalog.sheet_mappings import SheetMapping
from storefront_backend.catalog.suspensions import Suspension
from storefront_backend.catalog.texts import TextDraft

__all__ = [
    "Brand",
    "Collection",
    "FormerSlug",
    "ImportImage",
    "ImportPiece",
    "ImportRun",
    "Imprint",
    "Listing",
    "LowStock",
    "LowStockMail",
    "MarketPrices",
    "PageDraft",
    "PastPrice",
    "PriceTerms",
    "Product",
    "ProductVariant",
    "PublishedPage",
    "Rate",
    "RateTick",
    "Relisting",
    "Repricing",
    "Ruling",
    "SheetMapping",
    "ShippingMethod",
    "Stock",
    "Suspension",
    "TariffClass",
    "TextDraft",
    "Warehouse",
]


@tracked(
    "slug",
    "names",
    "taglines",
    "stories",
    "cities",
    "founded",
    "legal_name",
    "address",
    "shows_price_parts",
    "sells_at_metal_value",
    "price_move_percent",
    "low_stock_at",
    "most_variants",
    "most_storage_gb",
    "most_sheets",
)
class Brand(models.Model):
    """A tenant: a jewellery house that sells under its own name."""

    slug = models.SlugField(max_length=60, unique=True)
    names = models.JSONField(default=dict)
    taglines = models.JSONField(default=dict, blank=True)
    stories = models.JSONField(default=dict, blank=True)
    cities = models.JSONField(default=dict, blank=True)
    founded = models.PositiveSmallIntegerField(null=True, blank=True)
    legal_name = models.CharField(max_length=120, blank=True)
    address = models.TextField(blank=True)
    # The open formula: whether shoppers see what metal, making and stones come to.
    shows_price_parts = models.BooleanField(default=False)
    # Whether a row of its sheets with neither price nor making charge is meant.
    sells_at_metal_value = models.BooleanField(default=False)
    price_move_percent = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="A sheet's price that moves by more waits to be confirmed. Empty: as the shop.",
    )
    # A notice goes out when so many pieces of a variant are on hand, or fewer. Empty: no notice.
    low_stock_at = models.PositiveSmallIntegerField(null=True, blank=True)
    # What it may use (pricing.brand_limits), as an operator has set it. Empty: as every brand.
    most_variants = models.PositiveIntegerField(null=True, blank=True)
    most_storage_gb = models.PositiveIntegerField(null=True, blank=True)
    most_sheets = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.slug


@tracked("brand", "slug", "names")
class Collection(models.Model):
    """A brand's named group of pieces."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="collections")
    slug = models.SlugField(max_length=80)
    names = models.JSONField(default=dict)

    class Meta:
        ordering = ("slug",)
        constraints = (
            models.UniqueConstraint(fields=("brand", "slug"), name="one_collection_slug_a_brand"),
        )

    def __str__(self) -> str:
        return self.slug


@tracked(
    "brand",
    "code",
    "kind",
    "names",
    "descriptions",
    "collection",
    "markets",
    "engraving_max",
    "is_published",
)
class Product(models.Model):
    """A design; what is bought is one of its variants."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="products")
    code = models.CharField(max_length=limits.PRODUCT_CODE)
    # Made once and kept (catalog.slugs): a name may change, an address does not.
    slug = models.SlugField(max_length=120, unique=True)
    kind = models.CharField(max_length=12)
    names = models.JSONField(default=dict)
    descriptions = models.JSONField(default=dict, blank=True)
    collection = models.ForeignKey(
        Collection, null=True, blank=True, on_delete=models.SET_NULL, related_name="products"
    )
    markets = models.JSONField(default=list)  # where the brand wants to sell it
    engraving_max = models.PositiveSmallIntegerField(default=0)
    is_published = models.BooleanField(default=True)
    # What the brand's sheet said, so that the next import can tell what changed.
    draft = models.JSONField(default=dict, blank=True)
    # Since when its listings lag behind it; null when they do not (catalog.relisting).
    relist_needed_at = models.DateTimeField(
        null=True, blank=True, default=timezone.now, editable=False
    )
    search = SearchVectorField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-created_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("brand", "code"), name="one_product_code_a_brand"),
        )
        indexes = (
            GinIndex(fields=("search",), name="product_search"),
            models.Index(fields=("kind", "-created_at"), name="product_kind_newest"),
            models.Index(fields=("-created_at", "id"), name="product_newest"),
            models.Index("brand", Upper("code"), name="product_by_folded_code"),
            models.Index(
                fields=("relist_needed_at",),
                condition=Q(relist_needed_at__isnull=False),
                name="product_to_relist",
            ),
        )

    def __str__(self) -> str:
        return self.slug


class FormerSlug(models.Model):
    """A slug that a product had before: its address leads to the product's present one."""

    slug = models.SlugField(max_length=120, unique=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="former_slugs")
    until = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.slug


@tracked(
    "brand",
    "product",
    "sku",
    "alloy",
    "ring_size_mm",
    "ring_size_label",
    "passport",
    "price_formula",
    "made_to_order_days",
    "is_active",
    "low_stock_at",
)
class ProductVariant(models.Model):
    """One metal and size of a product, with its passport and its price formula.

    `sku` is the public one, unique in the whole shop: pages, the API, carts, orders, feeds and a
    Saleor know a variant by it alone. `own_sku` is the brand's own number, from its sheet, unique
    for the brand; it is empty for pieces that were taken in from elsewhere.
    """

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="variants")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    sku = models.CharField(max_length=80, unique=True)
    own_sku = models.CharField(max_length=limits.SKU, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    alloy = models.CharField(max_length=24, db_index=True)
    ring_size_mm = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    ring_size_label = models.CharField(max_length=limits.RING_SIZE_LABEL, blank=True)
    ring_size_system = models.CharField(max_length=4, blank=True)
    passport = models.JSONField()
    price_formula = models.JSONField()
    made_to_order_days = models.PositiveSmallIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    low_stock_at = models.PositiveSmallIntegerField(null=True, blank=True)  # empty: as the brand

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("brand", "own_sku"),
                condition=~Q(own_sku=""),
                name="one_own_sku_a_brand",
            ),
        )
        indexes = (models.Index("brand", Upper("own_sku"), name="variant_by_folded_sku"),)

    def __str__(self) -> str:
        return self.sku


@tracked("slug", "name", "country", "is_bonded")
class Warehouse(models.Model):
    """A place that pieces are sent from. Bonded stock has not paid its country's duty yet."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    country = models.CharField(max_length=2)
    is_bonded = models.BooleanField(default=False)

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.slug


@tracked("warehouse", "variant", "quantity")
class Stock(models.Model):
    """Pieces of a variant at a warehouse. `reserved` of them are promised to open checkouts.

    `sheet_quantity` is what the brand's sheet said last: only another number there is news.
    """

    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="stock")
    variant = models.ForeignKey(ProductVariant, on_delete=models.CASCADE, related_name="stock")
    quantity = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)
    sheet_quantity = models.PositiveIntegerField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("warehouse", "variant")
        constraints = (
            models.UniqueConstraint(fields=("warehouse", "variant"), name="one_stock_row"),
            # The last line of defence against overselling: the database itself refuses.
            models.CheckConstraint(condition=Q(reserved__lte=F("quantity")), name="no_oversell"),
        )

    def __str__(self) -> str:
        return f"{self.variant} at {self.warehouse}: {self.quantity}"


@tracked(
    "market",
    "slug",
    "names",
    "carrier",
    "currency",
    "price",
    "insured_up_to",
    "min_days",
    "max_days",
    "is_active",
)
class ShippingMethod(models.Model):
    """A way to bring parcels into a market: price in its currency, insured up to a value."""

    market = models.CharField(max_length=2)
    slug = models.SlugField(max_length=40)
    names = models.JSONField(default=dict)
    carrier = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    price = models.DecimalField(max_digits=14, decimal_places=3)
    insured_up_to = models.DecimalField(max_digits=14, decimal_places=3)
    min_days = models.PositiveSmallIntegerField()
    max_days = models.PositiveSmallIntegerField()
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("market", "price", "id")
        constraints = (
            models.UniqueConstraint(fields=("market", "slug"), name="one_method_slug_a_market"),
            models.CheckConstraint(
                condition=Q(price__gte=0, max_days__gte=F("min_days")), name="method_is_sane"
            ),
        )

    def __str__(self) -> str:
        return f"{self.market} {self.slug}"
