"""Row-level security on every table that leads to a brand."""

from django.db import migrations
from django.db.migrations.operations import RunSQL

from storefront_backend.running.cluster import BRAND_ROLE
from storefront_backend.scope.operations import brand_role, own_rows, readable

_BY_BRAND = "brand_id = ANY (pavilion_brands())"
_BY_VARIANT = "variant_id IN (SELECT id FROM catalog_productvariant)"
_CONDITIONS = {
    "catalog_brand": "id = ANY (pavilion_brands())",
    "accounts_brandmembership": _BY_BRAND,
    "accounts_user": "id IN (SELECT user_id FROM accounts_brandmembership)",
    "catalog_collection": _BY_BRAND,
    "catalog_product": _BY_BRAND,
    "catalog_productvariant": _BY_BRAND,
    "catalog_listing": _BY_VARIANT,
    "catalog_priceterms": _BY_VARIANT,
    "catalog_pastprice": "listing_id IN (SELECT id FROM catalog_listing)",
    "catalog_stock": _BY_VARIANT,
    "models3d_model": _BY_BRAND,
    "models3d_build": "model_id IN (SELECT id FROM models3d_model)",
    "models3d_asset": "build_id IN (SELECT id FROM models3d_build)",
    "models3d_upload": _BY_BRAND,
    "orders_orderline": _BY_BRAND,
    "orders_order": "id IN (SELECT order_id FROM orders_orderline)",
    "orders_piece": "line_id IN (SELECT id FROM orders_orderline)",
    "orders_fulfillment": _BY_BRAND,
    "orders_fulfillmentline": "fulfillment_id IN (SELECT id FROM orders_fulfillment)",
    "orders_refund": _BY_BRAND,
    "orders_refundline": "refund_id IN (SELECT id FROM orders_refund)",
    "orders_brandterms": _BY_BRAND,
    "orders_ledgermovement": _BY_BRAND,
    "orders_ledgerentry": _BY_BRAND,
    "campaigns_story": _BY_BRAND,
    "campaigns_story_products": "story_id IN (SELECT id FROM campaigns_story)",
}
_SAME_FOR_ALL = (
    "catalog_marketprices",
    "catalog_rate",
    "catalog_ratetick",
    "catalog_ruling",
    "catalog_shippingmethod",
    "catalog_tariffclass",
    "catalog_warehouse",
    "django_content_type",
)
# A brand's request asks for work in the background; jobs hold ids and no brand's data.
_QUEUE = f"""
DO $$ DECLARE each text; BEGIN
    FOR each IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename LIKE 'dj\\_queue%'
    LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO {BRAND_ROLE}', each);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = (
        ("accounts", "0001_initial"),
        ("campaigns", "0001_initial"),
        ("catalog", "0003_fewer_indexes"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("dj_queue", "0018_recurringexecution_intended_job_id"),
        ("models3d", "0002_uploads"),
        ("orders", "0009_order_mails"),
    )
    operations = (
        *brand_role(),
        *(own_rows(table, condition) for table, condition in _CONDITIONS.items()),
        *(readable(table) for table in _SAME_FOR_ALL),
        RunSQL(_QUEUE, RunSQL.noop),
    )
