"""A client of any S3-compatible store, and its failures in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from storefront_backend.commerce.errors import NotFound, ProviderError, ProviderUnavailable

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_MISSING = frozenset({"NoSuchKey", "NoSuchUpload", "404", "NotFound"})
_LATER = frozenset({"SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout"})


def s3_client(endpoint_url: str, *, region: str, path_style: bool) -> S3Client:
    """A client; an empty endpoint is Amazon's own. Credentials come from boto3's usual places."""
    return boto3.client(
        "s3",
        endpoint_url=endpoint_url or None,
        region_name=region,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if path_style else "virtual"},
            connect_timeout=10,
            read_timeout=60,
            retries={"mode": "standard", "max_attempts": 4},
            # The newer default sends checksums that several compatible stores refuse; those that
            # matter to us are given by name.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


@contextmanager
def answering(what: str) -> Iterator[None]:
    """Turns boto's failures into ours: NotFound, ProviderUnavailable, ProviderError."""
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code in _MISSING:
            raise NotFound(f"There is no asset {what}", field="key") from None
        if code in _LATER or status >= 500:
            raise ProviderUnavailable(f"The asset store did not answer ({code})") from error
        raise ProviderError(f"The asset store refused ({code})") from error
    except BotoCoreError as error:
        raise ProviderUnavailable("The asset store did not answer") from error
