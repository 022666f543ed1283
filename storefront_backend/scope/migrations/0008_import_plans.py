"""A run's plan, and what it found of each product."""

from django.db import migrations

from storefront_backend.scope.operations import own_rows

_BY_BRAND = "brand_id = ANY (pavilion_brands())"


class Migration(migrations.Migration):
    dependencies = (("scope", "0007_photographs"), ("catalog", "0011_import_plans"))
    operations = (
        own_rows("catalog_importpiece", _BY_BRAND),
        own_rows("catalog_importimage", _BY_BRAND),
    )
