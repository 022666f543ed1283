"""A brand's sheet: checked, planned, applied. Every door to the import comes through here.

    options = ImportOptions(retire_missing=True)
    checked = imports.planned(Path("catalogue.xlsx"), options)
    report = imports.apply(checked, options, only_valid=False)

One import of a brand at a time: `brand_lock`. Each product is atomic, and applying again does what
is left, so a killed import is simply run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from itertools import batched
from pathlib import Path
from typing import Any

from django.db import connection

from catalog_import import (
    Answers,
    CheckOptions,
    CheckResult,
    HasModel,
    ImportReport,
    Plan,
    Problem,
    ProductDraft,
    Progress,
    check,
    in_folder,
    plan_check,
)
from catalog_import import apply as write
from catalog_import.brand_limit import too_many_variants
from catalog_import.corrections import NONE, Corrections
from i18n.rulebook import Rulebook
from storefront_backend.catalog.models import Brand, Stock, Warehouse
from storefront_backend.commerce.errors import BrandLimitReached, InvalidRequest
from storefront_backend.commerce.pricebook import PriceBook
from storefront_backend.models3d.models import Model
from storefront_backend.pricing.brand_limits import Usage
from storefront_backend.pricing.draft_verdicts import DraftVerdicts
from storefront_backend.pricing.import_sink import BrandSink
from storefront_backend.pricing.price_moves import PriceMoves, live_prices
from storefront_backend.pricing.sheet_mappings import remembered

_LOCK = 0x1A9051  # the class of our advisory locks; the second key is the brand
_AT_ONCE = 100  # products whose stock is set in one transaction


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What somebody said beside the sheet. Nothing is withdrawn or confirmed unless it is said.

    `answers` are about this sheet's columns and words (catalog_import.answers).
    `accepted_moves` are the brand's own SKUs whose prices may move as far as they do; "*" is all.
    """

    retire_missing: bool = False
    metal_value: bool = False
    set_stock: bool = False
    ignored: tuple[str, ...] = ()
    answers: Answers = field(default_factory=Answers)
    accepted_moves: frozenset[str] = frozenset()
    corrections: Corrections = NONE

    def to_json(self) -> dict[str, Any]:
        """Plain values; `from_json` returns the same."""
        return {
            "retire_missing": self.retire_missing,
            "metal_value": self.metal_value,
            "set_stock": self.set_stock,
            "ignored": list(self.ignored),
            "answers": self.answers.to_json(),
            "accepted_moves": sorted(self.accepted_moves),
            "corrections": {name: dict(cells) for name, cells in self.corrections.items()},
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> ImportOptions:
        """The options that `to_json` wrote."""
        return cls(
            retire_missing=raw["retire_missing"],
            metal_value=raw["metal_value"],
            set_stock=raw["set_stock"],
            ignored=tuple(raw["ignored"]),
            answers=Answers.from_json(raw.get("answers") or {}),
            accepted_moves=frozenset(raw["accepted_moves"]),
            corrections=raw.get("corrections") or NONE,
        )

    def accepting(self, moves: frozenset[str]) -> ImportOptions:
        """The same, with more price moves confirmed."""
        return replace(self, accepted_moves=self.accepted_moves | moves)


@dataclass(frozen=True, slots=True)
class Checked:
    """A sheet's problems, and what its import would change."""

    result: CheckResult
    plan: Plan
    on_sale: int = 0  # variants before the import
    over_limit: Problem | None = None  # where the brand would have more variants than it may

    @property
    def retired_share(self) -> int:
        """How much of what is on sale would be taken out of it, in percent."""
        return 100 * len(self.plan.retired) // self.on_sale if self.on_sale else 0


@dataclass(frozen=True, slots=True)
class SheetImport:
    """Imports one brand's sheets at one moment; `limit` is how far a price moves by itself."""

    sink: BrandSink
    rulebook: Rulebook
    accept_disputed: frozenset[str]
    book: Callable[[], PriceBook]
    now: datetime
    limit: Decimal
    variants: Callable[[Brand], Usage]

    def planned(self, sheet: Path, options: ImportOptions) -> Checked:
        """Check the sheet against what the shop has, and plan it. Writes nothing."""
        brand, existing = self.sink.brand, self.sink.existing()
        result = check(
            sheet,
            rulebook=self.rulebook,
            on=self.now.date(),
            accept_disputed=self.accept_disputed,
            has_model=self._has_model(),
            options=CheckOptions(
                earlier=existing,
                metal_value=options.metal_value or brand.sells_at_metal_value,
                ignored=options.ignored,
                models_later=self.sink.files is None,
                answers=options.answers,
                corrections=options.corrections,
                remembered=remembered(brand),
            ),
        )
        guard = PriceMoves(
            live_prices(brand), self.book, self.now, self.limit, options.accepted_moves
        )
        over = self._over_limit(result, existing, retire_missing=options.retire_missing)
        if over is not None:
            result = replace(result, problems=(over, *result.problems))
        plan = plan_check(result, existing, retire_missing=options.retire_missing, guard=guard)
        return Checked(result, plan, _count(existing.values()), over)

    def apply(
        self,
        checked: Checked,
        options: ImportOptions,
        *,
        only_valid: bool,
        on_step: Callable[[Progress], None] | None = None,
    ) -> ImportReport:
        """Write the plan.

        Raises, with nothing written, PlanRefused where there are errors, and BrandLimitReached
        where the brand would have more variants than it may, also with `only_valid`.
        """
        if only_valid and checked.over_limit is not None:
            raise BrandLimitReached(checked.over_limit.message, hint=checked.over_limit.hint)
        report = write(checked.plan, self.sink, only_valid=only_valid, on_step=on_step)
        if options.set_stock:
            for products in batched(checked.result.products, _AT_ONCE):
                self.sink.set_stock(products)
        return report

    def verdicts(self, markets: Sequence[str]) -> DraftVerdicts:
        """What judges the sheet's pieces in these markets, by the law of the day."""
        return DraftVerdicts(self.rulebook, self.now.date(), self.accept_disputed, markets)

    def _over_limit(
        self, result: CheckResult, existing: Mapping[str, ProductDraft], *, retire_missing: bool
    ) -> Problem | None:
        """What is wrong where the brand's variants would become more, and more than it may have."""
        usage = self.variants(self.sink.brand)
        replaced = existing.values() if retire_missing else _same(result, existing)
        after = usage.used - _count(replaced) + _count(result.products)
        if after <= max(usage.of, usage.used):
            return None
        return too_many_variants(after, usage.of)

    def _has_model(self) -> HasModel:
        """Whether a mesh was uploaded with the sheet, or is in the shop already."""
        names = Model.objects.filter(brand=self.sink.brand).values_list("source_name", flat=True)
        if self.sink.files is None:
            return frozenset(names).__contains__
        return in_folder(self.sink.files)


def _count(products: Iterable[ProductDraft]) -> int:
    return sum(len(each.variants) for each in products)


def _same(result: CheckResult, existing: Mapping[str, ProductDraft]) -> list[ProductDraft]:
    return [existing[each.code] for each in result.products if each.code in existing]


@contextmanager
def brand_lock(brand: Brand, *, wait: bool) -> Iterator[bool]:
    """Keep other imports of the brand out; yields whether we are alone (always, with `wait`).

    An advisory lock of the connection: the database releases it when our process is killed.
    """
    function = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [_LOCK, brand.pk])
        ours = wait or bool(cursor.fetchone()[0])
    try:
        yield ours
    finally:
        if ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, brand.pk])


def warehouse_of(brand: Brand, slug: str = "") -> Warehouse:
    """Where the brand's pieces are: as named, or where its stock is, or the shop's only place."""
    if slug:
        named = Warehouse.objects.filter(slug=slug).first()
        if named is None:
            raise InvalidRequest(f"There is no warehouse {slug}", field="warehouse")
        return named
    used = Stock.objects.filter(variant__brand=brand).values("warehouse")
    places = list(Warehouse.objects.filter(pk__in=used)[:2]) or list(Warehouse.objects.all()[:2])
    if len(places) != 1:
        known = ", ".join(Warehouse.objects.values_list("slug", flat=True)[:20]) or "none yet"
        raise InvalidRequest(
            "In which warehouse are the pieces?", field="warehouse", hint=f"There are: {known}."
        )
    return places[0]
