"""Drafts of a brand's texts are the brand's."""

from django.db import migrations

from storefront_backend.scope.operations import own_rows


class Migration(migrations.Migration):
    dependencies = (("scope", "0003_changes"), ("catalog", "0009_text_drafts"))
    operations = (own_rows("catalog_textdraft", "brand_id = ANY (pavilion_brands())"),)
