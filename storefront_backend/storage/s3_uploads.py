"""Uploads into an S3-compatible bucket: multipart, from the browser to the store without us.

A content-addressed key is known only when all the bytes are, so the parts are joined under
`private/incoming/<upload id>`, read once in small pieces to check the digest, and copied by the
store to their key. Each step looks at what the last one left, so a killed one is simply repeated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from storefront_backend.commerce.errors import ChecksumMismatch, UploadIncomplete
from storefront_backend.commerce.uploads import OpenUpload, Part, PartAddress
from storefront_backend.storage.keys import SOURCE_TYPE, cache_control, key_named
from storefront_backend.storage.s3 import S3Assets, base64_digest, hex_digest
from storefront_backend.storage.s3_client import answering

if TYPE_CHECKING:
    from types_boto3_s3.type_defs import CompletedPartTypeDef

_INCOMING = "private/incoming/"
_CHUNK = 1024 * 1024


class S3Uploads:
    """Implements UploadStore beside an S3Assets.

    `part_checksums` false is for stores without SHA-256 for parts; the whole is checked anyway.
    """

    def __init__(self, assets: S3Assets, *, part_checksums: bool = True) -> None:
        self.assets = assets
        self._client = assets.client
        self._bucket = assets.private_bucket
        self._part_checksums = part_checksums

    def begin(self, upload_id: str, size: int) -> str:
        """Open a multipart upload, or find the one that is open."""
        with answering(upload_id):
            for reference in self._references(upload_id):
                return reference
            if self._part_checksums:
                answer = self._client.create_multipart_upload(
                    Bucket=self._bucket,
                    Key=_INCOMING + upload_id,
                    ContentType=SOURCE_TYPE,
                    ChecksumAlgorithm="SHA256",
                )
            else:
                answer = self._client.create_multipart_upload(
                    Bucket=self._bucket, Key=_INCOMING + upload_id, ContentType=SOURCE_TYPE
                )
            return answer["UploadId"]

    def address(self, upload: OpenUpload, part: Part, *, expires: timedelta) -> PartAddress:
        """A presigned PUT: size and digest are signed headers, so the store holds us to both."""
        params = {
            "Bucket": self._bucket,
            "Key": _INCOMING + upload.id,
            "UploadId": upload.reference,
            "PartNumber": part.number,
            "ContentLength": part.size,
        }
        headers = {}
        if self._part_checksums:
            params["ChecksumSHA256"] = base64_digest(part.sha256)
            headers["x-amz-checksum-sha256"] = base64_digest(part.sha256)
        url = self.assets.browser_client.generate_presigned_url(
            "upload_part", Params=params, ExpiresIn=int(expires.total_seconds())
        )
        return PartAddress(part.number, url, headers)

    def parts(self, upload: OpenUpload) -> Sequence[Part]:
        """What the store has received. None once they are joined, or the upload is gone."""
        with answering(upload.id):
            try:
                return [part for part, _ in self._received(upload).values()]
            except self._client.exceptions.NoSuchUpload:
                return []

    def complete(self, upload: OpenUpload, parts: Sequence[Part], *, sha256: str) -> str:
        """Join, check while streaming, copy to the key."""
        key = key_named(sha256, SOURCE_TYPE, public=False)
        with answering(upload.id):
            # No such upload: it was joined by a call that was killed. The check below says.
            with suppress(self._client.exceptions.NoSuchUpload):
                self._join(upload, parts)
            try:
                etag = self._check(upload, sha256)
            except self._client.exceptions.NoSuchKey:
                raise UploadIncomplete("This upload no longer exists", field="parts") from None
            self._client.copy_object(
                Bucket=self._bucket,
                Key=key,
                CopySource={"Bucket": self._bucket, "Key": _INCOMING + upload.id},
                CopySourceIfMatch=etag,
                MetadataDirective="REPLACE",
                ContentType=SOURCE_TYPE,
                CacheControl=cache_control(key),
            )
        return key

    def discard(self, upload_id: str) -> None:
        """Abort what is open and delete what was joined."""
        with answering(upload_id):
            for reference in self._references(upload_id):
                with suppress(self._client.exceptions.NoSuchUpload):
                    self._client.abort_multipart_upload(
                        Bucket=self._bucket, Key=_INCOMING + upload_id, UploadId=reference
                    )
            self._client.delete_object(Bucket=self._bucket, Key=_INCOMING + upload_id)

    def unfinished(self) -> Iterator[str]:
        """Open multipart uploads, and joined files that were not discarded."""
        found: set[str] = set()
        with answering(_INCOMING):
            objects = self._client.get_paginator("list_objects_v2")
            for page in objects.paginate(Bucket=self._bucket, Prefix=_INCOMING):
                found.update(entry["Key"] for entry in page.get("Contents", []))
            uploads = self._client.get_paginator("list_multipart_uploads")
            for opened in uploads.paginate(Bucket=self._bucket, Prefix=_INCOMING):
                found.update(entry["Key"] for entry in opened.get("Uploads", []))
        yield from (key.removeprefix(_INCOMING) for key in sorted(found))

    def _references(self, upload_id: str) -> list[str]:
        key = _INCOMING + upload_id
        pages = self._client.get_paginator("list_multipart_uploads")
        return [
            entry["UploadId"]
            for page in pages.paginate(Bucket=self._bucket, Prefix=key)
            for entry in page.get("Uploads", [])
            if entry["Key"] == key
        ]

    def _received(self, upload: OpenUpload) -> dict[int, tuple[Part, str]]:
        """Parts and their ETags by number."""
        pages = self._client.get_paginator("list_parts").paginate(
            Bucket=self._bucket, Key=_INCOMING + upload.id, UploadId=upload.reference
        )
        found = {}
        for page in pages:
            for entry in page.get("Parts", []):
                digest = entry.get("ChecksumSHA256", "")
                part = Part(
                    entry["PartNumber"], entry["Size"], hex_digest(digest) if digest else ""
                )
                found[part.number] = part, entry["ETag"]
        return found

    def _join(self, upload: OpenUpload, parts: Sequence[Part]) -> None:
        received = self._received(upload)
        wrong = [str(p.number) for p in parts if not _is(p, received.get(p.number))]
        if wrong:
            raise UploadIncomplete(f"Parts are missing: {', '.join(wrong)}", field="parts")
        joined: list[CompletedPartTypeDef] = []
        for part in parts:
            one: CompletedPartTypeDef = {
                "PartNumber": part.number,
                "ETag": received[part.number][1],
            }
            if self._part_checksums:
                one["ChecksumSHA256"] = base64_digest(part.sha256)
            joined.append(one)
        self._client.complete_multipart_upload(
            Bucket=self._bucket,
            Key=_INCOMING + upload.id,
            UploadId=upload.reference,
            MultipartUpload={"Parts": joined},
        )

    def _check(self, upload: OpenUpload, sha256: str) -> str:
        """The ETag of the joined file, if it is what was announced. Reads a megabyte at a time."""
        answer = self._client.get_object(Bucket=self._bucket, Key=_INCOMING + upload.id)
        digest = hashlib.sha256()
        size = 0
        for chunk in answer["Body"].iter_chunks(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
        if size != upload.size or digest.hexdigest() != sha256:
            raise ChecksumMismatch(
                "The file that arrived is not the one that was announced",
                field="sha256",
                hint="Upload it again.",
            )
        return answer["ETag"]


def _is(wanted: Part, found: tuple[Part, str] | None) -> bool:
    if found is None or found[0].size != wanted.size:
        return False
    return not found[0].sha256 or found[0].sha256 == wanted.sha256
