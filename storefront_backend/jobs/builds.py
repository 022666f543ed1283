"""Builds of 3D assets in the background."""

from __future__ import annotations

from django.tasks import task

from storefront_backend import wiring
from storefront_backend.models3d.builds import BuildDesk


@task(queue_name="builds")
def build_model(build_id: int) -> str:
    """Run the build whose turn it is, whichever it was queued for: there is one task a build."""
    return build_desk().run_next()


def build_desk() -> BuildDesk:
    """What asks for builds; this queue runs them."""
    return wiring.build_desk(build_model.enqueue)
