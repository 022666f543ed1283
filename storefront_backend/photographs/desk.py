"""The desk that takes in photographs: files and addresses, developed in the background.

    FETCHING ──fetched──> QUEUED ──develop──> READY
        └──────────────────────┴────────────> REFUSED   the file or the address is at fault
                                              FAILED    MAX_ATTEMPTS workers did not end it

Nothing here checks permissions: the caller has checked that they act for the brand. A worker may be
killed at any instruction: files are put before rows, under keys of their content, and a photograph
whose worker went away is claimed by another when its time is over.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q

from showroom.errors import ToolFailed, Unreadable
from showroom.photographs.develop import LIMITS, Developed, develop
from storefront_backend.commerce.errors import CommerceError, InvalidRequest, ProviderUnavailable
from storefront_backend.commerce.ports import AssetStore
from storefront_backend.photographs.models import Photograph, Rendition
from storefront_backend.photographs.names import digest_of, file_name, name_in

log = structlog.get_logger(__name__)

MOST_A_PRODUCT = 60
MAX_ATTEMPTS = 4
_CLAIM = timedelta(minutes=10)  # longer than a task may take
_SOURCE_TYPE = "application/octet-stream"
_MOST_QUEUED = 200

type Fetch = Callable[[str, BinaryIO, int], None]


@dataclass(frozen=True, slots=True)
class PhotographDesk:
    """Photographs over one store. `ask` has a worker call `develop_next`; `fetch` writes what is at
    an address into a file, of at most so many bytes."""

    store: AssetStore
    fetch: Fetch
    ask: Callable[[], object]
    now: Callable[[], datetime]
    # Raises BrandLimitReached where a brand has no room for so many bytes; locks the brand.
    require_room: Callable[[Any, int], None]

    def take(
        self, product: Any, name: str, file: BinaryIO, *, by: Any = None, variant: Any = None
    ) -> Photograph:
        """Keep a file as a photograph of a product and have it developed.

        The same bytes again are the photograph that there is. Raises InvalidRequest.
        """
        called = file_name(name)
        sha256, size = digest_of(file)
        _check_size(size)
        known = Photograph.objects.filter(product=product, sha256=sha256).first()
        if known is not None:
            return known
        self._check_room(product.brand, size)
        key = self.store.put(file, media_type=_SOURCE_TYPE, public=False)
        fields = {"source_name": called, "source_key": key, "sha256": sha256, "bytes": size}
        return self._added(product, Q(sha256=sha256), by=by, variant=variant, **fields)

    def take_for_brand(
        self, brand: Any, name: str, file: BinaryIO, *, by: Any = None
    ) -> Photograph:
        """Keep a file as a picture of the house itself. Raises InvalidRequest."""
        called = file_name(name)
        sha256, size = digest_of(file)
        _check_size(size)
        known = Photograph.objects.filter(brand=brand, product=None, sha256=sha256).first()
        if known is not None:
            return known
        self._check_room(brand, size)
        key = self.store.put(file, media_type=_SOURCE_TYPE, public=False)
        fields = {"source_name": called, "source_key": key, "sha256": sha256, "bytes": size}
        return self._added(None, Q(sha256=sha256), brand=brand, by=by, **fields)

    def take_address(
        self, product: Any, url: str, *, by: Any = None, variant: Any = None
    ) -> Photograph:
        """Have a photograph fetched from an https address, and developed. Raises InvalidRequest."""
        if not url.startswith("https://") or len(url) > 2000 or not url.isprintable():
            raise InvalidRequest(
                "The address of a photograph begins with https://", field="url",
                hint="Use the picture's own address, not that of a page.",
            )  # fmt: skip
        known = Photograph.objects.filter(product=product, source_url=url).first()
        if known is not None:
            return known
        fields = {
            "source_name": name_in(url),
            "source_url": url,
            "state": Photograph.State.FETCHING,
        }
        return self._added(product, Q(source_url=url), by=by, variant=variant, **fields)

    def retry(self, row: Photograph) -> None:
        """Try again what was refused or failed, for instance when the address works again."""
        ended = (Photograph.State.REFUSED, Photograph.State.FAILED)
        state = Photograph.State.QUEUED if row.source_key else Photograph.State.FETCHING
        with transaction.atomic():
            rows = Photograph.objects.filter(pk=row.pk, state__in=ended)
            if rows.update(
                state=state, attempts=0, problem={}, claimed_until=None, queued_at=self.now()
            ):
                transaction.on_commit(self.ask)
        row.refresh_from_db()

    def develop_next(self) -> str:
        """Fetch and develop the photograph whose turn it is: brands take turns. Its state."""
        row = self._claimed()
        if row is None:
            return "nothing to do"
        try:
            self._go_on(row)
        except (Unreadable, CommerceError) as error:
            if isinstance(error, ProviderUnavailable) and row.attempts < MAX_ATTEMPTS:
                self._let_go(row)
                raise
            self._end(row, Photograph.State.REFUSED, error)
        except ToolFailed as error:
            if row.attempts < MAX_ATTEMPTS:
                self._let_go(row)
                raise
            self._end(row, Photograph.State.FAILED, error)
        row.refresh_from_db()
        return str(row.state)

    def sweep(self) -> int:
        """Queue again what a killed worker left, give up what killed several; how many."""
        now = self.now()
        under_way = Photograph.objects.filter(state__in=Photograph.UNDER_WAY)
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        lost = under_way.filter(free, attempts__gte=MAX_ATTEMPTS)
        lost.update(
            state=Photograph.State.FAILED,
            problem={
                "code": "worker_died",
                "message": f"The photograph was not ready after {MAX_ATTEMPTS} attempts.",
                "hint": "Try again later, or with a smaller file.",
            },
        )
        late = Q(queued_at=None) | Q(queued_at__lt=now - _CLAIM)
        ids = list(under_way.filter(free, late).values_list("pk", flat=True)[:_MOST_QUEUED])
        Photograph.objects.filter(pk__in=ids).update(queued_at=now)
        for _ in ids:
            self.ask()
        return len(ids)

    def _added(self, product: Any, same: Q, *, brand: Any = None, **fields: Any) -> Photograph:
        """A row of the product; without one, of the brand."""
        owner = product or brand
        brand_id = owner.brand_id if product else owner.pk
        own = Photograph.objects.filter(product=product, brand=brand_id)
        try:
            with transaction.atomic():
                if "bytes" in fields:  # of a file at an address they are not known yet
                    self.require_room(brand or product.brand, fields["bytes"])
                # The owner's row is the lock: two at once get places of their own.
                type(owner).objects.select_for_update(no_key=True).get(pk=owner.pk)
                if own.count() >= MOST_A_PRODUCT:
                    raise InvalidRequest(
                        f"A piece has at most {MOST_A_PRODUCT} photographs, and a house pictures",
                        hint="Delete some of them first.",
                    )
                last = own.aggregate(last=Max("position"))["last"]
                row = Photograph.objects.create(
                    brand_id=brand_id,
                    product=product,
                    position=0 if last is None else last + 1,
                    queued_at=self.now(),
                    **fields,
                )
                transaction.on_commit(self.ask)
        except IntegrityError:  # a race: the same one came in twice
            return own.get(same)
        log.info("photograph taken", photograph=str(row.pk), brand=brand_id)
        return row

    def _claimed(self) -> Photograph | None:
        """The oldest photograph of the brand that has waited longest for a turn."""
        now = self.now()
        free = Q(claimed_until=None) | Q(claimed_until__lt=now)
        ready = Q(state__in=Photograph.UNDER_WAY, attempts__lt=MAX_ATTEMPTS) & free
        with transaction.atomic():
            waiting = Photograph.objects.filter(ready).order_by().values("brand").distinct()
            turns = (
                Photograph.objects.filter(brand__in=waiting)
                .order_by()
                .values("brand")
                .annotate(last=Max("claimed_until"))
                .order_by(F("last").asc(nulls_first=True), "brand")
            )
            for turn in turns:
                rows = Photograph.objects.select_for_update(skip_locked=True).order_by("created_at")
                row = rows.filter(ready, brand=turn["brand"]).first()
                if row is not None:
                    row.claimed_until, row.attempts = now + _CLAIM, row.attempts + 1
                    row.save(update_fields=["claimed_until", "attempts"])
                    return row
        return None

    def _go_on(self, row: Photograph) -> None:
        if row.state == Photograph.State.FETCHING:
            with tempfile.TemporaryFile() as file:
                self.fetch(row.source_url, cast(BinaryIO, file), LIMITS.file_bytes)
                if not self._fetched(row, cast(BinaryIO, file)):
                    return
        with tempfile.TemporaryDirectory(prefix="photograph-") as name:
            folder = Path(name)
            source = folder / "source"
            with self.store.open(row.source_key) as stored, source.open("wb") as sink:
                shutil.copyfileobj(stored, sink)
            self._publish(row, develop(source, folder))

    def _fetched(self, row: Photograph, file: BinaryIO) -> bool:
        """Keep what was fetched; false where the product has the same file already."""
        file.seek(0)
        sha256, size = digest_of(file)
        _check_size(size)
        self._check_room(row.brand, size)
        key = self.store.put(file, media_type=_SOURCE_TYPE, public=False)
        row.source_key, row.sha256, row.bytes = key, sha256, size
        row.state = Photograph.State.QUEUED
        try:
            with transaction.atomic():
                self.require_room(row.brand, size)
                row.save(update_fields=["source_key", "sha256", "bytes", "state"])
        except IntegrityError:
            row.delete()
            return False
        return True

    def _check_room(self, brand: Any, size: int) -> None:
        """Before a file is stored; its row's transaction checks again."""
        with transaction.atomic():
            self.require_room(brand, size)

    def _publish(self, row: Photograph, made: Developed) -> None:
        files = []
        for one in made.renditions:
            with one.path.open("rb") as file:
                key = self.store.put(file, media_type=one.media_type, public=True)
            files.append(
                Rendition(
                    photograph=row,
                    key=key,
                    media_type=one.media_type,
                    width=one.width,
                    height=one.height,
                    bytes=one.path.stat().st_size,
                )
            )
        with transaction.atomic():
            turned = Photograph.objects.filter(pk=row.pk, state=Photograph.State.QUEUED).update(
                state=Photograph.State.READY,
                look=made.look,
                width=made.width,
                height=made.height,
                problem={},
            )
            if turned:  # else another worker was faster, or it was deleted meanwhile
                Rendition.objects.bulk_create(files)

    def _let_go(self, row: Photograph) -> None:
        Photograph.objects.filter(pk=row.pk).update(claimed_until=self.now())

    def _end(
        self,
        row: Photograph,
        state: Photograph.State,
        error: CommerceError | Unreadable | ToolFailed,
    ) -> None:
        problem = {"code": error.code, "message": error.message, "hint": error.hint}
        Photograph.objects.filter(pk=row.pk, state__in=Photograph.UNDER_WAY).update(
            state=state, problem=problem
        )
        log.info("photograph ended", photograph=str(row.pk), state=state, code=error.code)


def order(product: Any, ids: Sequence[str]) -> None:
    """Put a product's photographs into this order; those not named stay behind them."""
    with transaction.atomic():
        rows = list(Photograph.objects.select_for_update().filter(product=product))
        places = {str(pk): place for place, pk in enumerate(ids)}
        rows.sort(key=lambda row: (places.get(str(row.pk), len(places)), row.position))
        for place, row in enumerate(rows):
            row.position = place
        Photograph.objects.bulk_update(rows, ["position"])


def describe(row: Photograph, alt: Mapping[str, str]) -> None:
    """Say in words what a photograph shows, by language; an empty text takes one back."""
    kept = {**row.alt, **{language: " ".join(text.split())[:300] for language, text in alt.items()}}
    row.alt = {language: text for language, text in kept.items() if text}
    row.save(update_fields=["alt"])


def _check_size(size: int) -> None:
    if not 0 < size <= LIMITS.file_bytes:
        raise InvalidRequest(
            f"A photograph may have 1 byte to {LIMITS.file_bytes >> 20} MB; this one has {size}",
            field="file",
            hint="Save it as JPEG with a quality of 90.",
        )
