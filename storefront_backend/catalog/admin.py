"""The catalogue in the operator's admin."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from storefront_backend.catalog.models import (
    Brand,
    Collection,
    Listing,
    MarketPrices,
    Product,
    ProductVariant,
    Rate,
    ShippingMethod,
    Stock,
    Warehouse,
)
from storefront_backend.catalog.relisting import mark_for_relisting
from storefront_backend.catalog.slugs import change_slug


class VariantInline(admin.TabularInline[ProductVariant, Product]):
    """Variants on their product's page."""

    model = ProductVariant
    fields = ("sku", "alloy", "ring_size_label", "is_active", "made_to_order_days")
    extra = 0
    show_change_link = True


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin[Product]):
    """Designs by brand."""

    list_display = ("slug", "brand", "kind", "is_published", "updated_at")
    list_filter = ("brand", "kind", "is_published")
    search_fields = ("slug", "code")
    inlines = (VariantInline,)

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: bool) -> None:
        """A new address leaves the old one leading to it."""
        wanted = obj.slug
        if change and "slug" in form.changed_data:
            obj.slug = form.initial["slug"]
            super().save_model(request, obj, form, change)
            change_slug(obj, wanted)
            mark_for_relisting([obj.pk])
        else:
            super().save_model(request, obj, form, change)


@admin.register(Listing)
class ListingAdmin(admin.ModelAdmin[Listing]):
    """What is on sale where, and why not."""

    list_display = ("variant", "market", "currency", "goods", "total", "is_live", "updated_at")
    list_filter = ("market", "is_live")
    search_fields = ("variant__sku",)


@admin.register(MarketPrices)
class MarketPricesAdmin(admin.ModelAdmin[MarketPrices]):
    """How each market's prices are made; the next tick, or `manage.py reprice`, goes by it."""

    list_display = ("market", "markup", "rounding", "cash_step", "floor", "ceiling")


@admin.register(Rate)
class RateAdmin(admin.ModelAdmin[Rate]):
    """The manual rate table."""

    list_display = ("kind", "code", "value", "base", "as_of", "source")
    list_filter = ("kind", "code")


_PLAIN: tuple[type[Model], ...] = (
    Brand, Collection, ProductVariant, ShippingMethod, Stock, Warehouse,
)  # fmt: skip
admin.site.register(_PLAIN)
