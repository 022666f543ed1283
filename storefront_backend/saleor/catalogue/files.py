"""3D files in Saleor's own storage, behind its FILE attributes: a copy of what is in ours.

A file is uploaded once: `pavilion.files` in the product's private metadata remembers under which
address Saleor keeps which content of ours, and the next product that needs that content, also in
the same push, gets that address. A Saleor that does not take the type says so once a push, and
the rest goes on without.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from storefront_backend.commerce.catalogue import CatalogAsset, CatalogProduct
from storefront_backend.saleor.catalogue.facts import to_inputs
from storefront_backend.saleor.catalogue.reading import PAGE, in_pages, json_object, nodes
from storefront_backend.saleor.errors import SaleorRefused
from storefront_backend.saleor.transport import Saleor, Upload, accepted
from storefront_backend.saleor.vocabulary import FILES

ATTRIBUTES = {"web-glb": "pavilion-web-model", "usdz": "pavilion-ar-model"}  # by kind of asset
_ENDINGS = {"web-glb": "glb", "usdz": "usdz"}


@dataclass(slots=True)
class ModelFiles:
    """Fills the attributes. `read` gives an asset's bytes; `statements` say what was skipped."""

    saleor: Saleor
    read: Callable[[CatalogAsset], bytes]
    statements: list[str] = field(default_factory=list)
    uploaded: int = 0
    _known: dict[str, str] = field(default_factory=dict)
    _refused: set[str] = field(default_factory=set)

    def bring(self, products: Sequence[CatalogProduct]) -> None:
        """Each product's GLB and USDZ. A retry sends nothing. Raises SaleorUnavailable."""
        with_files = {each.slug: each for each in products if _wanted(each)}
        for slugs in in_pages(with_files):
            answer = self.saleor.run("catalogue/standing_files", slugs=slugs, first=PAGE).data
            standing = nodes(answer["products"])
            for node in standing:
                self._known |= json_object(node["files"])
            for node in standing:
                self._fill(node, with_files[node["slug"]])

    def _fill(self, node: Mapping[str, Any], product: CatalogProduct) -> None:
        takes = {each["slug"] for each in node["productType"]["productAttributes"] or ()}
        has = {
            each["attribute"]["slug"]: urlsplit(each["file"]["url"]).path
            for each in node["assignedAttributes"]
            if each.get("file")
        }
        remembered = json_object(node["files"])
        facts: dict[str, str] = {}
        media_types: dict[str, str] = {}
        for asset in _wanted(product):
            slug = ATTRIBUTES[asset.kind]
            url = self._address(asset, product.slug) if slug in takes else ""
            if url and (has.get(slug) != urlsplit(url).path or remembered.get(asset.key) != url):
                facts[slug], media_types[slug] = url, asset.media_type
                remembered[asset.key] = url
        if not facts:
            return
        attributes = to_inputs(facts)
        for row in attributes:
            row["contentType"] = media_types[row["externalReference"]]
        metadata = [{"key": FILES, "value": json.dumps(remembered, sort_keys=True)}]
        answer = self.saleor.run(
            "catalogue/fill_files",
            id=node["id"],
            input={"attributes": attributes, "privateMetadata": metadata},
        )
        accepted(answer, "FillFiles")

    def _address(self, asset: CatalogAsset, slug: str) -> str:
        if asset.key in self._known:
            return self._known[asset.key]
        if asset.media_type in self._refused:
            return ""
        name = f"{slug}.{_ENDINGS[asset.kind]}"
        file = Upload(name, self.read(asset), asset.media_type)
        try:
            answer = self.saleor.run("catalogue/upload_file", upload=file)
            uploaded = accepted(answer, "UploadFile")["uploadedFile"]
        except SaleorRefused as refusal:
            self._refused.add(asset.media_type)
            self.statements.append(
                f"Saleor does not take {asset.media_type} files ({refusal.problems[0].message}): "
                "see saleor_check"
            )
            return ""
        self.uploaded += 1
        self._known[asset.key] = str(uploaded["url"])
        return self._known[asset.key]


def _wanted(product: CatalogProduct) -> Iterable[CatalogAsset]:
    """The first file of each kind that has an attribute; `key` names its content."""
    first: dict[str, CatalogAsset] = {}
    for asset in product.assets:
        if asset.kind in ATTRIBUTES and asset.key:
            first.setdefault(asset.kind, asset)
    return first.values()
