"""A suspended brand sees that it is, and nothing of others'."""

from django.db import migrations

from storefront_backend.scope.operations import own_rows


class Migration(migrations.Migration):
    dependencies = (("scope", "0005_import_plans"), ("catalog", "0011_suspension"))
    operations = (own_rows("catalog_suspension", "brand_id = ANY (pavilion_brands())"),)
