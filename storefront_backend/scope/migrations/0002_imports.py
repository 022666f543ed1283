"""Sheets that a brand has handed in, and the earlier addresses of its pieces."""

from django.db import migrations

from storefront_backend.scope.operations import own_rows


class Migration(migrations.Migration):
    dependencies = (("scope", "0001_policies"), ("catalog", "0006_own_skus"))
    operations = (
        own_rows("catalog_importrun", "brand_id = ANY (pavilion_brands())"),
        own_rows("catalog_formerslug", "product_id IN (SELECT id FROM catalog_product)"),
    )
