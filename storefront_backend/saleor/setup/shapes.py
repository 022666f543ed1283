"""Page type, attributes, product types and categories: what a piece of jewellery looks like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storefront_backend.saleor.setup.asking import all_nodes, is_ours, made
from storefront_backend.saleor.setup.plan import Found, Key, SetupStep, Wanted
from storefront_backend.saleor.transport import Saleor, accepted
from storefront_backend.saleor.vocabulary import BY_SLUG


class PageTypes:
    """By slug: the one for brands."""

    name = "page type"

    def found(self, saleor: Saleor) -> Sequence[Found]:
        """Ours, if it exists."""
        return [
            Found(node["slug"], node["id"], is_ours(node, node["slug"]), {})
            for node in all_nodes(saleor, "setup/page_types")
        ]

    def create(self, saleor: Saleor, wanted: Wanted, ids: Mapping[Key, str]) -> str:
        """A page type without attributes."""
        values = {"slug": wanted.key, "name": wanted.fields["name"]}
        return made(saleor, "setup/create_page_type", "pageType", values, mark=True)

    def update(self, saleor: Saleor, step: SetupStep, ids: Mapping[Key, str]) -> None:
        """There is nothing to change: its name is the operator's."""


class Attributes:
    """By slug. Type and unit are fixed for good once values hang on an attribute."""

    name = "attribute"

    def found(self, saleor: Saleor) -> Sequence[Found]:
        """Ours."""
        return [
            Found(
                key=node["slug"],
                id=node["id"],
                ours=is_ours(node, node["slug"]),
                fields={"type": node["inputType"], "unit": node["unit"]},
            )
            for node in all_nodes(saleor, "setup/attributes", slugs=list(BY_SLUG))
        ]

    def create(self, saleor: Saleor, wanted: Wanted, ids: Mapping[Key, str]) -> str:
        """Found later by its external reference, without looking up ids."""
        fields = wanted.fields
        values: dict[str, Any] = {
            "type": "PRODUCT_TYPE",
            "slug": wanted.key,
            "name": fields["name"],
            "externalReference": wanted.key,
            "inputType": fields["type"],
            "filterableInStorefront": fields["filterable"],
            "visibleInStorefront": True,
        }
        if fields["unit"]:
            values["unit"] = fields["unit"]
        if fields["refers to"]:
            values["entityType"] = fields["refers to"]
            values["referenceTypes"] = [ids["page type", fields["page type"]]]
        if fields["choices"]:
            values["values"] = [{"name": choice} for choice in fields["choices"]]
        return made(saleor, "setup/create_attribute", "attribute", values, mark=True)

    def update(self, saleor: Saleor, step: SetupStep, ids: Mapping[Key, str]) -> None:
        """Saleor changes no type; somebody has made another attribute of our name."""
        raise KeyError(("an attribute of this type", step.wanted.key))


class ProductTypes:
    """By slug: one a kind of piece."""

    name = "product type"

    def __init__(self, slugs: Sequence[str]) -> None:
        self._slugs = list(slugs)

    def found(self, saleor: Saleor) -> Sequence[Found]:
        """Ours."""
        return [
            Found(
                key=node["slug"],
                id=node["id"],
                ours=is_ours(node, node["slug"]),
                fields={
                    "product": [each["slug"] for each in node["productAttributes"] or ()],
                    "variant": [each["slug"] for each in node["variantAttributes"] or ()],
                },
            )
            for node in all_nodes(saleor, "setup/product_types", slugs=self._slugs)
        ]

    def create(self, saleor: Saleor, wanted: Wanted, ids: Mapping[Key, str]) -> str:
        """Shipped, with variants."""
        values = {
            "slug": wanted.key,
            "name": wanted.fields["name"],
            "kind": "NORMAL",
            "hasVariants": True,
            "isShippingRequired": True,
            "taxClass": ids.get(("tax class", wanted.fields["tax class"])),
        }
        made_id = made(saleor, "setup/create_product_type", "productType", values, mark=True)
        self._assign(saleor, made_id, wanted, ids, {})
        return made_id

    def update(self, saleor: Saleor, step: SetupStep, ids: Mapping[Key, str]) -> None:
        """Assign what is missing."""
        assert step.found is not None
        self._assign(saleor, step.found.id, step.wanted, ids, step.found.fields)

    def _assign(
        self,
        saleor: Saleor,
        type_id: str,
        wanted: Wanted,
        ids: Mapping[Key, str],
        has: Mapping[str, Sequence[str]],
    ) -> None:
        operations = [
            {
                "id": ids["attribute", slug],
                "type": on.upper(),
                **({"variantSelection": True} if BY_SLUG[slug].selects else {}),
            }
            for on in ("product", "variant")
            for slug in wanted.fields[on]
            if slug not in has.get(on, ())
        ]
        if operations:
            answer = saleor.run("setup/assign_attributes", id=type_id, operations=operations)
            accepted(answer, "AssignAttributes")


class Categories:
    """By slug: one a kind of piece."""

    name = "category"

    def __init__(self, slugs: Sequence[str]) -> None:
        self._slugs = list(slugs)

    def found(self, saleor: Saleor) -> Sequence[Found]:
        """Ours."""
        return [
            Found(node["slug"], node["id"], is_ours(node, node["slug"]), {})
            for node in all_nodes(saleor, "setup/categories", slugs=self._slugs)
        ]

    def create(self, saleor: Saleor, wanted: Wanted, ids: Mapping[Key, str]) -> str:
        """At the top; an operator may move it."""
        values = {"slug": wanted.key, "name": wanted.fields["name"]}
        return made(saleor, "setup/create_category", "category", values, mark=True)

    def update(self, saleor: Saleor, step: SetupStep, ids: Mapping[Key, str]) -> None:
        """There is nothing to change: its name is the operator's."""
