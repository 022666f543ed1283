"""A DATABASE_URL becomes Django's database settings."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def limit_queries(
    database: dict[str, Any], *, statement_seconds: int, idle_seconds: int
) -> dict[str, Any]:
    """The settings, with PostgreSQL ending statements and idle transactions after that time.

    For web processes: a job may need longer, a page may not. 0 seconds is no limit.
    """
    limits = {
        "statement_timeout": statement_seconds,
        "idle_in_transaction_session_timeout": idle_seconds,
    }
    said = " ".join(f"-c {name}={seconds}s" for name, seconds in limits.items())
    options = dict(database.get("OPTIONS") or {})
    # What DATABASE_URL says itself comes last, and so prevails.
    options["options"] = f"{said} {options.get('options', '')}".strip()
    return {**database, "OPTIONS": options}


def parse_database_url(url: str) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name?option=value`.

    A unix socket's folder is given as `?host=/folder`. Raises ImproperlyConfigured for anything but
    PostgreSQL, since the queries rely on its row locks and full-text search.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(
            f"DATABASE_URL must start with postgresql://, not {parts.scheme or 'nothing'}://"
        )
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
