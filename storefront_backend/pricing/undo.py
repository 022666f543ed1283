"""Puts a brand's catalogue back to what one run of an import found, unless others need the rows.

    undo = Undo(run, on_saved)
    for piece in undo.plan(): ...
    undo.apply(confirmed, on_step)

| of a piece             | goes back to                                                         |
|------------------------|----------------------------------------------------------------------|
| changed, or withdrawn  | what it was, with its variants, prices and mesh                      |
| made by the run        | nothing, where no order, basket, mesh or story has it; else withdrawn |
| changed since the run  | nothing: a conflict, left alone unless its code is confirmed         |
| stock                  | what it was less what was sold since; never below what is promised   |

Orders are never touched. A portion is one transaction that marks what it has undone, so that an
undo that was killed goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db import connection, transaction
from pghistory.models import Event

from catalog_import.drafts import ProductDraft
from catalog_import.plan import Difference, differences
from storefront_backend.catalog.models import (
    FormerSlug,
    ImportImage,
    ImportRun,
    Listing,
    PriceTerms,
    Product,
    ProductVariant,
    Stock,
)
from storefront_backend.catalog.relisting import mark_for_relisting
from storefront_backend.catalog.search import index_products
from storefront_backend.pricing import undo_sql as sql

RESTORE, RETURN, DELETE, WITHDRAW, CONFLICT = (
    "restore", "return", "delete", "withdraw", "conflict",
)  # fmt: skip
EVERY_CONFLICT = "*"
_PORTION = 100
# What comes and goes with a product itself.
_PARTS = (ProductVariant, Listing, PriceTerms, Stock, FormerSlug, ImportImage)


@dataclass(frozen=True, slots=True)
class Undone:
    """A piece and what undoing does to it; `conflict` where it was changed since the run."""

    code: str
    name: str
    action: str
    conflict: bool
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Undo:
    """Undoes one run. `on_saved` is called after commit with the ids of products, to list them."""

    run: ImportRun
    on_saved: Callable[[Sequence[int]], None]

    def plan(self) -> Iterator[Undone]:
        """What would go back, piece by piece. Writes nothing."""
        for ids in batched(self._left().values_list("pk", flat=True), _PORTION):
            images = ImportImage.objects.filter(pk__in=ids).select_related("product")
            changed = _changed(ids)
            needed = _needed(Product, [image.product_id for image in images if not image.before])
            for image in images:
                if image.product is not None:
                    yield _undone(image, image.product, changed, needed)

    def count(self) -> int:
        """How many pieces are left to undo."""
        return int(self._left().count())

    def apply(
        self, confirmed: Collection[str], on_step: Callable[[int], None] | None = None
    ) -> list[str]:
        """Put everything back; returns the codes of conflicts that were left alone.

        `confirmed` are codes of pieces that go back although they were changed since; "*" is all.
        `on_step` is called after each portion with how many pieces are settled.
        """
        skipped: list[str] = []
        passed = done = 0
        while ids := list(
            self._left().filter(pk__gt=passed).values_list("pk", flat=True)[:_PORTION]
        ):
            passed = ids[-1]
            left = self._portion(ids, confirmed)
            skipped += left
            done += len(ids)
            if on_step is not None:
                on_step(done)
        return skipped

    def _left(self) -> Any:
        return ImportImage.objects.filter(
            run=self.run, is_undone=False, product__isnull=False
        ).order_by("pk")

    def _portion(self, ids: Sequence[int], confirmed: Collection[str]) -> list[str]:
        with transaction.atomic():
            ids = _with_partners(ids)
            images = list(
                ImportImage.objects.select_for_update().filter(pk__in=ids, is_undone=False)
            )
            products = Product.objects.filter(pk__in=[each.product_id or 0 for each in images])
            list(products.select_for_update().order_by("pk").values_list("pk"))
            changed = _changed([image.pk for image in images])
            skipped = [
                image
                for image in images
                if changed.get(image.pk, False)
                and not {EVERY_CONFLICT, image.code} & set(confirmed)
            ]
            back = [image for image in images if image not in skipped]
            self._put_back([image.pk for image in back if image.before])
            self._remove([image.product_id for image in back if not image.before])
            ImportImage.objects.filter(pk__in=[image.pk for image in back]).update(is_undone=True)
            restored = [i.product_id for i in back if i.before and i.product_id is not None]
            index_products(Product.objects.filter(pk__in=restored))
            follow = [image.product_id for image in back if image.product_id is not None]
            mark_for_relisting(follow)
            transaction.on_commit(lambda: self.on_saved(follow), robust=True)
        return [image.code for image in skipped]

    def _put_back(self, images: Sequence[int]) -> None:
        if not images:
            return
        with connection.cursor() as cursor:
            said = {"images": list(images)}
            cursor.execute(sql.RESTORE_PRODUCTS, said)
            cursor.execute(sql.RESTORE_VARIANTS, said)
            cursor.execute(sql.RESTORE_STOCK, said)
            cursor.execute(sql.EMPTY_STOCK, said)
            cursor.execute(sql.RESTORE_MODELS, said)
            cursor.execute(sql.NEW_VARIANTS, said)
            new = [pk for (pk,) in cursor.fetchall()]
        needed = _needed(ProductVariant, new)
        ProductVariant.objects.filter(pk__in=needed).update(is_active=False)
        ProductVariant.objects.filter(pk__in=set(new) - needed).delete()

    def _remove(self, product_ids: Sequence[int | None]) -> None:
        made = [pk for pk in product_ids if pk is not None]
        needed = _needed(Product, made)
        Product.objects.filter(pk__in=needed).update(is_published=False)
        Product.objects.filter(pk__in=set(made) - needed).delete()


def _undone(
    image: ImportImage, product: Product, changed: Mapping[int, bool], needed: Collection[int]
) -> Undone:
    conflict = changed.get(image.pk, False)
    if not image.before:
        action = WITHDRAW if product.pk in needed else DELETE
        return Undone(image.code, image.name, action, conflict)
    before = image.before["product"]
    gone = before["is_published"] and not product.is_published
    told: tuple[Difference, ...] = ()
    if before["draft"] and product.draft:
        old, new = ProductDraft.from_json(product.draft), ProductDraft.from_json(before["draft"])
        told = tuple(differences(old, new))
    return Undone(image.code, image.name, RETURN if gone else RESTORE, conflict, told)


def _changed(image_ids: Sequence[int]) -> dict[int, bool]:
    """By image whether its product is other than the run left it."""
    with connection.cursor() as cursor:
        cursor.execute(sql.CHANGED, {"images": list(image_ids)})
        return {image: changed for image, _, changed in cursor.fetchall()}


def _with_partners(ids: Sequence[int]) -> list[int]:
    found = set(ids)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(sql.TOGETHER, {"images": list(found)})
            more = {pk for (pk,) in cursor.fetchall()} - found
        if not more:
            return sorted(found)
        found |= more


def _needed(model: type[Product | ProductVariant], ids: Sequence[int | None]) -> set[int]:
    """Those of these rows that rows of other rooms lead to: orders, baskets, meshes, stories.

    By the models' own relations, so that a new one counts without being named here.
    """
    wanted = [pk for pk in ids if pk is not None]
    found: set[int] = set()
    if not wanted:
        return found
    for relation in model._meta.related_objects:
        table: Any = relation.related_model
        if table in _PARTS or issubclass(table, Event):
            continue
        name = relation.field.name
        rows = table._base_manager.filter(**{f"{name}__in": wanted})
        found |= set(rows.values_list(name, flat=True))
    if model is Product:
        variants = dict(
            ProductVariant.objects.filter(product__in=wanted).values_list("pk", "product_id")
        )
        found |= {variants[pk] for pk in _needed(ProductVariant, list(variants))}
    return found
