"""A catalogue that others made in Saleor, taken in as drafts of ours.

A draft is unpublished, and a variant of it whose passport or price says too little is inactive
besides: nothing is sold that we cannot tax and name. What somebody wrote here is never written
over: later runs add new variants, fill what is empty, follow texts that only Saleor's side has
changed since, and wake variants that lack nothing any more.

The row comes first and the mark in Saleor after it, each product by itself, so that a run may be
killed anywhere: the next one finds what exists and goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import quote, urlsplit

import structlog
from django.conf import settings
from django.db import transaction

from i18n.money import Money
from i18n.passport import Passport
from i18n.price_formula import PriceFormula
from storefront_backend.catalog.models import Brand, Product, ProductVariant, Stock, Warehouse
from storefront_backend.catalog.search import index_products
from storefront_backend.saleor.catalogue.facts import digest
from storefront_backend.saleor.catalogue.foreign import (
    ForeignProduct,
    ForeignVariant,
    Taken,
    foreign_products,
    mark_taken,
    priced_with_tax,
)
from storefront_backend.saleor.catalogue.intake import (
    IntakeHints,
    IntakeProblem,
    brand_words,
    filled_up,
    held_back,
    is_import_charges,
    kind_of,
    missing_facts,
    passport_of,
    price_of,
)
from storefront_backend.saleor.catalogue.merge import changed
from storefront_backend.saleor.transport import Saleor
from storefront_backend.saleor_rows.models import Installation, Intake

log = structlog.get_logger(__name__)

_LONGEST_SKU = 80
_TEXTS = {"name": "names", "description": "descriptions"}


class Action(StrEnum):
    """What is to be done with a foreign product."""

    CREATE = "create"
    UPDATE = "update"
    KEEP = "keep"
    HELD = "held"  # a problem must be cured first
    OURS = "ours"  # Pavilion made it: a push and the webhooks keep it in step


_TODO = (Action.CREATE, Action.UPDATE)


@dataclass(frozen=True, slots=True)
class DraftVariant:
    """A variant as it would be here; `price` is None where none is known."""

    theirs: ForeignVariant
    passport: Passport
    price: Money | None
    lacks: tuple[str, ...]
    row: ProductVariant | None = None
    wakes: bool = False


@dataclass(frozen=True, slots=True)
class IntakeStep:
    """One foreign product and what would be done; `differences` are plain lines."""

    action: Action
    product: ForeignProduct
    address: str
    brand: Brand | None = None
    kind: str = ""
    differences: tuple[str, ...] = ()
    problems: tuple[IntakeProblem, ...] = ()
    variants: tuple[DraftVariant, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    row: Product | None = None
    intake: Intake | None = None


@dataclass(frozen=True, slots=True)
class Intakes:
    """`connect` gives a Saleor; `relist` queues the listing of products, after the commit."""

    connect: Callable[[Installation], Saleor]
    relist: Callable[[list[int]], None]

    def hints_for(self, row: Installation, hints: IntakeHints) -> IntakeHints:
        """The hints with what is queried from the Saleor once: whose prices hold tax."""
        others = (market for market in settings.MARKETS if market not in hints.prices_from)
        with_tax = priced_with_tax(self.connect(row))
        return replace(hints, prices_from=[*hints.prices_from, *others], with_tax=with_tax)

    def steps(
        self, row: Installation, hints: IntakeHints, ids: Sequence[str] = ()
    ) -> Iterator[list[IntakeStep]]:
        """What would be done with each product, page by page. Writes nothing."""
        for page in foreign_products(self.connect(row), ids):
            yield [_step(row, product, hints) for product in page]

    def apply(self, row: Installation, page: Sequence[IntakeStep], hints: IntakeHints) -> int:
        """Do the steps of a page, here and then in Saleor; returns how many products it changed."""
        changed_here = sum(
            _take_in(row, step.product, hints, self.relist) for step in page if step.action in _TODO
        )
        mark_taken(
            self.connect(row),
            [
                Taken(step.product.id, step.brand.slug, _agreed(step.product))
                for step in page
                if step.brand and step.action is not Action.HELD and not step.product.ours
            ],
        )
        return changed_here

    def complete_drafts(self, row: Installation) -> int:
        """Look again at products that wait for facts: somebody may have filled them in there."""
        waiting = Intake.objects.filter(api_url=row.api_url).exclude(waiting={})
        ids = list(waiting.values_list("product_id", flat=True))
        if not ids:
            return 0
        hints = self.hints_for(row, IntakeHints())
        return sum(self.apply(row, page, hints) for page in self.steps(row, hints, ids))


def _step(row: Installation, product: ForeignProduct, hints: IntakeHints) -> IntakeStep:
    address = dashboard_address(row.api_url, product.id)
    step = IntakeStep(Action.HELD, product, address)
    intake = Intake.objects.filter(api_url=row.api_url, product_id=product.id).first()
    ours = Product.objects.select_related("brand").filter(slug=product.slug).first()
    if is_import_charges(product) or (product.ours and intake is None and ours is not None):
        return replace(step, action=Action.OURS)
    if (reason := held_back(product)) is not None:
        return replace(step, problems=(reason,))
    if ours is not None and intake is None:
        message = f"Pavilion has a product {product.slug} of its own: change one of the addresses"
        return replace(step, problems=(IntakeProblem("slug_taken", message),))
    kind = ours.kind if ours else kind_of(product, hints)
    if not kind:
        message = f"Its type, {product.shapes[0]}, names no kind of piece: --kind {{type}}={{kind}}"
        return replace(step, problems=(IntakeProblem("no_kind", message),))
    brand = ours.brand if ours else _brand(product, hints)
    if isinstance(brand, IntakeProblem):
        return replace(step, problems=(brand,))
    step = replace(step, brand=brand, kind=kind, row=ours, intake=intake)
    return _with_variants(step, hints)


def _brand(product: ForeignProduct, hints: IntakeHints) -> Brand | IntakeProblem:
    words = brand_words(product)
    for word in words:
        found = Brand.objects.filter(slug__iexact=word).first()
        found = found or Brand.objects.filter(names__en__iexact=word).first()
        if found is not None:
            return found
    if words:
        return IntakeProblem("unknown_brand", f"There is no brand {words[0]!r} here: make it first")
    if hints.brand:
        return Brand.objects.get(slug=hints.brand)
    return IntakeProblem("no_brand", "Nothing says whose it is: --brand SLUG")


def _with_variants(step: IntakeStep, hints: IntakeHints) -> IntakeStep:
    problems: list[IntakeProblem] = []
    variants: list[DraftVariant] = []
    lines = _text_lines(step) if step.row else []
    for theirs in step.product.variants:
        refusal = _unfit(theirs, step.row)
        if refusal is not None:
            problems.append(refusal)
            continue
        variant, own, line = _variant(step, theirs, hints)
        variants.append(variant)
        problems += own
        lines += [line] if line else []
    if not variants:
        return replace(step, action=Action.HELD, problems=tuple(problems))
    known = set(Warehouse.objects.values_list("slug", flat=True))
    for place in sorted({place for each in step.product.variants for place in each.stock} - known):
        message = f"There is no warehouse {place!r} here: its stock is not taken"
        problems.append(IntakeProblem("unknown_warehouse", message))
    action = Action.CREATE if step.row is None else Action.UPDATE if lines else Action.KEEP
    return replace(
        step,
        action=action,
        variants=tuple(variants),
        problems=tuple(problems),
        differences=tuple(lines),
        texts=_new_texts(step) if step.row else step.product.texts,
    )


def _unfit(theirs: ForeignVariant, row: Product | None) -> IntakeProblem | None:
    if not theirs.sku:
        return IntakeProblem(
            "no_sku", f"Variant {theirs.name or theirs.id} has no SKU: give it one"
        )
    if len(theirs.sku) > _LONGEST_SKU:
        message = f"An SKU has {_LONGEST_SKU} characters at most"
        return IntakeProblem("sku_too_long", message, theirs.sku)
    taken = ProductVariant.objects.filter(sku=theirs.sku).first()
    if taken is not None and (row is None or taken.product_id != row.pk):
        return IntakeProblem("sku_taken", "Another piece here has this SKU", theirs.sku)
    return None


def _variant(
    step: IntakeStep, theirs: ForeignVariant, hints: IntakeHints
) -> tuple[DraftVariant, list[IntakeProblem], str]:
    said, problems = passport_of(step.product, theirs, step.kind, hints)
    row = step.row.variants.filter(sku=theirs.sku).first() if step.row else None
    before = Passport.from_json(row.passport) if row else None
    passport = filled_up(before, said) if before else said
    lacks = list(missing_facts(passport, theirs.sku))
    price: Money | None = None
    if row is None or not _has_price(PriceFormula.from_json(row.price_formula)):
        found = price_of(theirs, hints)
        if isinstance(found, IntakeProblem):
            lacks.append(found)
        else:
            price = found
    waited = row is not None and step.intake is not None and theirs.sku in step.intake.waiting
    wakes = waited and not lacks and row is not None and not row.is_active
    draft = DraftVariant(theirs, passport, price, tuple(e.code for e in lacks), row, wakes)
    if row is None:
        line = f"+ {theirs.sku} {theirs.name}: {_in_words(passport, price)}"
    else:
        said_now = [name for name, value in passport.to_json().items()
                    if before and before.to_json()[name] != value]  # fmt: skip
        said_now += ["price"] if price else []
        said_now += ["can be sold now"] if wakes else []
        line = f"~ {theirs.sku}: {', '.join(said_now)}" if said_now else ""
    # What the passport says by now needs no person to read it any more.
    unread = [each for each in problems if lacks or not each.code.startswith("unknown_")]
    return draft, [*unread, *lacks], line


def _in_words(passport: Passport, price: Money | None) -> str:
    main = passport.main_metal
    words = [
        f"{main.alloy} {main.grams.normalize():f} g" if main else "",
        f"HS {passport.hs_code}" if passport.hs_code else "",
        f"from {passport.origin}" if passport.origin else "",
        f"{passport.ring_size_mm.normalize():f} mm" if passport.ring_size_mm else "",
        str(price) if price else "",
    ]
    return ", ".join(filter(None, words)) or "nothing known of it"


def _has_price(formula: PriceFormula) -> bool:
    parts = (formula.making, formula.stones, formula.setting, formula.finish)
    return formula.fixed is not None or any(parts) or bool(formula.margin_percent)


def _text_lines(step: IntakeStep) -> list[str]:
    return [f"~ {name}: {text[:60]!r}" for name, text in _new_texts(step).items()]


def _new_texts(step: IntakeStep) -> dict[str, str]:
    """Texts that are new there, and those that only that side has changed since both agreed."""
    assert step.row is not None
    ours = {f"name:{k}": text for k, text in step.row.names.items() if text}
    ours |= {f"description:{k}": text for k, text in step.row.descriptions.items() if text}
    base = step.product.base
    return {
        name: text
        for name, text in changed(base, step.product.texts).items()
        if name.partition(":")[0] in _TEXTS
        and (name not in ours or digest(ours[name]) == base.get(name))
    }


def _take_in(
    row: Installation,
    theirs: ForeignProduct,
    hints: IntakeHints,
    relist: Callable[[list[int]], None],
) -> bool:
    with transaction.atomic():
        # Looked at again under the lock: a brand may have written meanwhile.
        list(Product.objects.select_for_update().filter(slug=theirs.slug))
        list(ProductVariant.objects.select_for_update().filter(product__slug=theirs.slug))
        step = _step(row, theirs, hints)
        if step.action not in _TODO:
            return False
        product = _write(row, step)
        if product.variants.filter(is_active=True).exists():
            relist([product.pk])
    log.info("taken in from saleor", product=theirs.slug, action=step.action.value)
    return True


def _write(row: Installation, step: IntakeStep) -> Product:
    product = step.row or _new_product(step)
    for name, text in step.texts.items():
        column, _, language = name.partition(":")
        if column in _TEXTS:
            getattr(product, _TEXTS[column])[language] = text
    product.save()
    for position, draft in enumerate(step.variants):
        _write_variant(product, draft, position)
    waiting = {each.theirs.sku: list(each.lacks) for each in step.variants if each.lacks}
    Intake.objects.update_or_create(
        api_url=row.api_url,
        product_id=step.product.id,
        defaults={
            "slug": product.slug,
            "names": {each.theirs.sku: each.theirs.name for each in step.variants},
            "media": [list(each) for each in step.product.media],
            "waiting": waiting,
            "problems": [str(each) for each in step.problems],
        },
    )
    index_products(Product.objects.filter(pk=product.pk))
    return product


def _new_product(step: IntakeStep) -> Product:
    product = step.product
    listed = {name.partition(":")[2] for name, text in product.texts.items() if text == "yes"}
    code = (product.reference or product.slug)[:60]
    if Product.objects.filter(brand=step.brand, code=code).exists():
        code = f"{code[:43]}-{digest(product.id)}"
    return Product(
        brand=step.brand,
        code=code,
        slug=product.slug,
        kind=step.kind,
        names={},
        markets=[market for market in settings.MARKETS if market in listed],
        is_published=False,
    )


def _write_variant(product: Product, draft: DraftVariant, position: int) -> None:
    main = draft.passport.main_metal
    row = draft.row or ProductVariant(
        brand=product.brand, product=product, sku=draft.theirs.sku, position=position,
        price_formula=PriceFormula(currency="USD").to_json(),
        is_active=not draft.lacks,
        made_to_order_days=None,
    )  # fmt: skip
    row.alloy = main.alloy if main else row.alloy
    row.ring_size_mm = draft.passport.ring_size_mm
    if row.ring_size_mm and not row.ring_size_label:
        row.ring_size_label, row.ring_size_system = f"{row.ring_size_mm.normalize():f}", "iso"
    row.passport = draft.passport.to_json()
    if draft.price is not None:
        fixed = PriceFormula(currency=draft.price.currency, fixed=draft.price.amount)
        row.price_formula = fixed.to_json()
    row.is_active = row.is_active or draft.wakes
    row.save()
    if draft.row is None:
        places = {place.slug: place for place in Warehouse.objects.all()}
        Stock.objects.bulk_create(
            Stock(warehouse=places[slug], variant=row, quantity=quantity)
            for slug, quantity in draft.theirs.stock.items()
            if slug in places
        )


def _agreed(product: ForeignProduct) -> dict[str, str]:
    """The texts that both sides have now. Publication is not in it: ours says nothing of it yet,
    and a push that took it for agreed would take the product off sale over there."""
    return {
        name: digest(text)
        for name, text in product.texts.items()
        if name.partition(":")[0] in _TEXTS
    }


def dashboard_address(api_url: str, product_id: str) -> str:
    """Where the Dashboard shows a product: on an origin of its own, or beside the API."""
    api = urlsplit(api_url)
    beside = f"{api.scheme}://{api.netloc}"
    origin = next(iter(settings.SALEOR_DASHBOARD_ORIGINS), beside)
    path = "/dashboard" if origin == beside else ""
    return f"{origin}{path}/products/{quote(product_id, safe='')}"
