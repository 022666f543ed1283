"""`python -m tests.storefront_backend.jobs.worker BUILD POINT`: builds, and stops at a point.

A point is a stage of the pipeline ("compress") or "stored N": N files are in the store, and no row
says so. There it prints the point and waits to be killed.
"""

from __future__ import annotations

import sys
import time
from typing import Any, BinaryIO

import django

django.setup()

from storefront_backend.jobs.builds import build_model  # noqa: E402  Django comes first
from storefront_backend.models3d.leases import Claim  # noqa: E402
from storefront_backend.storage.local import LocalAssets  # noqa: E402


def stop_at(point: str) -> None:
    """Waits inside the pipeline or the store when the build gets there."""
    note, put, stored = Claim.note, LocalAssets.put, []

    def here(place: str) -> None:
        if place == point:
            print(point, flush=True)
            time.sleep(600)

    def noting(self: Claim, stage: str, share: float) -> None:
        note(self, stage, share)
        here(stage)

    def putting(self: LocalAssets, source: BinaryIO, **given: Any) -> str:
        stored.append(put(self, source, **given))
        here(f"stored {len(stored)}")
        return stored[-1]

    Claim.note = noting  # type: ignore[method-assign]  # this process is here to be killed
    LocalAssets.put = putting  # type: ignore[method-assign, assignment]  # as above


stop_at(sys.argv[2])
build_model.call(int(sys.argv[1]))
