"""When each text was changed last, from the kept changes: by any user and any way in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from storefront_backend.texts.subjects import SUBJECTS, TextKey

_LAST = """
SELECT pgh_obj_id, language, max(at), max(at) FILTER (WHERE earlier <> '') FROM (
    SELECT pgh_obj_id, each.key AS language, each.value AS text, pgh_created_at AS at,
        lag(each.value) OVER (PARTITION BY pgh_obj_id, each.key ORDER BY pgh_id) AS earlier
    FROM {events}, jsonb_each_text(coalesce({field}, '{{}}')) AS each
    WHERE pgh_obj_id = ANY (%s)
) AS changes
WHERE text IS DISTINCT FROM earlier GROUP BY pgh_obj_id, language
"""


@dataclass(frozen=True, slots=True)
class Age:
    """`written` is when the text was written last, `changed` when it last replaced another one.

    A first text in a language is no change of what translations were made from.
    """

    written: datetime
    changed: datetime | None


type Ages = Mapping[tuple[TextKey, str], Age]
"""By text and language."""


def ages(subject: str, ids: list[int]) -> Ages:
    """Of these rows' texts. A text from before changes were kept has the day that they began."""
    found: dict[tuple[TextKey, str], Age] = {}
    table = f"{SUBJECTS[subject].model._meta.db_table}event"
    for field in SUBJECTS[subject].longest:
        name = connection.ops.quote_name
        # A string: django-pghistory, which adds a request's context, reads no composed query.
        query = _LAST.format(events=name(table), field=name(field))
        with connection.cursor() as cursor:
            cursor.execute(query, [ids])
            for object_id, language, written, changed in cursor.fetchall():
                found[TextKey(subject, object_id, field), language] = Age(written, changed)
    return found
