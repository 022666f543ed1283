"""`python -m tests.storefront_backend.jobs.import_worker RUN PORTION`: applies, and stops there.

There it prints the portion's number and waits to be killed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402  Django comes first

from catalog_import.drafts import ProductDraft  # noqa: E402  Django comes first
from storefront_backend.jobs.sheet_imports import run_import  # noqa: E402
from storefront_backend.pricing.import_sink import BrandSink  # noqa: E402

put: Callable[..., Any] = BrandSink._put
done = 0


def putting(self: BrandSink, products: Sequence[ProductDraft], *more: Any) -> None:
    """Puts, until the step is reached: then this portion is written but not committed."""
    global done
    if done == int(sys.argv[2]):
        with transaction.atomic():
            put(self, products, *more)
            print(done, flush=True)
            time.sleep(600)
    put(self, products, *more)
    done += 1


BrandSink._put = putting  # type: ignore[method-assign]  # this process is here to be killed
run_import.call(sys.argv[1])
