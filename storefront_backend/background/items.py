"""The items of a step, one by one: a bad one is logged, counted and put off, the others are done.

An item that failed waits longer each time; after MAX_ATTEMPTS it is set aside, which an operator
sees and may undo. A success forgets it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q

from storefront_backend.background.models import Failure
from storefront_backend.background.retries import MAX_ATTEMPTS, wait

log = structlog.get_logger(__name__)

BUDGET = 120.0  # seconds a step works at its items; the next minute goes on


class SetAside(Exception):
    """Raised by an item's work: no later attempt can help, so a person has to look."""


class StopItems(Exception):
    """Raised by an item's work: what all items need is away, so none is tried further now."""


@dataclass(slots=True)
class Count:
    """What became of the items of one run."""

    done: int = 0
    failed: int = 0
    stopped: str = ""  # why the rest was not tried


def each[Item](
    kind: str,
    items: Iterable[Item],
    work: Callable[[Item], bool],
    now: datetime,
    *,
    id_of: Callable[[Item], str] = str,
    most: int | None = MAX_ATTEMPTS,
    budget: float = BUDGET,
) -> Count:
    """Do each item that is not waiting or set aside. `work` says whether it did something.

    `work` sees to its own transaction. `id_of` gives the id under which a failure is kept; after
    `most` attempts the item is set aside, with None never.
    """
    count, until = Count(), time.monotonic() + budget
    for item in _free(kind, list(items), now, id_of):
        if time.monotonic() > until:
            break
        try:
            # A savepoint where a caller holds a transaction: a failed statement ends in it.
            if transaction.get_connection().in_atomic_block:
                with transaction.atomic():
                    done = work(item)
            else:
                done = work(item)
        except StopItems as error:
            count.stopped = str(error)[:300]
            log.warning("items stopped", kind=kind, reason=count.stopped)
            break
        except Exception as error:  # noqa: BLE001 - any error concerns this item alone
            count.failed += 1
            failed(kind, id_of(item), error, now, most=most)
        else:
            count.done += done
            Failure.objects.filter(kind=kind, item=id_of(item)[:100]).delete()
    return count


def held_back(kind: str, ids: Iterable[str], now: datetime) -> set[str]:
    """Ids of the items that are set aside, or wait for their next attempt."""
    held = Q(set_aside_at__isnull=False) | Q(next_at__gt=now)
    names = {each[:100] for each in ids}
    rows = Failure.objects.filter(held, kind=kind, item__in=names)
    return set(rows.values_list("item", flat=True))


def _free[Item](
    kind: str, items: list[Item], now: datetime, id_of: Callable[[Item], str]
) -> list[Item]:
    held = held_back(kind, map(id_of, items), now)
    return [item for item in items if id_of(item)[:100] not in held]


def failed(
    kind: str, item: str, error: BaseException, now: datetime, *, most: int | None = MAX_ATTEMPTS
) -> Failure:
    """Log and count a failure, and say when the next attempt is, if any."""
    row, _ = Failure.objects.get_or_create(
        kind=kind, item=item[:100], defaults={"first_at": now, "last_at": now}
    )
    row.attempts += 1
    row.last_at = now
    row.error = f"{type(error).__module__}.{type(error).__qualname__}"[-100:]
    row.message = clean(str(error))
    if isinstance(error, SetAside) or (most is not None and row.attempts >= most):
        row.next_at, row.set_aside_at = None, now
    else:
        row.next_at = now + wait(row.attempts)
    row.save()
    log.error(
        "item failed",
        kind=kind,
        item=item[:100],
        attempts=row.attempts,
        next_at=row.next_at and row.next_at.isoformat(),
        set_aside=row.set_aside_at is not None,
        exc_info=error,
    )
    return row


def clean(text: str) -> str:
    """A message as a column takes it: no NUL, no more than its length."""
    return text.replace("\0", "")[:500]
