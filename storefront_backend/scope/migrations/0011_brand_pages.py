"""A brand's page, its draft, and what was changed of it."""

from django.db import migrations

from storefront_backend.scope.operations import own_rows

_OWN = "brand_id = ANY (pavilion_brands())"


class Migration(migrations.Migration):
    dependencies = (("scope", "0010_low_stock"), ("catalog", "0015_brand_pages"))
    operations = (
        own_rows("catalog_publishedpage", _OWN),
        own_rows("catalog_publishedpageevent", _OWN),
        own_rows("catalog_pagedraft", _OWN),
    )
