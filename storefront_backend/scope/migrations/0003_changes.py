"""What was changed of a brand's rows is the brand's to read."""

from django.db import migrations

from storefront_backend.scope.operations import own_rows

_BY_BRAND = "brand_id = ANY (pavilion_brands())"
_CONDITIONS = {
    "accounts_brandmembershipevent": _BY_BRAND,
    "catalog_brandevent": "pgh_obj_id = ANY (pavilion_brands())",
    "catalog_collectionevent": _BY_BRAND,
    "catalog_productevent": _BY_BRAND,
    "catalog_productvariantevent": _BY_BRAND,
    "catalog_stockevent": "variant_id IN (SELECT id FROM catalog_productvariant)",
    "orders_orderevent": "pgh_obj_id IN (SELECT id FROM orders_order)",
    "orders_fulfillmentevent": _BY_BRAND,
    "orders_refundevent": _BY_BRAND,
    "orders_brandtermsevent": _BY_BRAND,
    "campaigns_storyevent": _BY_BRAND,
}


class Migration(migrations.Migration):
    dependencies = (
        ("scope", "0002_imports"),
        ("accounts", "0002_changes_kept"),
        ("campaigns", "0002_changes_kept"),
        ("catalog", "0008_changes_kept"),
        ("orders", "0016_changes_kept"),
    )
    operations = tuple(own_rows(table, condition) for table, condition in _CONDITIONS.items())
