"""Any S3-compatible bucket as an AssetStore.

Nothing here makes a file public: the bucket's policy lets everybody read `public/*`, or the proxy
in front of it does (docs/settings.md has the policy). So a mistake in the code cannot open
`private/`. Stores that open whole buckets only get a second one for what is private.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO, cast

from storefront_backend.commerce.ports import StoredFile
from storefront_backend.storage.keys import (
    cache_control,
    checked,
    digest_of,
    is_key,
    is_public,
    key_of,
    media_type,
)
from storefront_backend.storage.s3_client import answering

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_ADDRESS_LASTS = timedelta(minutes=10)


class S3Assets:
    """Files in a bucket; public ones are read at `public_url`, private ones by signed address."""

    def __init__(
        self,
        client: S3Client,
        bucket: str,
        public_url: str,
        *,
        private_bucket: str = "",
        browser_client: S3Client | None = None,
    ) -> None:
        """`browser_client` signs addresses for browsers, where they reach the store otherwise than
        we do: the host is part of what is signed."""
        self.client = client
        self.bucket = bucket
        self.private_bucket = private_bucket or bucket
        self.public_url = public_url.rstrip("/")
        self.browser_client = browser_client or client

    def put(self, source: BinaryIO, *, media_type: str, public: bool) -> str:
        """Store and return the key. The store itself compares the bytes with the key's digest.

        Bytes that are there already are sent again: it is rare, and it makes them young.
        """
        key = key_of(source, media_type, public=public)
        with answering(key):
            self.client.put_object(
                Bucket=self._bucket_of(key),
                Key=key,
                Body=source,
                ContentType=media_type,
                CacheControl=cache_control(key),
                ChecksumSHA256=base64_digest(digest_of(key)),
            )
        return key

    def open(self, key: str) -> BinaryIO:
        """Read, as a stream without seeking. Raises NotFound."""
        with answering(checked(key)):
            answer = self.client.get_object(Bucket=self._bucket_of(key), Key=key)
        return cast(BinaryIO, answer["Body"])  # an IOBase whose read checks the length

    def url(self, key: str, *, expires: timedelta | None = None) -> str:
        """A lasting address for a public file, a presigned one for a private one."""
        if is_public(key):
            return f"{self.public_url}/{key}"
        return self.browser_client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self.private_bucket,
                "Key": key,
                "ResponseContentDisposition": "attachment",
                "ResponseContentType": media_type(key),
            },
            ExpiresIn=int((expires or _ADDRESS_LASTS).total_seconds()),
        )

    def delete(self, key: str) -> None:
        """Forget the file; deleting twice is no error."""
        with answering(checked(key)):
            self.client.delete_object(Bucket=self._bucket_of(key), Key=key)

    def stored(self) -> Iterator[StoredFile]:
        """All that is stored here, a page of a thousand at a time."""
        pages = self.client.get_paginator("list_objects_v2")
        for bucket, prefix in ((self.bucket, "public/"), (self.private_bucket, "private/")):
            with answering(prefix):
                for page in pages.paginate(Bucket=bucket, Prefix=prefix):
                    for entry in page.get("Contents", []):
                        if is_key(entry["Key"]):
                            yield StoredFile(entry["Key"], entry["Size"], entry["LastModified"])

    def _bucket_of(self, key: str) -> str:
        return self.bucket if is_public(key) else self.private_bucket


def base64_digest(hexadecimal: str) -> str:
    """A digest as S3's headers write it."""
    return base64.b64encode(bytes.fromhex(hexadecimal)).decode()


def hex_digest(base64_text: str) -> str:
    """A digest as we write it."""
    return base64.b64decode(base64_text).hex()
