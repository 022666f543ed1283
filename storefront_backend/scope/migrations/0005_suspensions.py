"""A suspended brand sees that it is, and nothing of others'."""

from django.db import migrations

from storefront_backend.scope.operations import own_rows


class Migration(migrations.Migration):
    dependencies = (("scope", "0004_text_drafts"), ("catalog", "0013_suspension"))
    operations = (own_rows("catalog_suspension", "brand_id = ANY (pavilion_brands())"),)
