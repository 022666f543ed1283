"""CatalogEngine over a Saleor.

Every write is preceded by a look at what is there and sends only the difference, so a push that
was cut off anywhere is finished by the next one. Products go in batches of 50, as fast as a hundred
at a time (measured) and half as much to do again, and of 600 rows at most: 24 pieces with 146
variants in 17 markets took longer than the 30 s that a request may. Two batches are under way at
once, since Saleor serves from several processes and translations would hold up the next batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import structlog

from storefront_backend.commerce.catalogue import (
    CatalogChanges,
    CatalogProduct,
    ListingPrice,
    PublishFailure,
    PublishReport,
    StockLevel,
)
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.saleor.catalogue.brands import brand_pages
from storefront_backend.saleor.catalogue.changes import read_changes
from storefront_backend.saleor.catalogue.facts import fitting
from storefront_backend.saleor.catalogue.files import ModelFiles
from storefront_backend.saleor.catalogue.merge import Merge, merge
from storefront_backend.saleor.catalogue.reading import (
    StandingProduct,
    Surroundings,
    standing_products,
    surroundings,
)
from storefront_backend.saleor.catalogue.selling import write_prices, write_stock
from storefront_backend.saleor.catalogue.translating import (
    NOTHING,
    Translations,
    failure,
    translate,
    translations_of,
)
from storefront_backend.saleor.catalogue.writing import (
    WantedProduct,
    listings_to_update,
    missing_pictures,
    to_create,
    to_update,
    variant_to_create,
    variant_to_update,
    wanted,
)
from storefront_backend.saleor.errors import Problem
from storefront_backend.saleor.transport import Saleor, accepted, problems_in

log = structlog.get_logger(__name__)

BATCH = 50  # products
ROWS = 600  # variants, prices and stock levels in a batch
LANES = 2


@dataclass(slots=True)
class SaleorCatalog:
    """Implements CatalogEngine. `thorough` compares attribute by attribute, and not by
    the digest that we left: slower, and finds what somebody changed by hand. `files`, where it is
    given, keeps copies of 3D files in Saleor."""

    saleor: Saleor
    thorough: bool = False
    lanes: int = LANES
    files: ModelFiles | None = None
    _kinds: dict[str, Surroundings] = field(default_factory=dict)

    def publish(self, products: Sequence[CatalogProduct]) -> PublishReport:
        """Create or bring up to date. Raises ProviderUnavailable after doing what could be done."""
        if not products:
            return PublishReport()
        around = self._surroundings(sorted({product.kind for product in products}))
        pages = brand_pages(self.saleor, products, around)
        fit, unfit = _sorted_out(products, around)
        wants = [wanted(product, pages.get(product.brand, "")) for product in fit]
        report = PublishReport(failures=tuple(unfit))
        with ThreadPoolExecutor(self.lanes) as pool:
            runs = [pool.submit(self._publish_batch, batch, around) for batch in _batches(wants)]
        broken: CommerceError | None = None
        for run in runs:
            try:
                report += run.result()
            except CommerceError as error:
                broken = broken or error
        log.info(
            "products published to saleor",
            created=len(report.created),
            updated=len(report.updated),
            unchanged=len(report.unchanged),
            failures=len(report.failures),
            conflicts=len(report.conflicts),
        )
        if broken is not None:
            raise broken
        if self.files is not None:
            failed = {failure.subject for failure in report.failures}
            self.files.bring([each for each in fit if each.slug not in failed])
        return report

    @property
    def statements(self) -> list[str]:
        """What was left out, and why, in plain words."""
        return [] if self.files is None else self.files.statements

    def set_prices(self, prices: Sequence[ListingPrice]) -> None:
        """Set goods prices, all or none of a product's. Raises NotFound before any is set."""
        write_prices(self.saleor, prices, self._surroundings([]))

    def set_stock(self, levels: Sequence[StockLevel]) -> None:
        """Set pieces at hand. Raises NotFound before any is set."""
        write_stock(self.saleor, levels, self._surroundings([]))

    def changes_since(self, cursor: str) -> CatalogChanges:
        """A page of what was changed in Saleor since the cursor."""
        return read_changes(self.saleor, cursor)

    def _surroundings(self, kinds: Sequence[str]) -> Surroundings:
        key = ",".join(kinds)
        if key not in self._kinds:
            self._kinds[key] = surroundings(self.saleor, kinds)
        return self._kinds[key]

    def _publish_batch(self, wants: Sequence[WantedProduct], around: Surroundings) -> PublishReport:
        slugs = [want.product.slug for want in wants]
        standing = standing_products(self.saleor, slugs, facts=self.thorough)
        new = [want for want in wants if want.product.slug not in standing]
        report, texts = self._create(new, around) if new else (PublishReport(), Translations())
        for want in wants:
            existing = standing.get(want.product.slug)
            if existing is not None:
                outcome, more = self._update(want, existing, around)
                report += outcome
                texts += more
        return report + translate(self.saleor, texts)

    def _create(
        self, wants: Sequence[WantedProduct], around: Surroundings
    ) -> tuple[PublishReport, Translations]:
        inputs = [to_create(want, around) for want in wants]
        answer = self.saleor.run("catalogue/create_products", products=inputs)
        payload = answer.data["productBulkCreate"]
        created, failures, texts = [], [], Translations()
        for want, result in zip(wants, payload["results"], strict=True):
            slug = want.product.slug
            if result["product"] is None or result["errors"]:
                failures.append(failure(slug, problems_in(result) or problems_in(payload)))
                continue
            created.append(slug)
            made = result["product"]
            ids = {each["sku"]: each["id"] for each in made["variants"] or ()}
            texts += translations_of(want, want.texts, made["id"], ids)
        return PublishReport(created=tuple(created), failures=tuple(failures)), texts

    def _update(
        self, want: WantedProduct, existing: StandingProduct, around: Surroundings
    ) -> tuple[PublishReport, Translations]:
        slug = want.product.slug
        if not existing.ours:
            message = "Saleor has a product of this slug that Pavilion did not make"
            return PublishReport(failures=(PublishFailure(slug, "foreign", message),)), NOTHING
        decided = _merged(want, existing)
        added = [each for each in want.variants if each.variant.sku not in existing.variants]
        changed = [each for each in want.variants if self._differs(each, existing)]
        pictures = missing_pictures(want, existing)
        own = self._owned_differs(want, existing) or bool(pictures) or decided.base != existing.base
        conflicts = PublishReport(conflicts=decided.conflicts)
        ids = {sku: each.id for sku, each in existing.variants.items()}
        if not (own or decided.write or added or changed):
            # The names of variants are written last, so a killed push may have left these alone.
            texts = translations_of(want, {}, existing.id, ids, existing)
            slugs = (slug,)
            same = (
                PublishReport(updated=slugs) if texts.variants else PublishReport(unchanged=slugs)
            )
            return conflicts + same, texts
        listings = listings_to_update(decided.write, around)
        answer = self.saleor.run(
            "catalogue/update_product",
            id=existing.id,
            input=to_update(want, existing, decided.write, decided.base),
            listings={"updateChannels": listings},
            list=bool(listings),
            changed=[
                variant_to_update(each, existing.variants[each.variant.sku].id, existing)
                for each in changed
            ],
            change=bool(changed),
            added=[variant_to_create(each, around, existing) for each in added],
            add=bool(added),
        )
        problems = _all_problems(answer.data)
        if problems:
            return conflicts + PublishReport(failures=(failure(slug, problems),)), NOTHING
        for url in pictures:
            accepted(
                self.saleor.run(
                    "catalogue/add_media",
                    input={"product": existing.id, "mediaUrl": url, "alt": want.texts["name:en"]},
                ),
                "AddMedia",
            )
        for each in (answer.data.get("productVariantBulkCreate") or {}).get("results") or ():
            ids[each["productVariant"]["sku"]] = each["productVariant"]["id"]
        texts = translations_of(want, decided.write, existing.id, ids, existing)
        return conflicts + PublishReport(updated=(slug,)), texts

    def _owned_differs(self, want: WantedProduct, existing: StandingProduct) -> bool:
        if existing.content != want.content:
            return True
        return existing.facts is not None and dict(existing.facts) != fitting(
            want.facts, existing.takes
        )

    def _differs(self, want: Any, existing: StandingProduct) -> bool:
        variant = existing.variants.get(want.variant.sku)
        if variant is None:
            return False
        if variant.content != want.content or variant.label != want.variant.label:
            return True
        return variant.facts is not None and dict(variant.facts) != fitting(
            want.facts, existing.takes
        )


def _batches(wants: Sequence[WantedProduct]) -> Iterator[list[WantedProduct]]:
    batch: list[WantedProduct] = []
    rows = 0
    for want in wants:
        own = sum(1 + len(v.variant.prices) + len(v.variant.stock) for v in want.variants)
        if batch and (len(batch) == BATCH or rows + own > ROWS):
            yield batch
            batch, rows = [], 0
        batch.append(want)
        rows += own
    if batch:
        yield batch


def _sorted_out(
    products: Sequence[CatalogProduct], around: Surroundings
) -> tuple[list[CatalogProduct], list[PublishFailure]]:
    """Products that can be sent, and why the others cannot."""
    fit, unfit = [], []
    for product in products:
        if product.kind not in around.product_types:
            message = f"Saleor has no product type for a {product.kind}: run saleor_bootstrap"
            unfit.append(PublishFailure(product.slug, "not_set_up", message))
        elif not product.names.get("en"):
            message = "Saleor's own name of a product is the English one, and there is none"
            unfit.append(PublishFailure(product.slug, "no_name", message))
        else:
            fit.append(product)
    return fit, unfit


def _merged(want: WantedProduct, existing: StandingProduct) -> Merge:
    ours = dict(want.texts)
    for name in existing.base:
        # A market that the product has left is published until we say no.
        if name.startswith("published:") and name not in ours:
            ours[name] = "no"
    return merge(
        want.product.slug,
        existing.base,
        ours,
        existing.texts,
        want.product.updated_at,
        existing.updated_at,
    )


def _all_problems(payloads: Mapping[str, Any]) -> list[Problem]:
    found: list[Problem] = []
    for payload in payloads.values():
        if payload is None:
            continue
        found += problems_in(payload)
        for result in payload.get("results") or ():
            found += problems_in(result)
    return found
