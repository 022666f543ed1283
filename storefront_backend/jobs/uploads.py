"""Uploads of meshes in the background."""

from __future__ import annotations

from django.tasks import task

from storefront_backend import wiring
from storefront_backend.jobs.builds import build_desk
from storefront_backend.models3d.following import UploadFollower


# Behind everything but photographs: a brand may send thousands.
@task(queue_name="default", priority=-10)
def finish_upload(upload_id: str) -> str:
    """Check the upload whose turn it is: there is one task an upload. Returns its state."""
    return upload_follower().finish(upload_id)


def upload_follower() -> UploadFollower:
    """What closes uploads; this queue checks them."""
    return wiring.upload_follower(build_desk(), finish_upload.enqueue)
