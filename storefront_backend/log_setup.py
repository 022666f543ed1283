"""Logs as structured events: key=value lines for people, JSON lines in production."""

from __future__ import annotations

import logging.config
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# Who holds the token in the address of a checkout, an order or an upload may do what its shopper
# may, and a mailed link for a password opens an account. So no log has one: not our request lines,
# not Django's "Not Found: /…", not a traceback.
_TOKEN = re.compile(
    r"(?<=[/=])[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}(?![0-9a-z])"
    r"|(?<=/desk/sign-in/password/)[\w-]+/[\w-]+"
    r"|(?<=%2F)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    re.IGNORECASE,
)


def without_tokens(text: str) -> str:
    """The text with `[token]` for each token in an address."""
    return _TOKEN.sub("[token]", text)


def redact(
    logger: object, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """The processor that every log line passes."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = without_tokens(value)
    return event


_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def logging_config(*, json_lines: bool, level: str) -> dict[str, Any]:
    """The `logging.config` dictionary; the standard library's loggers pass the same processors."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if json_lines
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "event": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    redact,
                    renderer,
                ],
                "foreign_pre_chain": _SHARED,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "event"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["stderr"], "propagate": False},
            # It logs every job at INFO; what a job did is logged by the job.
            "dj_queue": {"level": "WARNING"},
            # A line a request, which says less than the caller's own log line.
            "httpx": {"level": "WARNING"},
            # A line whenever a request waits for a thread.
            "waitress.queue": {"level": "ERROR"},
        },
    }


def configure(config: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG hook."""
    logging.config.dictConfig(config)
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
