"""The counters of the library `limits`, kept in PostgreSQL: one statement a count.

So they hold over all web processes and machines, need no server beside the database, expire by
themselves, and cannot be pushed out by other keys as in a cache of fixed size. The database's
clock is the only one. See docs/adr/0009-rate-limits-in-postgresql.md.
"""

from __future__ import annotations

from django.db import DatabaseError, connection
from limits.storage import Storage

from storefront_backend.throttle.models import Counter

_COUNT = """
INSERT INTO throttle_counter AS kept (key, count, ends_at)
VALUES (%(key)s, GREATEST(0, %(amount)s), clock_timestamp() + make_interval(secs => %(expiry)s))
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN kept.ends_at <= clock_timestamp() THEN EXCLUDED.count
                 ELSE GREATEST(0, kept.count + %(amount)s) END,
    ends_at = CASE WHEN kept.ends_at <= clock_timestamp() THEN EXCLUDED.ends_at
                   ELSE kept.ends_at END
RETURNING count
"""
_READ = """
SELECT count, extract(epoch FROM ends_at)::float8 FROM throttle_counter
WHERE key = %s AND ends_at > clock_timestamp()
"""
_EXPIRED = """
DELETE FROM throttle_counter WHERE key IN (
    SELECT key FROM throttle_counter WHERE ends_at <= clock_timestamp()
    LIMIT %s FOR UPDATE SKIP LOCKED)
"""


class PostgresCounters(Storage):
    """Fixed windows; each begins with its first count."""

    STORAGE_SCHEME = None

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a failing database raises."""
        return DatabaseError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, and say how many there are now in the window. A negative amount takes back."""
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, {"key": key, "amount": amount, "expiry": expiry})
            (count,) = cursor.fetchone()
        return int(count)

    def get(self, key: str) -> int:
        """How many there are in the window."""
        return int(self._read(key)[0])

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970; 0 for a key without one."""
        return float(self._read(key)[1])

    def check(self) -> bool:
        """Whether the table can be read."""
        return self.get("") == 0

    def reset(self) -> int:
        """Forget everything."""
        return Counter.objects.all().delete()[0]

    def clear(self, key: str) -> None:
        """Forget one key."""
        Counter.objects.filter(key=key).delete()

    def _read(self, key: str) -> tuple[int, float]:
        with connection.cursor() as cursor:
            cursor.execute(_READ, [key])
            found: tuple[int, float] | None = cursor.fetchone()
        return found or (0, 0.0)


def forget_expired(most: int = 10_000) -> int:
    """Delete rows whose window is over, `most` at once; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRED, [most])
        return int(cursor.rowcount)
