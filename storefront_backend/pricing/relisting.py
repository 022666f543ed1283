"""Listings follow their products and the law, in chunks of one transaction each.

| what changed | how it is known | what relists |
|---|---|---|
| a product | the mark in its row (catalog.relisting) | `lagging`, by the sweep |
| a date, the rulebook, the settings of verdicts | their digest has no pass yet | a pass |
| anything else | an operator says so: `manage.py relist` | a pass of that market or brand |

A pass holds one chunk in memory. Killed, it goes on behind its last chunk. A product that
cannot be listed is left to `lagging`, which tries it alone and sets it aside in the end.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import DatabaseError, transaction

from storefront_backend.background.items import BUDGET, each
from storefront_backend.catalog import relisting
from storefront_backend.catalog.models import Brand, Product, ProductVariant, Relisting
from storefront_backend.commerce.errors import StaleRates
from storefront_backend.pricing.listing import Lister

log = structlog.get_logger(__name__)

CHUNK = 20  # products; each has its variants times the markets as rows


@dataclass(frozen=True, slots=True)
class Relister:
    """`lister` makes one for the current prices and law; `changed` is notified of products whose
    listings changed, in the transaction that changes them."""

    lister: Callable[[], Lister]
    markets: Sequence[str]
    now: Callable[[], datetime]
    changed: Callable[[Sequence[int]], None]

    def products(self, ids: Iterable[int]) -> int:
        """Relist these in every market, in one transaction; returns how many listings changed."""
        with transaction.atomic():
            return self._write(sorted(set(ids)), self.markets, is_whole=True)

    def lagging(self, budget: float = BUDGET) -> int:
        """Relist what is marked until nothing is or the time is over; returns how many products."""
        done, until = 0, time.monotonic() + budget
        while time.monotonic() < until:
            ids = relisting.lagging(self.now(), CHUNK)
            if not ids:
                break
            done += self._chunk_of_marked(ids)
        return done

    def _chunk_of_marked(self, ids: Sequence[int]) -> int:
        try:
            self.products(ids)
        except (StaleRates, DatabaseError):
            raise  # of all of them alike; the step is tried again
        except Exception as error:  # noqa: BLE001 - any error of one of them: which?
            log.warning("chunk not relisted, now one by one", reason=str(error), products=len(ids))
            return each(relisting.KIND, ids, lambda pk: self.products([pk]) >= 0, self.now()).done
        return len(ids)

    def work(self, run: Relisting, budget: float = BUDGET) -> bool:
        """Go on with a pass until it is done or the time is over; returns whether it is done."""
        until = time.monotonic() + budget
        while self._chunk_of(run):
            if time.monotonic() > until:
                return False
        return True

    def _chunk_of(self, run: Relisting) -> bool:
        """One chunk; false where none is left, or another process is at this pass."""
        with transaction.atomic():
            row = (
                Relisting.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(pk=run.pk, done_at=None)
                .first()
            )
            if row is None:
                return False
            products = Product.objects.filter(pk__gt=row.cursor)
            if row.brand_id is not None:
                products = products.filter(brand=row.brand_id)
            ids = list(products.order_by("pk").values_list("pk", flat=True)[:CHUNK])
            if not ids:
                row.done_at = self.now()
            else:
                self._pass_over(row, ids)
            row.save()
            return bool(ids)

    def _pass_over(self, row: Relisting, ids: Sequence[int]) -> None:
        try:
            with transaction.atomic():
                row.changed += self._write(ids, row.markets, is_whole=False)
        except (StaleRates, DatabaseError):
            raise
        except Exception:
            log.exception("chunk of a pass left to be relisted one by one", products=list(ids))
            relisting.mark_for_relisting(ids)
            row.failed += len(ids)
        row.products += len(ids)
        row.cursor = ids[-1]

    def _write(self, ids: Sequence[int], markets: Sequence[str], *, is_whole: bool) -> int:
        # One at a time at a product, in one order by all: who comes second reads what is true then.
        rows = Product.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
        marks = {row.pk: row.relist_needed_at for row in rows.only("pk", "relist_needed_at")}
        variants = ProductVariant.objects.filter(product__in=marks, is_active=True)
        written = self.lister().relist(variants.select_related("product"), markets)
        if is_whole:
            relisting.clear({pk: mark for pk, mark in marks.items() if mark is not None})
        if written:
            self.changed(list(marks))
        return written


def law_of(now: datetime, rulebook: str, accepted: Iterable[str], markets: Iterable[str]) -> str:
    """Digest of what verdicts depend on besides the product: the day, the rules, the settings."""
    said = "\n".join([now.date().isoformat(), rulebook, *sorted(accepted), "", *sorted(markets)])
    return hashlib.sha256(said.encode()).hexdigest()


def follow_law(law: str, markets: Sequence[str], now: datetime) -> Relisting | None:
    """Ask for a pass by this law, once; None where there was one. It replaces unfinished ones."""
    reason = f"law of {now.date().isoformat()}"
    made = Relisting(
        law=law, reason=reason, markets=list(markets), asked_by="the clock", asked_at=now
    )
    Relisting.objects.bulk_create([made], ignore_conflicts=True)
    row = Relisting.objects.get(law=law)
    if row.done_at is not None or row.asked_at != now:
        return None
    Relisting.objects.filter(done_at=None, brand=None).exclude(law="").exclude(pk=row.pk).update(
        done_at=now, reason=f"replaced by {reason}"
    )
    return row


def ask(
    markets: Sequence[str], brand: Brand | None, by: str, now: datetime, reason: str = "requested"
) -> Relisting:
    """Ask for a pass of some markets, of one brand or all."""
    return Relisting.objects.create(
        reason=reason, markets=list(markets), brand=brand, asked_by=by[:150], asked_at=now
    )
