"""What an import would change, shown before anything is written; then the writing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from catalog_import.checks import CheckResult
from catalog_import.drafts import ProductDraft, VariantDraft
from catalog_import.errors import PlanRefused
from catalog_import.problems import Problem
from catalog_import.sink import Refused, Sink

__all__ = [
    "Action",
    "Change",
    "Difference",
    "ImportReport",
    "Plan",
    "PriceGuard",
    "PriceMove",
    "ProductDraft",
    "Progress",
    "VariantDraft",
    "apply",
    "differences",
    "plan",
    "plan_check",
]


class Action(StrEnum):
    """What is to be done with a product."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that changes; `before` or `after` is None where it is not there.

    `field` is a path as "names.en" or "variants[RING-1-52].passport.metals[0].grams".
    """

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class PriceMove:
    """A price that moves further than a brand's prices do by themselves, until a person confirms.

    `before` and `after` are amounts of one currency, `percent` is the move: -60 is 60 % less.
    """

    product: str
    sku: str
    before: str
    after: str
    percent: Decimal


type PriceGuard = Callable[[str, VariantDraft], PriceMove | None]
"""The move that a product's variant would make against the live price, where it is too large."""


@dataclass(frozen=True, slots=True)
class Change:
    """One product and what happens to it; `product` is the new state, or the last on withdrawal.

    `moves` are the price moves that are held: the product keeps those prices.
    """

    action: Action
    product: ProductDraft
    differences: tuple[Difference, ...] = ()
    moves: tuple[PriceMove, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Every change, in the sheet's order with withdrawals last, the problems behind it, and the
    products that errors hold.

    `left` is how many products the sheet does not speak of and leaves on sale, `retired` the SKUs
    that stay in the shop without being sold: of withdrawn products, and of those that changed.
    """

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...] = ()
    held: tuple[str, ...] = ()
    left: int = 0
    retired: tuple[str, ...] = ()

    @property
    def moves(self) -> tuple[PriceMove, ...]:
        """Every price move that is held."""
        return tuple(move for change in self.changes for move in change.moves)

    def count(self, action: Action) -> int:
        """How many products that action meets."""
        return sum(change.action is action for change in self.changes)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an applied plan did, by product code.

    `held` are those left alone for their errors, `failed` those that the catalogue refused.
    """

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    moves: tuple[PriceMove, ...] = ()
    failed: Refused = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: rows of the sheet and products, done of all, and products refused."""

    rows: int
    of_rows: int
    products: int
    of_products: int
    failed: int = 0

    @classmethod
    def of(cls, plan: Plan) -> Progress:
        """Nothing done yet."""
        rows = sum(len(change.product.variants) for change in plan.changes)
        return cls(0, rows, 0, len(plan.changes))

    def after(self, portion: Sequence[Change], *, failed: int) -> Progress:
        """The same when the portion is written."""
        rows = sum(len(change.product.variants) for change in portion)
        return replace(
            self, rows=self.rows + rows, products=self.products + len(portion), failed=failed
        )


def plan(
    products: Sequence[ProductDraft],
    existing: Mapping[str, ProductDraft],
    *,
    problems: Sequence[Problem] = (),
    held: Collection[str] = (),
    retire_missing: bool = False,
    guard: PriceGuard | None = None,
) -> Plan:
    """Compare drafts with what is there. Writes nothing.

    What the sheet does not speak of stays: other products, and variants that a product has beside
    those of the sheet. With `retire_missing` the sheet is all there is, and both are withdrawn,
    save for products that an error holds. A price that `guard` finds to move too far keeps its
    previous value, and its move is reported.
    """
    stay = {problem.product for problem in problems if problem.is_error} | set(held)
    products = [product for product in products if product.code not in stay]
    listed = {product.code for product in products}
    placed = {variant.sku for product in products for variant in product.variants}
    owners = {v.sku: code for code, product in existing.items() for v in product.variants}
    changes: list[Change] = []
    for product in products:
        before = existing.get(product.code)
        kept = () if retire_missing or before is None else _without(before, placed)
        whole = replace(product, variants=(*product.variants, *kept))
        changes.append(_change(_prices_held(whole, existing, owners, guard), before))
    for code in sorted(existing.keys() - listed):
        left = _without(existing[code], placed)
        if (retire_missing and code not in stay) or not left:
            changes.append(Change(Action.WITHDRAW, existing[code]))
        elif len(left) < len(existing[code].variants):  # the sheet gives a SKU to another product
            changes.append(_change((replace(existing[code], variants=left), ()), existing[code]))
    changes.sort(key=lambda change: change.action is Action.WITHDRAW)
    touched = {change.product.code for change in changes}
    return Plan(
        tuple(changes),
        tuple(problems),
        tuple(sorted(held)),
        left=sum(code not in touched and code not in stay for code in existing),
        retired=_retired(changes, existing, owners),
    )


def plan_check(
    result: CheckResult,
    existing: Mapping[str, ProductDraft],
    *,
    retire_missing: bool = False,
    guard: PriceGuard | None = None,
) -> Plan:
    """The plan of a checked file. Nothing is withdrawn when some row's product is not known."""
    return plan(
        result.products,
        existing,
        problems=result.problems,
        held=result.held,
        retire_missing=retire_missing and not result.codes_unread,
        guard=guard,
    )


def _retired(
    changes: Sequence[Change], existing: Mapping[str, ProductDraft], owners: Mapping[str, str]
) -> tuple[str, ...]:
    """SKUs on sale that no product has after these changes."""
    sold = {
        variant.sku
        for change in changes
        if change.action is not Action.WITHDRAW
        for variant in change.product.variants
    }
    touched = {change.product.code for change in changes}
    return tuple(sku for sku, code in owners.items() if code in touched and sku not in sold)


def _without(product: ProductDraft, placed: Collection[str]) -> tuple[VariantDraft, ...]:
    return tuple(variant for variant in product.variants if variant.sku not in placed)


def _prices_held(
    product: ProductDraft,
    existing: Mapping[str, ProductDraft],
    owners: Mapping[str, str],
    guard: PriceGuard | None,
) -> tuple[ProductDraft, tuple[PriceMove, ...]]:
    """The product with its previous prices where the new ones are held, and those moves."""
    if guard is None:
        return product, ()
    moves: list[PriceMove] = []
    variants: list[VariantDraft] = []
    for variant in product.variants:
        move = guard(product.code, variant)
        owner = existing.get(owners.get(variant.sku, ""))
        before = next((v for v in owner.variants if v.sku == variant.sku), None) if owner else None
        if move is not None and before is not None:
            moves.append(move)
            variant = replace(variant, price=before.price)
            if guard(product.code, variant) is not None:  # by its weight: 32 g for 3.2 g
                variant = replace(
                    variant,
                    passport=before.passport,
                    ring_size_label=before.ring_size_label,
                    ring_size_system=before.ring_size_system,
                )
        variants.append(variant)
    return replace(product, variants=tuple(variants)), tuple(moves)


def apply(
    plan: Plan,
    sink: Sink,
    *,
    only_valid: bool = False,
    on_step: Callable[[Progress], None] | None = None,
) -> ImportReport:
    """Write a plan in portions; each product is atomic, so a killed import is simply run again.

    `on_step` is called before the first portion and after each.

    Raises PlanRefused, with nothing written, when the plan has errors and not `only_valid`.
    """
    errors = [problem for problem in plan.problems if problem.is_error]
    if errors and not only_valid:
        raise PlanRefused(
            f"The sheet has {len(errors)} errors; nothing was written",
            hint="Cure them, or apply the valid products alone",
        )
    tell = on_step or (lambda _progress: None)
    progress = Progress.of(plan)
    tell(progress)
    refused: dict[str, str] = {}
    for portion in _portions(plan.changes):
        refused |= sink.put(*(c.product for c in portion if c.action in _WRITTEN))
        sink.withdraw(*(c.product.code for c in portion if c.action is Action.WITHDRAW))
        progress = progress.after(portion, failed=len(refused))
        tell(progress)
    return _report(plan, refused, errors)


_PORTION = 500  # variants: large enough for bulk statements, small enough to hold locks shortly
_WRITTEN = (Action.CREATE, Action.UPDATE)


def _portions(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """The changes in their order, about `_PORTION` variants at a time; unchanged ones weigh 0."""
    portion: list[Change] = []
    weight = 0
    for change in changes:
        portion.append(change)
        weight += 0 if change.action is Action.UNCHANGED else max(1, len(change.product.variants))
        if weight >= _PORTION:
            yield portion
            portion, weight = [], 0
    if portion:
        yield portion


def _report(plan: Plan, refused: Refused, errors: Sequence[Problem]) -> ImportReport:
    done = {
        action: tuple(
            change.product.code
            for change in plan.changes
            if change.action is action and change.product.code not in refused
        )
        for action in Action
    }
    return ImportReport(
        created=done[Action.CREATE],
        updated=done[Action.UPDATE],
        unchanged=done[Action.UNCHANGED],
        withdrawn=done[Action.WITHDRAW],
        held=tuple(sorted({*plan.held, *(p.product for p in errors if p.product)})),
        problems=plan.problems,
        moves=plan.moves,
        failed=refused,
    )


def _change(
    planned: tuple[ProductDraft, tuple[PriceMove, ...]], before: ProductDraft | None
) -> Change:
    product, moves = planned
    if before is None:
        return Change(Action.CREATE, product, moves=moves)
    if before == product:
        return Change(Action.UNCHANGED, product, moves=moves)
    return Change(Action.UPDATE, product, tuple(differences(before, product)), moves)


def differences(before: ProductDraft, after: ProductDraft) -> Iterator[Difference]:
    """Leaf by leaf; a variant that is new or gone is one difference, told by its alloy and size."""
    skus = {variant.sku for variant in before.variants} & {v.sku for v in after.variants}
    old = dict(_flat(_with_variants(before, skus)))
    new = dict(_flat(_with_variants(after, skus)))
    for path in dict.fromkeys((*old, *new)):
        if old.get(path) != new.get(path):
            yield Difference(path, old.get(path), new.get(path))
    for variant in after.variants:
        if variant.sku not in skus:
            yield Difference(f"variants[{variant.sku}]", None, _told(variant))
    for variant in before.variants:
        if variant.sku not in skus:
            yield Difference(f"variants[{variant.sku}]", _told(variant), None)


def _with_variants(product: ProductDraft, skus: Collection[str]) -> dict[str, Any]:
    kept = tuple(variant for variant in product.variants if variant.sku in skus)
    return replace(product, variants=kept).to_json()


def _told(variant: VariantDraft) -> str:
    main = variant.passport.main_metal
    said = (main.alloy if main else "", variant.ring_size_label)
    return " ".join(part for part in said if part) or variant.sku


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf with its path; variants are named by SKU, so that their order does not matter."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and path == "variants":
        yield "variants order", ", ".join(item["sku"] for item in value)
        for item in value:
            yield from _flat(item, f"{path}[{item['sku']}]")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _flat(item, f"{path}[{index}]")
    else:
        yield path, value
