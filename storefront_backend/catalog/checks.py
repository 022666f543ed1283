"""Says at `manage.py check --deploy --database default` that the shop has no imprint yet.

A warning, not an error: an operator fills it in at the desk, so the desk has to run. Shoppers'
pages stay closed until then (web/opening.py).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connection

from storefront_backend.catalog.imprint import Imprint, imprint, lacking
from storefront_backend.production import TAG, fault


@checks.register(TAG, checks.Tags.database)
def check_imprint(
    app_configs: Any, databases: Any = None, **given: Any
) -> list[checks.CheckMessage]:
    """What of it is missing."""
    if not settings.PRODUCTION or not databases:
        return []
    if Imprint._meta.db_table not in connection.introspection.table_names():
        return []  # not migrated yet
    missing = lacking(imprint(), settings.MARKETS)
    if not missing:
        return []
    said = f"The shop is closed to shoppers: its imprint lacks {', '.join(missing)}"
    return [fault("W004", said, "Fill it in at /desk/operator/imprint/")]
