"""A brand's answers about its sheets are its own."""

from django.db import migrations

from storefront_backend.scope.operations import own_rows


class Migration(migrations.Migration):
    dependencies = (("scope", "0008_import_plans"), ("catalog", "0012_sheet_mappings"))
    operations = (own_rows("catalog_sheetmapping", "brand_id = ANY (pavilion_brands())"),)
