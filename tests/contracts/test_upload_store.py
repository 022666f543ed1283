"""What every UploadStore does: a file arrives whole and checked, or not at all."""

from __future__ import annotations

import hashlib
import itertools
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.test import Client
from pytest_django import Settings

from storefront_backend import wiring
from storefront_backend.commerce.errors import ChecksumMismatch, NotFound, UploadIncomplete
from storefront_backend.commerce.ports import AssetStore, UploadStore
from storefront_backend.commerce.uploads import OpenUpload, Part, PartAddress
from storefront_backend.storage.s3_uploads import S3Uploads
from tests.asset_folder import assets_in
from tests.fakes.assets import MemoryAssets
from tests.fakes.uploads import MemoryUploads
from tests.s3_server import Bucket, running_s3

PART = 5 * 1024 * 1024  # S3 takes none smaller, but for the last
CONTENT = b"solid ring\n" * (PART // 11 + 1000)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Way:
    """A store, and how a browser sends bytes to its addresses: the status of the answer."""

    uploads: UploadStore
    assets: AssetStore
    send: Callable[[PartAddress, bytes], int]


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    with running_s3() as bucket:
        yield bucket


@pytest.fixture(params=["memory", "local", "s3"])
def way(request: pytest.FixtureRequest, tmp_path: Path, settings: Settings) -> Iterator[Way]:
    if request.param == "s3":
        bucket: Bucket = request.getfixturevalue("bucket")
        bucket.empty()
        yield Way(S3Uploads(bucket.assets), bucket.assets, _send_to_s3)
        return
    if request.param == "memory":
        kept = MemoryAssets()
        uploads = MemoryUploads(kept)
        yield Way(uploads, kept, uploads.receive)
        return
    with assets_in(tmp_path, settings):
        yield Way(wiring.local_uploads(), wiring.local_assets(), _send_to_us)


def _send_to_s3(address: PartAddress, content: bytes) -> int:
    headers = dict(address.headers)
    return httpx.put(address.url, content=content, headers=headers, trust_env=False).status_code


def _send_to_us(address: PartAddress, content: bytes) -> int:
    kind = address.headers["Content-Type"]
    return Client().put(address.url, content, content_type=kind).status_code


def begin(way: Way, content: bytes = CONTENT) -> OpenUpload:
    upload_id = str(uuid.uuid4())
    return OpenUpload(upload_id, len(content), PART, way.uploads.begin(upload_id, len(content)))


def cut(content: bytes = CONTENT) -> list[bytes]:
    return [content[at : at + PART] for at in range(0, len(content), PART)]


def parts_of(pieces: Sequence[bytes]) -> list[Part]:
    return [
        Part(number, len(piece), hashlib.sha256(piece).hexdigest())
        for number, piece in enumerate(pieces, 1)
    ]


def send(way: Way, upload: OpenUpload, numbered: Mapping[int, bytes]) -> list[int]:
    answers = []
    for number, piece in numbered.items():
        part = Part(number, len(piece), hashlib.sha256(piece).hexdigest())
        answers.append(way.send(way.uploads.address(upload, part, expires=HOUR), piece))
    return answers


def send_all(way: Way, upload: OpenUpload, content: bytes = CONTENT) -> None:
    assert set(send(way, upload, dict(enumerate(cut(content), 1)))) <= {200, 204}


def read(way: Way, key: str) -> bytes:
    with way.assets.open(key) as source:
        return source.read()


def test_a_file_sent_in_parts_becomes_a_private_asset(way: Way) -> None:
    upload = begin(way)
    send_all(way, upload)
    key = way.uploads.complete(upload, parts_of(cut()), sha256=DIGEST)
    assert key == f"private/{DIGEST[:2]}/{DIGEST}.bin"
    assert read(way, key) == CONTENT
    assert [(file.key, file.size) for file in way.assets.stored()] == [(key, len(CONTENT))]


def test_after_a_cut_line_the_parts_that_arrived_are_known_and_the_rest_follows(way: Way) -> None:
    upload = begin(way)
    first, last = cut()
    send(way, upload, {2: last})
    assert [(part.number, part.size) for part in way.uploads.parts(upload)] == [(2, len(last))]
    send(way, upload, {1: first})
    assert [part.number for part in way.uploads.parts(upload)] == [1, 2]
    assert read(way, way.uploads.complete(upload, parts_of(cut()), sha256=DIGEST)) == CONTENT


def test_with_a_part_missing_nothing_becomes_an_asset_until_it_is_sent(way: Way) -> None:
    upload = begin(way)
    first, last = cut()
    send(way, upload, {1: first})
    with pytest.raises(UploadIncomplete, match="2"):
        way.uploads.complete(upload, parts_of(cut()), sha256=DIGEST)
    assert list(way.assets.stored()) == []
    send(way, upload, {2: last})
    way.uploads.complete(upload, parts_of(cut()), sha256=DIGEST)


def test_a_whole_that_is_not_what_was_announced_becomes_no_asset(way: Way) -> None:
    upload = begin(way)
    send_all(way, upload)
    other = hashlib.sha256(b"another file").hexdigest()
    with pytest.raises(ChecksumMismatch):
        way.uploads.complete(upload, parts_of(cut()), sha256=other)
    assert list(way.assets.stored()) == []


def test_announcing_the_digest_of_a_stored_file_does_not_give_it_away(way: Way) -> None:
    theirs = begin(way)
    send_all(way, theirs)
    way.uploads.complete(theirs, parts_of(cut()), sha256=DIGEST)
    ours = begin(way, b"x")
    send_all(way, ours, b"x")
    with pytest.raises(ChecksumMismatch):
        way.uploads.complete(ours, parts_of([b"x"]), sha256=DIGEST)


def test_a_part_sent_again_counts_once_and_the_later_one_counts(way: Way) -> None:
    upload = begin(way, b"ring")
    send(way, upload, {1: b"wing"})
    send(way, upload, {1: b"ring"})
    digest = hashlib.sha256(b"ring").hexdigest()
    key = way.uploads.complete(upload, parts_of([b"ring"]), sha256=digest)
    assert read(way, key) == b"ring"


def test_completing_and_discarding_may_be_repeated_and_the_asset_stays(way: Way) -> None:
    upload = begin(way)
    send_all(way, upload)
    keys = {way.uploads.complete(upload, parts_of(cut()), sha256=DIGEST) for _ in range(2)}
    way.uploads.discard(upload.id)
    way.uploads.discard(upload.id)
    assert [file.key for file in way.assets.stored()] == list(keys)
    assert list(way.uploads.unfinished()) == []


def test_beginning_again_goes_on_with_the_same_upload(way: Way) -> None:
    upload = begin(way)
    first, _ = cut()
    send(way, upload, {1: first})
    assert way.uploads.begin(upload.id, upload.size) == upload.reference
    assert [part.number for part in way.uploads.parts(upload)] == [1]


def test_a_discarded_upload_takes_no_part_and_becomes_nothing(way: Way) -> None:
    upload = begin(way, b"ring")
    address = way.uploads.address(upload, parts_of([b"ring"])[0], expires=HOUR)
    assert list(way.uploads.unfinished()) == [upload.id]
    way.uploads.discard(upload.id)
    assert way.send(address, b"ring") >= 400
    assert list(way.uploads.parts(upload)) == []
    with pytest.raises((UploadIncomplete, NotFound)):
        way.uploads.complete(
            upload, parts_of([b"ring"]), sha256=hashlib.sha256(b"ring").hexdigest()
        )
    assert list(itertools.chain(way.uploads.unfinished(), way.assets.stored())) == []
