"""Everything between a running database and open doors, in one process: each start of Django
costs a second or more. `python -m storefront_backend.running.prepare`
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.conf import settings
from django.core.management import call_command

from storefront_backend.running.resume import resume


def prepare() -> None:
    """Every step is idempotent, and may have been killed half way the last time."""
    with step("Bringing the tables up to date"):
        call_command("migrate", interactive=False, verbosity=0)
    if settings.PAVILION_ENV == "production":
        call_command("check", tags=["production"], databases=["default"])
    with step("Collecting static files"):
        call_command("collectstatic", interactive=False, verbosity=0)
    if settings.PAVILION_ENV == "demo":
        with step("Setting out the demo"):
            call_command("demo")
    count = resume()
    if count:
        print(f"  {count} interrupted jobs go on", flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Says what happens, and how long it took where somebody had to wait."""
    began = time.monotonic()
    print(title, flush=True)
    yield
    took = time.monotonic() - began
    if took >= 1:
        print(f"  done in {took:.0f} s", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_backend.settings")
    django.setup()
    prepare()
