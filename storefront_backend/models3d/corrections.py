"""What a brand says that parts of its mesh are, where names and shapes mislead.

Corrections are kept with the Model by the part's name, so they hold for the next upload too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from showroom.materials import load
from showroom.scene import Role
from storefront_backend.commerce.errors import InvalidRequest
from storefront_backend.models3d.models import Model

_FIELDS = ("role", "material", "finish")
_MOST, _LONGEST = 1000, 200


def correct(model: Model, said: Mapping[str, Any]) -> Model:
    """The model with its parts corrected; null for a part takes its correction back.

    Raises InvalidRequest on the first that cannot be meant, and then changes nothing.
    """
    checked = {name: _checked(name, parts) for name, parts in said.items()}
    with transaction.atomic():
        row = Model.objects.select_for_update().get(pk=model.pk)
        overrides = {**row.declared.get("overrides", {}), **checked}
        row.declared["overrides"] = {name: one for name, one in overrides.items() if one}
        if len(row.declared["overrides"]) > _MOST:
            raise InvalidRequest(f"At most {_MOST} parts can be corrected", field="parts")
        row.save(update_fields=["declared", "updated_at"])
    return row


def _checked(name: str, said: Any) -> dict[str, str]:
    if said is None:
        return {}
    if not 0 < len(name) <= _LONGEST or not isinstance(said, Mapping):
        raise InvalidRequest(f"{name[:80]!r} says no part", field="parts")
    if set(said) - set(_FIELDS) or not all(isinstance(one, str) for one in said.values()):
        raise InvalidRequest(f"{name}: say {', '.join(_FIELDS)} in words", field="parts")
    library = load()
    role, material, finish = (said.get(field, "") for field in _FIELDS)
    if role and role not in list(Role):
        raise InvalidRequest(f"{name}: there is no role {role!r}", hint=f"Use {', '.join(Role)}")
    known = material in library.alloys or material in library.stones
    if material and not known and not material.startswith("enamel-"):
        raise InvalidRequest(f"{name}: there is no material {material!r}", field="parts")
    if finish and finish not in library.finishes:
        raise InvalidRequest(
            f"{name}: there is no finish {finish!r}", hint=f"Use {', '.join(library.finishes)}"
        )
    if not role and not material:
        raise InvalidRequest(f"{name}: say at least its role or its material", field="parts")
    return {field: said[field] for field in _FIELDS if said.get(field)}
