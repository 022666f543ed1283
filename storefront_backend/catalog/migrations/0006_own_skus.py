"""Brands' own SKUs, the quantities of their last sheets, and a collection for each of its names."""

import hashlib

from anyascii import anyascii
from django.db import migrations
from django.utils.text import slugify


def fill_own_skus(apps, schema_editor):
    """A sheet's SKU stood behind the brand's slug; a piece taken in from elsewhere has none."""
    ProductVariant = apps.get_model("catalog", "ProductVariant")
    rows = ProductVariant.objects.select_related("brand").only("sku", "brand__slug")
    changed = []
    for row in rows.exclude(product__draft={}).iterator(chunk_size=2000):
        brand, _, own = row.sku.partition(".")
        if brand == row.brand.slug and 0 < len(own) <= 64:
            row.own_sku = own
            changed.append(row)
    ProductVariant.objects.bulk_update(changed, ["own_sku"], batch_size=1000)


def remember_sheet_quantities(apps, schema_editor):
    """Only another number in the next sheet is news."""
    Product = apps.get_model("catalog", "Product")
    Stock = apps.get_model("catalog", "Stock")
    for product in Product.objects.exclude(draft={}).only("brand", "draft").iterator():
        for variant in product.draft.get("variants", ()):
            Stock.objects.filter(
                variant__brand=product.brand_id, variant__own_sku=variant["sku"]
            ).update(sheet_quantity=variant["stock"])


def part_collections(apps, schema_editor):
    """Names without a Latin letter all had the slug "" and shared one collection."""
    Product = apps.get_model("catalog", "Product")
    Collection = apps.get_model("catalog", "Collection")
    for shared in Collection.objects.filter(slug=""):
        for product in Product.objects.filter(collection=shared):
            name = product.draft.get("collection") or shared.names.get("en", "")
            mark = hashlib.sha256(name.encode()).hexdigest()[:8]
            slug = slugify(anyascii(name))[:71] or f"collection-{mark}"
            own = Collection.objects.filter(brand=shared.brand, names__en=name).exclude(slug="")
            row = own.first()
            if row is None:
                if Collection.objects.filter(brand=shared.brand, slug=slug).exists():
                    slug = f"{slug}-{mark}"
                row = Collection.objects.create(
                    brand=shared.brand, slug=slug, names={"en": name}
                )
            Product.objects.filter(pk=product.pk).update(collection=row)
        shared.delete()


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0004_sheet_imports'),
    ]

    operations = [
        migrations.RunPython(fill_own_skus, migrations.RunPython.noop),
        migrations.RunPython(remember_sheet_quantities, migrations.RunPython.noop),
        migrations.RunPython(part_collections, migrations.RunPython.noop),
    ]
