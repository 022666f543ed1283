"""Where files are kept, and where large ones come in."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from storefront_backend.commerce.ports import AssetStore, UploadStore
from storefront_backend.storage.local import LocalAssets
from storefront_backend.storage.local_uploads import LocalUploads
from storefront_backend.storage.s3 import S3Assets
from storefront_backend.storage.s3_client import s3_client
from storefront_backend.storage.s3_uploads import S3Uploads

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


@cache
def local_assets() -> LocalAssets:
    """The folder of assets that we serve ourselves."""
    return LocalAssets(settings.ASSET_FOLDER, "/assets", settings.SECRET_KEY)


@cache
def local_uploads() -> LocalUploads:
    """Uploads into that folder; their parts are PUT to our own addresses."""
    return LocalUploads(local_assets(), f"{settings.PUBLIC_URL}/uploads", settings.SECRET_KEY)


@cache
def s3_assets() -> S3Assets:
    """The bucket. A mistake in its settings fails at the first use, not at a shopper's."""
    if not settings.S3_BUCKET or not settings.S3_PUBLIC_URL:
        raise ImproperlyConfigured("ASSET_STORE=s3 needs S3_BUCKET and S3_PUBLIC_URL")
    return S3Assets(
        _s3_client_at(settings.S3_ENDPOINT_URL),
        settings.S3_BUCKET,
        settings.S3_PUBLIC_URL,
        private_bucket=settings.S3_PRIVATE_BUCKET,
        browser_client=_s3_client_at(settings.S3_BROWSER_ENDPOINT_URL),
    )


def _s3_client_at(endpoint: str) -> S3Client:
    return s3_client(endpoint, region=settings.S3_REGION, path_style=settings.S3_PATH_STYLE)


def assets() -> AssetStore:
    """Where files are stored."""
    return s3_assets() if _on_s3() else local_assets()


def uploads() -> UploadStore:
    """Where large files come in."""
    if _on_s3():
        return S3Uploads(s3_assets(), part_checksums=settings.S3_PART_CHECKSUMS)
    return local_uploads()


def _on_s3() -> bool:
    if settings.ASSET_STORE not in ("local", "s3"):
        raise ImproperlyConfigured(f"There is no asset store {settings.ASSET_STORE!r}")
    return bool(settings.ASSET_STORE == "s3")
