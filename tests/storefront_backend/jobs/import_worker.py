"""`python -m tests.storefront_backend.jobs.import_worker RUN STEP`: applies, and stops at a step.

There it prints the step and waits to be killed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from catalog_import.drafts import ProductDraft  # noqa: E402  Django comes first
from storefront_backend.jobs.sheet_imports import run_import  # noqa: E402
from storefront_backend.pricing.import_sink import BrandSink  # noqa: E402

put: Callable[..., Any] = BrandSink.put
done = 0


def putting(self: BrandSink, product: ProductDraft) -> None:
    """Puts, until the step is reached."""
    global done
    if done == int(sys.argv[2]):
        print(done, flush=True)
        time.sleep(600)
    put(self, product)
    done += 1


BrandSink.put = putting  # type: ignore[method-assign]  # this process is here to be killed
run_import.call(sys.argv[1])
