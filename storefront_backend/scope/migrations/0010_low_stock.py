"""What runs low at a brand, and the mails about it."""

from django.db import migrations

from storefront_backend.scope.operations import own_rows


class Migration(migrations.Migration):
    dependencies = (("scope", "0009_sheet_mappings"), ("catalog", "0014_low_stock"))
    operations = (
        own_rows("catalog_lowstock", "brand_id = ANY (pavilion_brands())"),
        own_rows("catalog_lowstockmail", "brand_id = ANY (pavilion_brands())"),
    )
