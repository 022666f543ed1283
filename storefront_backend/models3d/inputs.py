"""What decides a build's result: the source, the declaration, the recipe."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

from showroom.declared import Declared, DeclaredStone, Override
from showroom.pipeline import RECIPES
from showroom.scene import Role
from storefront_backend.models3d.models import Model


def subject_key(model: Model) -> str:
    """Digest of what is built, independent of the recipe, in hex."""
    said = json.dumps(model.declared, sort_keys=True, default=str)
    return hashlib.sha256(f"{model.source_key}\n{said}".encode()).hexdigest()


def input_key(model: Model, recipe: str) -> str:
    """Digest of all that decides the result of a build of the model as it is now, in hex."""
    said = json.dumps([model.declared, RECIPES[recipe].to_json()], sort_keys=True, default=str)
    return hashlib.sha256(f"{model.source_key}\n{said}".encode()).hexdigest()


def declared_from(raw: dict[str, Any]) -> Declared:
    """What the brand says of the mesh, from the JSON that a Model and a Build keep."""
    sides = {k: Decimal(v) for k, v in raw.get("dimensions_mm", {}).items()}
    return Declared(
        kind=raw.get("kind", ""),
        unit=raw.get("unit", ""),
        alloys=tuple(raw.get("alloys", ())),
        finish=raw.get("finish", "polished"),
        grams={code: Decimal(grams) for code, grams in raw.get("grams", {}).items()},
        inner_diameter_mm=sides.pop("inner_diameter", None),
        dimensions_mm=sides,
        stones=tuple(
            DeclaredStone(stone["kind"], stone["count"], Decimal(stone["carat"]))
            for stone in raw.get("stones", ())
        ),
        overrides={
            part: Override(
                role=Role(said["role"]) if said.get("role") else None,
                material=said.get("material", ""),
                finish=said.get("finish", ""),
            )
            for part, said in raw.get("overrides", {}).items()
        },
    )
