"""The statements that put a brand's rows back to what a run found (pricing.import_images).

Each takes the ids of images. Values come out of the images themselves, typed by the tables.
"""

from __future__ import annotations

from storefront_backend.pricing.import_images import OF_PRODUCT, OF_VARIANT, STATE

# Whether the product is as the run left it: (image, product, changed since).
CHANGED = f"""
SELECT i.id, p.id, {STATE} <> i.after FROM catalog_importimage i
JOIN catalog_product p ON p.id = i.product_id WHERE i.id = ANY(%(images)s)
"""  # noqa: S608 - names of columns, no value from outside

_PRODUCT = {name: f"r.{name}" for name in OF_PRODUCT} | {
    # A collection may be gone since.
    "collection_id": "(SELECT c.id FROM catalog_collection c WHERE c.id = r.collection_id)",
    "updated_at": "now()",
}
RESTORE_PRODUCTS = f"""
UPDATE catalog_product p SET {", ".join(f"{name} = {value}" for name, value in _PRODUCT.items())}
FROM catalog_importimage i, jsonb_populate_record(NULL::catalog_product, i.before->'product') r
WHERE i.id = ANY(%(images)s) AND i.before <> '{{}}' AND p.id = i.product_id
"""  # noqa: S608 - names of columns, no value from outside
RESTORE_VARIANTS = f"""
UPDATE catalog_productvariant v SET {", ".join(f"{name} = r.{name}" for name in OF_VARIANT)}
FROM catalog_importimage i, jsonb_each(i.before->'variants') e,
    jsonb_populate_record(NULL::catalog_productvariant, e.value) r
WHERE i.id = ANY(%(images)s) AND v.id = e.key::bigint AND v.brand_id = i.brand_id
"""  # noqa: S608 - names of columns, no value from outside

# Variants that these products did not have before the run, nor any other product that it touched.
NEW_VARIANTS = """
SELECT v.id FROM catalog_productvariant v JOIN catalog_importimage i ON i.product_id = v.product_id
WHERE i.id = ANY(%(images)s) AND i.before <> '{}' AND v.own_sku <> ''
    AND NOT EXISTS (SELECT FROM catalog_importimage o
        WHERE o.run_id = i.run_id AND o.before->'variants' ? v.id::text)
"""

# A row that no product had before the run: not one of a variant that came from another product.
_NEW = """NOT EXISTS (SELECT FROM catalog_importimage o
    WHERE o.run_id = i.run_id AND o.before->'stock' ? s.id::text)"""
# By what the run moved it: pieces that were sold since stay sold, promised ones stay promised.
RESTORE_STOCK = f"""
UPDATE catalog_stock s SET
    quantity = greatest(s.reserved,
        s.quantity + coalesce((i.before->'stock'->(e.key)->>0)::int, 0) - e.value::int),
    sheet_quantity = (i.before->'stock'->(e.key)->>1)::int
FROM catalog_importimage i, jsonb_each_text(i.stock) e
WHERE i.id = ANY(%(images)s) AND s.id = e.key::bigint
    AND (i.before->'stock' ? e.key OR {_NEW}) AND (
    i.before->'stock'->(e.key)->>0 IS DISTINCT FROM e.value
    OR s.sheet_quantity IS DISTINCT FROM (i.before->'stock'->(e.key)->>1)::int)
"""  # noqa: S608 - no value from outside
EMPTY_STOCK = f"""
DELETE FROM catalog_stock s USING catalog_importimage i, jsonb_object_keys(i.stock) key
WHERE i.id = ANY(%(images)s) AND s.id = key::bigint AND i.before <> '{{}}'
    AND NOT i.before->'stock' ? key AND {_NEW} AND s.quantity = 0 AND s.reserved = 0
"""  # noqa: S608 - no value from outside
RESTORE_MODELS = """
UPDATE models3d_model m SET source_key = r.source_key, source_name = r.source_name,
    source_bytes = r.source_bytes, declared = r.declared
FROM catalog_importimage i, jsonb_populate_record(NULL::models3d_model, i.before->'model') r
WHERE i.id = ANY(%(images)s) AND jsonb_typeof(i.before->'model') = 'object'
    AND m.product_id = i.product_id AND m.source_key <> r.source_key
"""

# Images of products that hold a variant which goes back to a product of these images: both are
# settled together, or the one would seem changed when the other was put back.
TOGETHER = """
SELECT DISTINCT o.id FROM catalog_importimage i, jsonb_object_keys(i.before->'variants') key,
    catalog_productvariant v, catalog_importimage o
WHERE i.id = ANY(%(images)s) AND i.before <> '{}' AND v.id = key::bigint
    AND v.product_id <> i.product_id
    AND o.run_id = i.run_id AND o.product_id = v.product_id AND NOT o.is_undone
"""
