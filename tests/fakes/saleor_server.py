"""A Saleor at the transport, over products kept in memory."""

# ruff: noqa: N802, N803 - resolvers and their arguments bear the names of the schema

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from i18n.passport import PIECE_KINDS
from storefront_backend.saleor.vocabulary import ATTRIBUTES
from tests.fakes.saleor_wire import URL, SaleorWire, edges, error, pairs, path


class FakeSaleor(SaleorWire):
    """State and resolvers. `clock` moves a second a write, as `updatedAt` does."""

    def __init__(
        self,
        channels: Iterable[tuple[str, str]] = (("us", "USD"), ("de", "EUR"), ("jp", "JPY")),
        warehouses: Iterable[str] = ("shenzhen",),
    ) -> None:
        super().__init__()
        self._ids = itertools.count(1)
        self.clock = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
        self.channels = {slug: self._node(slug=slug, currencyCode=code) for slug, code in channels}
        self.warehouses = {slug: self._node(slug=slug) for slug in warehouses}
        self.kinds = {
            f"pavilion-{kind}": self._node(
                slug=f"pavilion-{kind}", name=kind.title(), isShippingRequired=True,
                productAttributes=_attributes_on("product"),
                variantAttributes=_attributes_on("variant"),
            )
            for kind in PIECE_KINDS
        }  # fmt: skip
        self.page_types = [self._node(slug="pavilion-brand")]
        self.pages: dict[str, dict[str, Any]] = {}
        self.products: dict[str, dict[str, Any]] = {}
        self.takes_files = {"model/gltf-binary", "model/vnd.usdz+zip"}
        self.files: dict[str, bytes] = {}

    # --- what others do ---------------------------------------------------------------------

    def edit(self, slug: str, **fields: Any) -> None:
        """Somebody changes a product in the Dashboard."""
        self.products[slug].update(fields)
        self._touch(self.products[slug])

    def edit_translation(self, slug: str, language: str, name: str) -> None:
        """Somebody translates a name in the Dashboard."""
        self.products[slug]["_t"].setdefault(language, {})["name"] = name
        self._touch(self.products[slug])

    def variant(self, sku: str) -> dict[str, Any]:
        """The variant of that sku."""
        return next(
            each for product in self.products.values() for each in product["variants"]
            if each["sku"] == sku
        )  # fmt: skip

    # --- queries ----------------------------------------------------------------------------

    def app(self, info: Any, **_: Any) -> dict[str, Any]:
        """Our app."""
        return {"id": "QXBwOjE=", "identifier": "pavilion", "isActive": True, "webhooks": [],
                "version": "1.0.0", "permissions": []}  # fmt: skip

    def shop(self, info: Any) -> dict[str, Any]:
        """The shop."""
        return {"version": "3.23.28", "domain": {"host": "saleor.test", "url": URL}}

    def _products(
        self, filter: Any = None, after: str | None = None, first: int = 100, **_: Any
    ) -> dict[str, Any]:
        assert first <= 100
        found = list(self.products.values())
        if filter and filter.get("slugs") is not None:
            found = [each for each in found if each["slug"] in filter["slugs"]]
        if filter and filter.get("ids") is not None:
            found = [each for each in found if each["id"] in filter["ids"]]
        since = ((filter or {}).get("updatedAt") or {}).get("gte")
        if since:
            found = [each for each in found if each["updatedAt"] >= since]
        found.sort(key=lambda each: each["updatedAt"])
        start = int(after) if after else 0
        page = found[start : start + first]
        more = start + first < len(found)
        return {"edges": [{"node": each} for each in page],
                "pageInfo": {"hasNextPage": more, "endCursor": str(start + first)}}  # fmt: skip

    def product(self, info: Any, id: str, **_: Any) -> dict[str, Any] | None:
        """By id."""
        return next((each for each in self.products.values() if each["id"] == id), None)

    # --- mutations --------------------------------------------------------------------------

    def pageCreate(self, info: Any, input: Any) -> dict[str, Any]:
        """A page, once a slug."""
        if input["slug"] in self.pages:
            return {"page": None, "errors": [error("slug", "UNIQUE")]}
        page = self._node(slug=input["slug"], title=input["title"])
        self.pages[input["slug"]] = page
        return {"page": page, "errors": []}

    def productBulkCreate(self, info: Any, products: list[Any], errorPolicy: str) -> Any:
        """Rows by themselves."""
        results = []
        for row in products:
            if row["slug"] in self.products:
                results.append({"product": None, "errors": [path("slug", "UNIQUE")]})
                continue
            product = self._node(
                slug=row["slug"], name=row["name"], description=row.get("description"), _t={},
                _meta=pairs(row["metadata"]), _private=pairs(row["privateMetadata"]),
                attributes=self._attributes(row["attributes"]), variants=[], channelListings=[],
                productType=self._kind_of(row["productType"]), category=None, media=[],
                externalReference=row.get("externalReference"), assignedAttributes=[],
            )  # fmt: skip
            self.products[row["slug"]] = product
            self._list(product, row["channelListings"])
            for variant in row["variants"]:
                self._add_variant(product, variant)
            self._touch(product)
            results.append({"product": product, "errors": []})
        done = sum(each["product"] is not None for each in results)
        return {"count": done, "results": results, "errors": []}

    def productUpdate(self, info: Any, id: str, input: Any) -> Any:
        """Fields, attributes and metadata."""
        product = self._by_id(id)
        product.update({k: v for k, v in input.items() if k in ("name", "description")})
        product["_meta"] |= pairs(input.get("metadata"))
        product["_private"] |= pairs(input.get("privateMetadata"))
        self._set_attributes(product, input.get("attributes") or [])
        self._touch(product)
        return {"product": product, "errors": []}

    def productChannelListingUpdate(self, info: Any, id: str, input: Any) -> Any:
        """Rows by channel."""
        self._list(self._by_id(id), input["updateChannels"])
        return {"errors": []}

    def productVariantBulkCreate(self, info: Any, product: str, variants: Any, **_: Any) -> Any:
        """More variants."""
        owner = self._by_id(product)
        for variant in variants:
            self._add_variant(owner, variant)
        self._touch(owner)
        made = owner["variants"][-len(variants) :]
        return {"results": [{"productVariant": e, "errors": []} for e in made], "errors": []}

    def productVariantBulkUpdate(self, info: Any, product: str, variants: Any, **_: Any) -> Any:
        """Fields, prices and stock of variants."""
        owner = self._by_id(product)
        for row in variants:
            variant = next(each for each in owner["variants"] if each["id"] == row["id"])
            fields = ("name", "trackInventory")
            variant.update({name: row[name] for name in fields if name in row})
            variant["_meta"] |= pairs(row.get("metadata"))
            variant["_private"] |= pairs(row.get("privateMetadata"))
            self._set_attributes(variant, row.get("attributes") or [])
            self._price(variant, row.get("channelListings") or {})
            for new in (row.get("stocks") or {}).get("create") or ():
                self._stock(variant, new)
        self._touch(owner)
        return {"results": [{"errors": []} for _ in variants], "errors": []}

    def productBulkTranslate(self, info: Any, translations: Any, **_: Any) -> Any:
        """Names and descriptions in other languages."""
        for row in translations:
            product = self._by_id(row["id"])
            product["_t"].setdefault(row["languageCode"], {}).update(row["translationFields"])
        return {"count": len(translations), "errors": [],
                "results": [{"errors": []} for _ in translations]}  # fmt: skip

    def productVariantBulkTranslate(self, info: Any, translations: Any, **_: Any) -> Any:
        """Names of variants in other languages."""
        for row in translations:
            variant = next(
                each for product in self.products.values() for each in product["variants"]
                if each["id"] == row["id"]
            )  # fmt: skip
            fields = variant.setdefault("_t", {}).setdefault(row["languageCode"], {})
            fields.update(row["translationFields"])
        return {"count": len(translations), "errors": [],
                "results": [{"errors": []} for _ in translations]}  # fmt: skip

    def fileUpload(self, info: Any, file: Any) -> Any:
        """Of the types that are allowed; each under an address of its own."""
        if file.get_content_type() not in self.takes_files:
            return {"uploadedFile": None, "errors": [error("file", "INVALID_FILE_TYPE")]}
        url = f"http://saleor.test/media/file_upload/{len(self.files)}_{file.get_filename()}"
        self.files[url] = file.get_payload(decode=True)
        return {"uploadedFile": {"url": url, "contentType": file.get_content_type()}, "errors": []}

    def stockBulkUpdate(self, info: Any, stocks: Any, **_: Any) -> Any:
        """Rows that stand."""
        for row in stocks:
            for product in self.products.values():
                for variant in product["variants"]:
                    for stock in variant["stocks"]:
                        if (variant["id"], stock["warehouse"]["id"]) == (
                            row["variantId"], row["warehouseId"],
                        ):  # fmt: skip
                            stock["quantity"] = row["quantity"]
        return {"count": len(stocks), "errors": [], "results": [{"errors": []} for _ in stocks]}

    # --- inside -----------------------------------------------------------------------------

    def _node(self, **fields: Any) -> dict[str, Any]:
        node: dict[str, Any] = {"id": f"node-{next(self._ids)}", **fields}
        node["metafield"] = lambda info, key: node.get("_meta", {}).get(key)
        node["privateMetafield"] = lambda info, key: node.get("_private", {}).get(key)
        node["translation"] = lambda info, languageCode: node.get("_t", {}).get(languageCode)
        return node

    def _kind_of(self, kind_id: str) -> dict[str, Any]:
        return next(each for each in self.kinds.values() if each["id"] == kind_id)

    def _touch(self, product: dict[str, Any]) -> None:
        self.clock += timedelta(seconds=1)
        product["updatedAt"] = self.clock.isoformat()

    def _by_id(self, product_id: str) -> dict[str, Any]:
        return next(each for each in self.products.values() if each["id"] == product_id)

    def _list(self, product: dict[str, Any], rows: Iterable[Any]) -> None:
        for row in rows:
            channel = next(c for c in self.channels.values() if c["id"] == row["channelId"])
            standing = [r for r in product["channelListings"] if r["channel"] is not channel]
            product["channelListings"] = [
                *standing, {"channel": channel, "isPublished": row.get("isPublished", False)},
            ]  # fmt: skip

    def _add_variant(self, product: dict[str, Any], row: Any) -> None:
        variant = self._node(
            sku=row["sku"], name=row["name"], product=product, channelListings=[], stocks=[],
            attributes=self._attributes(row["attributes"]), _meta=pairs(row["metadata"]),
            _private=pairs(row["privateMetadata"]), trackInventory=row["trackInventory"],
            assignedAttributes=[],
        )  # fmt: skip
        self._price(variant, {"create": row["channelListings"]})
        for stock in row["stocks"]:
            self._stock(variant, stock)
        product["variants"].append(variant)

    def _price(self, variant: dict[str, Any], rows: Any) -> None:
        listings = variant["channelListings"]
        for row in rows.get("create") or ():
            channel = next(c for c in self.channels.values() if c["id"] == row["channelId"])
            price = {"amount": float(row["price"]), "currency": channel["currencyCode"]}
            listings.append(self._node(channel=channel, price=price))
        for row in rows.get("update") or ():
            listing = next(each for each in listings if each["id"] == row["channelListing"])
            listing["price"] = {**listing["price"], "amount": float(row["price"])}
        gone = set(rows.get("remove") or ())
        variant["channelListings"] = [each for each in listings if each["id"] not in gone]

    def _stock(self, variant: dict[str, Any], row: Any) -> None:
        place = next(w for w in self.warehouses.values() if w["id"] == row["warehouse"])
        variant["stocks"].append(self._node(warehouse=place, quantity=row["quantity"]))

    def _attributes(self, rows: Iterable[Any]) -> list[dict[str, Any]]:
        owner: dict[str, Any] = {"attributes": []}
        self._set_attributes(owner, rows)
        attributes: list[dict[str, Any]] = owner["attributes"]
        return attributes

    def _set_attributes(self, owner: dict[str, Any], rows: Iterable[Any]) -> None:
        for row in rows:
            slug = row["externalReference"]
            if row.get("file"):
                others = [a for a in owner["assignedAttributes"] if a["attribute"]["slug"] != slug]
                value = {"url": row["file"], "contentType": row["contentType"]}
                owner["assignedAttributes"] = [
                    *others,
                    {"__typename": "AssignedFileAttribute", "attribute": {"slug": slug},
                     "value": value},
                ]  # fmt: skip
                continue
            value = {
                "name": row.get("numeric") or (row.get("dropdown") or {}).get("value"),
                "plainText": row.get("plainText"),
                "reference": row.get("reference"),
            }
            others = [a for a in owner["attributes"] if a["attribute"]["slug"] != slug]
            owner["attributes"] = [*others, {"attribute": {"slug": slug}, "values": [value]}]

    def _root(self, name: str) -> Any:
        roots: dict[str, Any] = {
            "channels": lambda info: list(self.channels.values()),
            "warehouses": lambda info, **_: edges(self.warehouses.values()),
            "productTypes": lambda info, filter=None, **_: edges(self._kinds(filter)),
            "categories": lambda info, filter=None, **_: edges(self._kinds(filter)),
            "pageTypes": lambda info, **_: edges(self.page_types),
            "pages": lambda info, filter, **_: edges(
                page for slug, page in self.pages.items() if slug in filter["slugs"]
            ),
            "products": lambda info, **arguments: self._products(**arguments),
            "productVariants": lambda info, where, **_: edges(
                variant for product in self.products.values() for variant in product["variants"]
                if variant["sku"] in where["sku"]["oneOf"]
            ),
        }  # fmt: skip
        return roots.get(name) or super()._root(name)

    def _kinds(self, filter: Any) -> list[dict[str, Any]]:
        wanted = (filter or {}).get("slugs")
        return [each for slug, each in self.kinds.items() if wanted is None or slug in wanted]


def _attributes_on(on: str) -> list[dict[str, str]]:
    return [{"slug": shape.slug} for shape in ATTRIBUTES if shape.on == on]
