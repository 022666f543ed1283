"""Sends what is due, one by one.

| what happens to a letter | what follows |
|---|---|
| it is sent | its kind notes it; it is not sent again |
| its address takes no mail (5yz, or it is no address) | its kind notes that; no retry |
| the address takes no mail for now (4yz) | a retry after a growing wait, then it is set aside |
| writing it fails | the same |
| the server is away | nothing more is sent in this run, which counts as failed |
| the process is killed after the server took it | it is sent once more: one letter at most |

No transaction is open while a server is talked to: a session's advisory lock keeps two processes
from sending one letter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zlib import crc32

import structlog
from django.db import connection

from storefront_backend.background.items import StopItems, each
from storefront_backend.notices.channels import ChannelDown, NotDeliverable
from storefront_backend.notices.letter import Letter

log = structlog.get_logger(__name__)

AT_ONCE = 100
_LOCKS = 20_262  # the first half of the advisory lock's key: this kind of lock


class Kind(Protocol):
    """One kind of news."""

    @property
    def name(self) -> str:
        """Stable: failures are kept under it."""

    def due(self, now: datetime, most: int) -> Sequence[int]:
        """Ids of what is due and not sent yet, oldest first."""

    def write(self, key: int) -> Letter | None:
        """The letter; None where it has been sent meanwhile, or there is nothing to send."""

    def sent(self, key: int, now: datetime) -> None:
        """Note that it has been sent."""

    def refused(self, key: int, now: datetime, why: str) -> None:
        """Note that its address takes no mail."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """Kinds of news, and the channel that their letters leave by; None where there is none."""

    kinds: Sequence[Kind]
    channel: Callable[[Letter], None] | None
    now: Callable[[], datetime]

    def send_due(self) -> int:
        """Send what is due of every kind; returns how many. Raises ChannelDown."""
        return sum(self.send(kind) for kind in self.kinds) if self.channel else 0

    def send_named(self, name: str) -> int:
        """Send what is due of the kind of that name. Raises ChannelDown."""
        return sum(self.send(kind) for kind in self.kinds if kind.name == name and self.channel)

    def send(self, kind: Kind) -> int:
        """Send what is due of one kind."""
        now = self.now()
        count = each(
            f"mail:{kind.name}", kind.due(now, AT_ONCE), lambda key: self._tell(kind, key), now
        )
        if count.stopped:
            raise ChannelDown(count.stopped)
        return count.done

    def _tell(self, kind: Kind, key: int) -> bool:
        assert self.channel is not None
        with _alone(kind.name, key) as ours:
            letter = kind.write(key) if ours else None
            if letter is None:
                return False
            try:
                self.channel(letter)
            except NotDeliverable as refusal:
                if not refusal.for_good:
                    raise
                log.warning("address takes no mail", kind=kind.name, id=key, reason=str(refusal))
                kind.refused(key, self.now(), str(refusal)[:200])
                return False
            except ChannelDown as error:
                raise StopItems(str(error)) from error
            kind.sent(key, self.now())
        return True


@contextmanager
def _alone(kind: str, key: int) -> Iterator[bool]:
    """Whether no other process sends this letter; none does while the block runs.

    The lock is the session's, so it ends with the process that holds it.
    """
    second = (crc32(f"{kind} {key}".encode()) & 0xFFFF_FFFF) - 0x8000_0000
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", (_LOCKS, second))
        ours = bool(cursor.fetchone()[0])
    try:
        yield ours
    finally:
        if ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", (_LOCKS, second))
