"""What a run of an import found and left of each product, so that it can be undone as a whole.

`keep` writes the state before, in the transaction of the change itself, and only once a run: a run
that was killed and goes on keeps what it found first. `settle` notes what the run left, so that an
undo can tell what was changed since. All of it happens in the database, a statement a portion.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

OF_PRODUCT = (
    "code", "kind", "names", "descriptions", "collection_id", "markets", "engraving_max",
    "is_published", "draft",
)  # fmt: skip
OF_VARIANT = (
    "product_id", "own_sku", "position", "alloy", "ring_size_mm", "ring_size_label",
    "ring_size_system", "passport", "price_formula", "made_to_order_days", "is_active",
)  # fmt: skip
_OF_MODEL = ("source_key", "source_name", "source_bytes", "declared")


def _object(alias: str, columns: Sequence[str]) -> str:
    return f"jsonb_build_object({', '.join(f"'{name}', {alias}.{name}" for name in columns)})"


def _text(alias: str, columns: Sequence[str]) -> str:
    """The columns' values as one text; an empty one is told from one that is not there."""
    return f"ROW({', '.join(f'{alias}.{name}' for name in columns)})::text"


# Of products `p`. Stock is not in it: what was sold since is no change by hand.
STATE = f"""
md5({_text("p", OF_PRODUCT)}) || coalesce((
    SELECT md5(string_agg(md5({_text("v", OF_VARIANT)}), '' ORDER BY v.id))
    FROM catalog_productvariant v WHERE v.product_id = p.id AND v.own_sku <> ''), '')
"""  # noqa: S608 - names of columns, no value from outside
_STOCK = """
coalesce((SELECT jsonb_object_agg(s.id, {value}) FROM catalog_stock s
    JOIN catalog_productvariant v ON v.id = s.variant_id
    WHERE v.product_id = p.id AND v.own_sku <> ''), '{{}}')
"""
_KEEP = f"""
INSERT INTO catalog_importimage (run_id, brand_id, product_id, code, name, before, after, stock,
    mesh_key, is_undone)
SELECT %(run)s, p.brand_id, p.id, p.code, coalesce(p.names->>'en', ''), jsonb_build_object(
    'product', {_object("p", OF_PRODUCT)},
    'variants', coalesce((SELECT jsonb_object_agg(v.id, {_object("v", OF_VARIANT)})
        FROM catalog_productvariant v WHERE v.product_id = p.id AND v.own_sku <> ''), '{{}}'),
    'stock', {_STOCK.format(value="jsonb_build_array(s.quantity, s.sheet_quantity)")},
    'model', (SELECT {_object("m", _OF_MODEL)} FROM models3d_model m WHERE m.product_id = p.id)
), '', '{{}}', coalesce((SELECT m.source_key FROM models3d_model m WHERE m.product_id = p.id), ''),
    false
FROM catalog_product p WHERE p.id = ANY(%(ids)s)
ON CONFLICT (run_id, product_id) DO NOTHING
"""  # noqa: S608 - names of columns, no value from outside
_KEEP_NEW = """
INSERT INTO catalog_importimage (run_id, brand_id, product_id, code, name, before, after, stock,
    mesh_key, is_undone)
SELECT %(run)s, p.brand_id, p.id, p.code, coalesce(p.names->>'en', ''), '{}', '', '{}', '', false
FROM catalog_product p WHERE p.id = ANY(%(ids)s)
ON CONFLICT (run_id, product_id) DO NOTHING
"""
_SETTLE = f"""
UPDATE catalog_importimage i SET after = {STATE}, stock = coalesce((
    SELECT jsonb_object_agg(s.id, s.quantity) FROM catalog_stock s WHERE s.id IN (
        SELECT own.id FROM catalog_stock own JOIN catalog_productvariant v ON v.id = own.variant_id
        WHERE v.product_id = p.id AND v.own_sku <> ''
        UNION SELECT key::bigint FROM jsonb_object_keys(coalesce(i.before->'stock', '{{}}')) key)
    ), '{{}}')
FROM catalog_product p WHERE p.id = i.product_id AND i.run_id = %(run)s AND p.id = ANY(%(ids)s)
"""  # noqa: S608 - names of columns, no value from outside


def keep(run: UUID | None, product_ids: Sequence[int]) -> None:
    """Keep these products as they are, before the run changes them."""
    _execute(_KEEP, run, product_ids)


def keep_new(run: UUID | None, product_ids: Sequence[int]) -> None:
    """Note that the run has made these products."""
    _execute(_KEEP_NEW, run, product_ids)


def settle(run: UUID | None, product_ids: Sequence[int]) -> None:
    """Note what the run has left of these products."""
    _execute(_SETTLE, run, product_ids)


def _execute(statement: str, run: UUID | None, product_ids: Sequence[int]) -> None:
    if run is not None and product_ids:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"run": run, "ids": list(product_ids)})
