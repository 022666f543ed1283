"""The part of the live run that takes in a catalogue which others made: foreign products by the
API, `saleor_pull`, facts filled in over there, and the first sale."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.live.saleor import Run

_ATTRIBUTE = """mutation ($input: AttributeCreateInput!) {
  attributeCreate(input: $input) { attribute { id } errors { field message } } }"""
_TYPE = """mutation ($input: ProductTypeInput!) {
  productTypeCreate(input: $input) { productType { id } errors { field message } } }"""
_CATEGORY = """mutation ($input: CategoryInput!) {
  categoryCreate(input: $input) { category { id } errors { field message } } }"""
_MAKE = """mutation ($products: [ProductBulkCreateInput!]!) {
  productBulkCreate(products: $products) {
    results { product { id variants { id } } errors { path message } }
    errors { path message } } }"""
_TRANSLATE = """mutation ($id: ID!, $name: String!) {
  productTranslate(id: $id, languageCode: DE, input: {name: $name}) {
    errors { field message } } }"""
_PLACES = """{ channels { id slug } warehouses(first: 20) { edges { node { id slug } } } }"""
_OURS = """query ($slugs: [String!]) { attributes(first: 20, filter: {slugs: $slugs}) {
  edges { node { id slug } } } }"""
_ASSIGN = """mutation ($id: ID!, $operations: [ProductAttributeAssignInput!]!) {
  productAttributeAssign(productTypeId: $id, operations: $operations) {
    errors { field message } } }"""
_FILL = """mutation ($id: ID!, $input: ProductVariantInput!) {
  productVariantUpdate(id: $id, input: $input) { errors { field message } } }"""
_STANDS = """query ($id: ID!) { productVariant(id: $id) { name
  passport: metafield(key: "pavilion.passport")
  channelListings { channel { slug } price { amount } } } }"""
_RENAME = """mutation ($id: ID!, $name: String!) {
  productUpdate(id: $id, input: {name: $name}) { errors { field message } } }"""
_FACTS = ("pavilion-hs-code", "pavilion-origin", "pavilion-ring-size")


class UsedCatalogue:
    """Three rings and a vase of a jeweller who used Saleor before."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.stamp = str(int(time.time()))
        self.type = ""
        self.made: list[dict[str, Any]] = []

    def fill(self) -> str:
        """By the API, with types and attributes of their own."""
        ask = self.run.staff.ask
        metals = ["18K yellow gold", "18K white gold", "Platinum 950"]
        material = self._attribute("Material", "DROPDOWN", values=[{"name": m} for m in metals])
        weight = self._attribute("Gold weight", "NUMERIC", unit="G")
        size = self._attribute("Finger", "DROPDOWN", values=[{"name": "52"}, {"name": "54"}])
        kinds = {
            name: ask(_TYPE, input={"name": name, "variantAttributes": attributes})[
                "productTypeCreate"
            ]["productType"]["id"]
            for name, attributes in (("Rings", [material, weight, size]), ("Homeware", []))
        }
        self.type = kinds["Rings"]
        category = ask(_CATEGORY, input={"name": f"Everything {self.stamp}"})
        said = ask(_PLACES)
        channel = next(each["id"] for each in said["channels"] if each["slug"] == "us")
        warehouse = said["warehouses"]["edges"][0]["node"]["id"]

        def variant(sku: str, metal: str, price: int) -> dict[str, Any]:
            facts = [
                {"id": material, "dropdown": {"value": metal}},
                {"id": weight, "numeric": "4.2"},
                {"id": size, "dropdown": {"value": "52"}},
            ]
            return {
                "sku": f"{sku}-{self.stamp}",
                "name": f"{metal}, 52",
                "attributes": facts if metal else [],
                "channelListings": [{"channelId": channel, "price": str(price)}],
                "stocks": [{"warehouse": warehouse, "quantity": 3}],
            }

        listed = {"channelId": channel, "isPublished": True, "isAvailableForPurchase": True}
        products = [
            {
                "name": f"{name} {self.stamp}",
                "productType": kinds[kind],
                "category": category["categoryCreate"]["category"]["id"],
                "attributes": [],
                "channelListings": [listed],
                "variants": [variant(f"{name.upper()}-{n}", metal, 900) for n, metal in variants],
            }
            for name, kind, variants in (
                ("Wave", "Rings", ((1, metals[0]), (2, metals[1]))),
                ("Tide", "Rings", ((1, metals[2]),)),
                ("Shell", "Rings", ((1, metals[1]),)),
                ("Vase", "Homeware", ((1, ""),)),
            )
        ]
        results = ask(_MAKE, products=products)["productBulkCreate"]["results"]
        assert not any(each["errors"] for each in results), results
        self.made = [each["product"] for each in results]
        ask(_TRANSLATE, id=self.made[0]["id"], name="Wellenring")
        return "3 rings with 4 variants and a vase, of types and attributes of their own"

    def _attribute(self, name: str, kind: str, **fields: Any) -> str:
        made = self.run.staff.ask(
            _ATTRIBUTE,
            input={
                "name": name,
                "slug": f"{name.lower().replace(' ', '-')}-{self.stamp}",
                "type": "PRODUCT_TYPE",
                "inputType": kind,
                **fields,
            },
        )
        found: str = made["attributeCreate"]["attribute"]["id"]
        return found

    def look(self) -> str:
        """What it would take, and what keeps it from being sold; nothing is written."""
        return "\n      ".join(self._pull())

    def take(self) -> str:
        """Take it in, and once more: nothing is left to do."""
        first, again = (
            next(line for line in self._pull("--apply") if "held back;" in line) for _ in range(2)
        )
        assert first.startswith("3 taken in"), first
        assert again.startswith("0 taken in, 0 with news, 3 as they were"), again
        return f"{first}; again: {again}"

    def _pull(self, *options: str) -> list[str]:
        said = self.run.manage("saleor_pull", "--brand", "lanyue", *options, may_fail=True)
        reported = (
            line for line in said.splitlines() if line[:5] != "Syste" and "mail.W001" not in line
        )
        return [
            line for line in reported if line.startswith(("+", "~", "=", "!", " ")) or ";" in line
        ]

    def complete(self) -> str:
        """Staff gives their type our attributes and fills them in for one ring; it wakes here."""
        ask = self.run.staff.ask
        edges = ask(_OURS, slugs=list(_FACTS))["attributes"]["edges"]
        ids = {edge["node"]["slug"]: edge["node"]["id"] for edge in edges}
        operations = [{"id": each, "type": "VARIANT"} for each in ids.values()]
        ask(_ASSIGN, id=self.type, operations=operations)
        values = [
            {"id": ids["pavilion-hs-code"], "plainText": "711319"},
            {"id": ids["pavilion-origin"], "plainText": "HK"},
            {"id": ids["pavilion-ring-size"], "numeric": "52"},
        ]
        for variant in self.made[0]["variants"]:
            ask(_FILL, id=variant["id"], input={"attributes": values})
        lines = [line.strip() for line in self._pull("--apply")]
        woken = [line for line in lines if "can be sold now" in line]
        assert len(woken) == 2, lines
        return "; ".join(woken)

    def sell(self) -> str:
        """Published here: the passport and Pavilion's price go over; a name there comes back."""
        from tests.live.saleor import must, wait

        slug = self.run.shell(
            "from storefront_backend.catalog.models import Product as P;"
            f"p=P.objects.get(slug__endswith='{self.stamp}', slug__startswith='wave');"
            "p.is_published=True; p.save();"
            "from storefront_backend.jobs.listing import relist_products;"
            "relist_products.func([p.pk]); print(p.slug)"
        )
        variant = self.made[0]["variants"][0]["id"]

        def current() -> dict[str, Any]:
            found: dict[str, Any] = self.run.staff.ask(_STANDS, id=variant)["productVariant"]
            return found

        wait(lambda: bool(current()["passport"]), 60)
        found = current()
        prices = {e["channel"]["slug"]: e["price"]["amount"] for e in found["channelListings"]}
        self.run.staff.ask(_RENAME, id=self.made[0]["id"], name=f"Wave, new {self.stamp}")
        address = f"/us/en/jewellery/{slug}/"
        took = wait(lambda: "Wave, new" in self.run.web.get(address).text, 30, 0.1)
        must(took < 5, f"The new name took {took:.1f} s")
        return f"on sale at {address} as {found['name']!r}, {prices} there; renamed in {took:.1f} s"
