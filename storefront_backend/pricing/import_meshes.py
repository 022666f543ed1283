"""The mesh files that a sheet names: into the store first, then a row beside the product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from catalog_import.drafts import ProductDraft
from storefront_backend.catalog.models import Brand, Product
from storefront_backend.commerce.ports import AssetStore
from storefront_backend.models3d.models import Model

_SOURCE_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Mesh:
    """A file that the store has."""

    key: str
    name: str
    size: int


def store_mesh(product: ProductDraft, files: Path | None, store: AssetStore) -> Mesh | None:
    """Put the product's mesh into the store; None where the sheet brings none.

    Before the transaction: one that waited for it would hold its locks for minutes. The sweep
    deletes a mesh without a row later.
    """
    if product.model_file is None or files is None:
        return None
    path = files / product.model_file
    with path.open("rb") as source:
        key = store.put(source, media_type=_SOURCE_TYPE, public=False)
    return Mesh(key, path.name, path.stat().st_size)


def put_models(
    brand: Brand, rows: Mapping[str, Product], products: Mapping[str, ProductDraft],
    meshes: Mapping[str, Mesh],
) -> None:  # fmt: skip
    """Write the rows of these meshes; all arguments are by product code."""
    if not meshes:
        return
    ids = [rows[code].pk for code in meshes]
    earlier = {each.product_id: each for each in _locked(ids)}
    for code, mesh in meshes.items():
        # A sheet says nothing of a mesh's parts: what the brand corrected there still holds.
        before = earlier.get(rows[code].pk)
        overrides = before.declared.get("overrides") if before else None
        kept = {"overrides": overrides} if overrides else {}
        Model.objects.update_or_create(
            product=rows[code],
            defaults={
                "brand": brand,
                "source_key": mesh.key,
                "source_name": mesh.name,
                "source_bytes": mesh.size,
                "declared": {**declared_of(products[code]), **kept},
            },
        )


def _locked(product_ids: list[int]) -> list[Model]:
    rows = Model.objects.select_for_update().filter(product__in=product_ids)
    return list(rows.order_by("pk"))


def declared_of(product: ProductDraft) -> dict[str, object]:
    """What the passports say of the mesh, for the showroom's truth checks. One mesh serves all."""
    alloys: dict[str, str] = {}
    for variant in product.variants:
        main = variant.passport.main_metal
        if main is not None and main.alloy not in alloys:
            alloys[main.alloy] = str(main.grams)
    first = product.variants[0].passport if product.variants else None
    return {
        "kind": product.kind,
        "alloys": list(alloys),
        "grams": alloys,
        "dimensions_mm": {k: str(v) for k, v in (first.dimensions_mm if first else {}).items()},
        "stones": [
            {"kind": stone.kind, "count": stone.count, "carat": str(stone.carat)}
            for stone in (first.stones if first else ())
        ],
    }
