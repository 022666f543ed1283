"""The catalogue in the operator's admin."""

from __future__ import annotations

from typing import Any

from django import forms
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
from storefront_backend.catalog.slugs import change_slug, require_free
from storefront_backend.commerce.errors import InvalidRequest


class VariantInline(admin.TabularInline[ProductVariant, Product]):
    """Variants on their product's page."""

    model = ProductVariant
    fields = ("sku", "alloy", "ring_size_label", "is_active", "made_to_order_days")
    extra = 0
    show_change_link = True


class ProductForm(forms.ModelForm[Product]):
    """A product, whose address may be neither another product's nor one that another had."""

    def clean_slug(self) -> str:
        """Report a taken address at its field."""
        slug: str = self.cleaned_data["slug"]
        try:
            require_free(slug, self.instance.pk or 0)
        except InvalidRequest as error:
            raise forms.ValidationError(error.message) from error
        return slug


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin[Product]):
    """Designs by brand."""

    form = ProductForm
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
        else:
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """What was changed here reaches the listings with the next sweep."""
        super().save_related(request, form, formsets, change)
        mark_for_relisting([form.instance.pk])


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


@admin.register(ProductVariant)
class VariantAdmin(admin.ModelAdmin[ProductVariant]):
    """One metal and size of a design."""

    list_display = ("sku", "product", "alloy", "is_active")
    search_fields = ("sku",)
    raw_id_fields = ("product",)

    def save_model(
        self, request: HttpRequest, obj: ProductVariant, form: Any, change: bool
    ) -> None:
        """What was changed here reaches the listings with the next sweep."""
        super().save_model(request, obj, form, change)
        mark_for_relisting([obj.product_id])


_PLAIN: tuple[type[Model], ...] = (Brand, Collection, ShippingMethod, Stock, Warehouse)
admin.site.register(_PLAIN)
