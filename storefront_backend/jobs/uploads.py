"""Uploads of meshes in the background."""

from __future__ import annotations

from django.tasks import task

from storefront_backend import wiring
from storefront_backend.jobs.builds import build_desk
from storefront_backend.models3d.following import UploadFollower


@task(queue_name="default")
def finish_upload(upload_id: str) -> str:
    """Check a closed upload and build from it; returns its state."""
    return upload_follower().finish(upload_id)


def upload_follower() -> UploadFollower:
    """What closes uploads; this queue checks them."""
    return wiring.upload_follower(build_desk(), finish_upload.enqueue)
