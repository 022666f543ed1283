"""What every AssetStore does."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.commerce.ports import AssetStore
from storefront_backend.storage.local import LocalAssets
from tests.fakes.assets import MemoryAssets

GLB = "model/gltf-binary"


@pytest.fixture(params=["memory", "local"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> AssetStore:
    if request.param == "memory":
        return MemoryAssets()
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
    "key", ["", "../../etc/passwd", "public/aa/../../x.glb", "public/aa/bb.glb"]
)
def test_what_is_no_key_reaches_no_file(store: AssetStore, key: str) -> None:
    with pytest.raises(InvalidRequest):
        store.open(key)


def test_a_private_file_has_no_lasting_address(store: AssetStore) -> None:
    public, private = put(store), put(store, b"source", public=False)
    assert "?" not in store.url(public)
    assert "?" in store.url(private)
