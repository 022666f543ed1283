"""What every AssetStore does."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.commerce.ports import AssetStore
from storefront_backend.storage.local import LocalAssets
from tests.fakes.assets import MemoryAssets
from tests.s3_server import Bucket, running_s3

GLB = "model/gltf-binary"


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    with running_s3() as bucket:
        yield bucket


@pytest.fixture(params=["memory", "local", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> AssetStore:
    if request.param == "memory":
        return MemoryAssets()
    if request.param == "s3":
        bucket: Bucket = request.getfixturevalue("bucket")
        bucket.empty()
        return bucket.assets
    return LocalAssets(tmp_path, "/assets", "secret")


def put(store: AssetStore, content: bytes = b"ring", *, public: bool = True) -> str:
    return store.put(io.BytesIO(content), media_type=GLB, public=public)


def test_what_was_put_is_read_back(store: AssetStore) -> None:
    with store.open(put(store)) as source:
        assert source.read() == b"ring"


def test_the_key_is_made_of_the_content(store: AssetStore) -> None:
    digest = hashlib.sha256(b"ring").hexdigest()
    assert put(store) == f"public/{digest[:2]}/{digest}.glb"


def test_the_same_bytes_have_the_same_key(store: AssetStore) -> None:
    assert put(store) == put(store)


def test_private_and_public_copies_do_not_meet(store: AssetStore) -> None:
    private = put(store, public=False)
    store.delete(put(store, public=True))
    with store.open(private) as source:
        assert source.read() == b"ring"


def test_a_deleted_file_is_not_found_and_may_be_deleted_again(store: AssetStore) -> None:
    key = put(store)
    store.delete(key)
    store.delete(key)
    with pytest.raises(NotFound):
        store.open(key)


def test_a_type_that_is_not_served_is_not_stored(store: AssetStore) -> None:
    with pytest.raises(InvalidRequest):
        store.put(io.BytesIO(b"#!/bin/sh"), media_type="text/x-shellscript", public=True)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "../../etc/passwd",
        "public/aa/../../x.glb",
        "public/aa/bb.glb",
        f"public/aa/{'a' * 64}.glb\n",
        f"private/incoming/{'a' * 64}",
    ],
)
def test_what_is_no_key_reaches_no_file(store: AssetStore, key: str) -> None:
    with pytest.raises(InvalidRequest):
        store.open(key)


def test_a_private_file_has_no_lasting_address(store: AssetStore) -> None:
    public, private = put(store), put(store, b"source", public=False)
    assert "?" not in store.url(public)
    assert "?" in store.url(private)


def test_what_lies_in_the_store_is_listed_with_size_and_age(store: AssetStore) -> None:
    began = datetime.now(UTC) - timedelta(seconds=2)  # S3 tells whole seconds
    keys = {put(store), put(store, b"source", public=False)}
    found = {file.key: file for file in store.stored()}
    assert set(found) == keys
    assert sorted(file.size for file in found.values()) == [4, 6]
    assert all(file.put_at >= began for file in found.values())


def test_deleted_files_are_listed_no_more(store: AssetStore) -> None:
    store.delete(put(store))
    assert list(store.stored()) == []
