"""Permission groups. Saleor cannot limit a person to one brand, so brands work in Pavilion's
brand desk and these groups are for the operator's own staff. Saleor lets no app make them, only a
person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storefront_backend.saleor.setup.asking import all_nodes
from storefront_backend.saleor.setup.plan import Found, Key, SetupStep, Wanted
from storefront_backend.saleor.transport import Saleor, accepted


class PermissionGroups:
    """By name; they carry no metadata, so the name is the mark. `staff` is a Saleor as a member of
    staff sees it."""

    name = "permission group"

    def __init__(self, staff: Saleor) -> None:
        self._staff = staff

    def found(self, saleor: Saleor) -> Sequence[Found]:
        """All permission groups."""
        return [
            Found(
                key=node["name"],
                id=node["id"],
                ours=node["name"].startswith("Pavilion"),
                fields={"permissions": [each["code"] for each in node["permissions"] or ()]},
            )
            for node in all_nodes(self._staff, "setup/permission_groups")
        ]

    def create(self, saleor: Saleor, wanted: Wanted, ids: Mapping[Key, str]) -> str:
        """Without people: the operator adds them."""
        values = {"name": wanted.key, "addPermissions": list(wanted.fields["permissions"])}
        payload = accepted(
            self._staff.run("setup/create_permission_group", input=values), "CreatePermissionGroup"
        )
        return str(payload["group"]["id"])

    def update(self, saleor: Saleor, step: SetupStep, ids: Mapping[Key, str]) -> None:
        """Add what is missing."""
        assert step.found is not None
        has = step.found.fields["permissions"]
        missing = [code for code in step.wanted.fields["permissions"] if code not in has]
        answer = self._staff.run(
            "setup/update_permission_group", id=step.found.id, input={"addPermissions": missing}
        )
        accepted(answer, "UpdatePermissionGroup")
