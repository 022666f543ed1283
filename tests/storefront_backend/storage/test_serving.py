"""Assets over HTTP: typed, kept for ever where public, in ranges, and never where private."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from django.conf import settings
from django.http import FileResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from storefront_backend import wiring
from storefront_backend.asset_hosts import bucket_origin, origin_of
from storefront_backend.storage.s3 import S3Assets
from storefront_backend.storage.s3_client import s3_client
from storefront_backend.storage.s3_uploads import S3Uploads
from storefront_backend.web.assets import asset
from tests.s3_server import BUCKET, Bucket, running_s3

GLB, USDZ = "model/gltf-binary", "model/vnd.usdz+zip"
FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    with running_s3() as bucket:
        yield bucket


def address(content: bytes = b"0123456789", kind: str = GLB, *, public: bool = True) -> str:
    store = wiring.local_assets()
    return store.url(store.put(io.BytesIO(content), media_type=kind, public=public))


@pytest.mark.parametrize("kind", [GLB, USDZ, "image/webp", "image/avif", "image/png"])
def test_a_public_asset_has_its_type_and_may_be_kept_for_ever(client: Client, kind: str) -> None:
    answer = client.get(address(kind=kind))
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Cache-Control"] == FOR_EVER
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == b"0123456789"


@pytest.mark.parametrize(
    ("requested", "given", "said"),
    [
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=8-99", b"89", "bytes 8-9/10"),
    ],
)
def test_a_part_is_given_to_who_asks_for_it(
    client: Client, requested: str, given: bytes, said: str
) -> None:
    answer = client.get(address(), headers={"Range": requested})
    assert (answer.status_code, answer.headers["Content-Range"]) == (206, said)
    assert answer.headers["Content-Length"] == str(len(given))
    assert b"".join(answer.streaming_content) == given


def test_a_part_is_sent_by_the_server_without_a_thread() -> None:
    path = address()
    # Not by the test client, which wraps what is streamed.
    request = RequestFactory().get(path, headers={"Range": "bytes=2-4"})
    answer = asset(request, resolve(path.removeprefix(settings.PUBLIC_URL)).kwargs["key"])
    assert isinstance(answer, FileResponse)
    assert answer.file_to_stream.read() == b"234"


@pytest.mark.parametrize("requested", ["bytes=10-", "bytes=5-4", "bytes=-0"])
def test_a_part_that_there_is_not_is_refused(client: Client, requested: str) -> None:
    answer = client.get(address(), headers={"Range": requested})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */10")


@pytest.mark.parametrize(
    "requested", ["bytes=0-1,3-4", "rings=0-1", "bytes=-", f"bytes={'9' * 5000}-"]
)
def test_a_range_that_we_do_not_know_is_the_whole(client: Client, requested: str) -> None:
    answer = client.get(address(), headers={"Range": requested})
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"0123456789")


def test_who_has_an_asset_already_is_not_sent_it_again(client: Client) -> None:
    tag = client.head(address()).headers["ETag"]
    assert client.get(address(), headers={"If-None-Match": tag}).status_code == 304


def test_a_private_source_is_read_by_a_signed_address_and_kept_by_nobody(client: Client) -> None:
    answer = client.get(address(public=False))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert answer.headers["Content-Disposition"] == "attachment"


def test_a_private_source_is_not_read_otherwise(client: Client) -> None:
    signed = address(public=False)
    other = address(b"another", public=False)
    bare = signed.partition("?")[0]
    tries = [
        bare,
        bare.replace("private", "public"),
        bare + "?" + other.partition("?")[2],  # another file's signature
        re.sub(r"until=\d+", "until=99999999999", signed),  # a longer life
        re.sub(r"until=\d+", "until=", signed),
        re.sub(r"until=\d+", "until=²", signed),  # a digit, but no number
        re.sub(r"until=\d+", f"until={'9' * 5000}", signed),
        signed.replace("signature=", "signature=é"),
        "/assets/private/../private/" + bare.rpartition("private/")[2],
        "/assets/incoming/00000000-0000-0000-0000-000000000000/00001.part",
    ]
    assert {client.get(path).status_code for path in tries} <= {403, 404}


def test_a_signed_address_runs_out(client: Client) -> None:
    store = wiring.local_assets()
    key = store.put(io.BytesIO(b"source"), media_type=GLB, public=False)
    assert client.get(store.url(key, expires=timedelta(seconds=-1))).status_code == 403


def get(url: str, **headers: str) -> httpx.Response:
    return httpx.get(url, headers=headers, trust_env=False)


def test_on_s3_a_public_asset_has_its_type_its_long_life_and_its_parts(bucket: Bucket) -> None:
    store = bucket.assets
    url = store.url(store.put(io.BytesIO(b"0123456789"), media_type=USDZ, public=True))
    answer = get(url)
    assert (answer.status_code, answer.content) == (200, b"0123456789")
    assert answer.headers["Content-Type"] == USDZ
    assert answer.headers["Cache-Control"] == FOR_EVER
    part = get(url, Range="bytes=2-4")
    assert (part.status_code, part.content) == (206, b"234")


def test_on_s3_a_private_source_is_read_by_a_presigned_address_only(bucket: Bucket) -> None:
    store = bucket.assets
    key = store.put(io.BytesIO(b"source"), media_type=GLB, public=False)
    signed = get(store.url(key))
    assert (signed.status_code, signed.content) == (200, b"source")
    assert signed.headers["Content-Disposition"] == "attachment"
    assert get(f"{bucket.endpoint}/{BUCKET}/{key}").status_code == 403


def test_on_s3_what_is_still_coming_in_cannot_be_read(bucket: Bucket) -> None:
    client = bucket.assets.client
    client.put_object(Bucket=BUCKET, Key="private/incoming/some-upload", Body=b"half")
    assert get(f"{bucket.endpoint}/{BUCKET}/private/incoming/some-upload").status_code == 403


def test_with_a_bucket_for_what_is_private_nothing_private_lies_in_the_other(
    bucket: Bucket,
) -> None:
    bucket.empty()
    client = bucket.assets.client
    client.create_bucket(Bucket="sources")
    outside = s3_client("https://assets.example", region="us-east-1", path_style=True)
    store = S3Assets(
        client, BUCKET, "https://cdn.example", private_bucket="sources", browser_client=outside
    )
    public = store.put(io.BytesIO(b"ring"), media_type=GLB, public=True)
    private = store.put(io.BytesIO(b"source"), media_type=GLB, public=False)
    S3Uploads(store).begin("an-upload", 4)
    assert {file.key for file in store.stored()} == {public, private}
    assert [one["Key"] for one in client.list_objects_v2(Bucket=BUCKET)["Contents"]] == [public]
    assert "Uploads" not in client.list_multipart_uploads(Bucket=BUCKET)
    assert store.url(private).startswith(f"https://assets.example/sources/{private}?")
    with store.open(private) as source:
        assert source.read() == b"source"


@pytest.mark.parametrize(
    ("endpoint", "path_style", "origin"),
    [
        ("", False, "https://rings.s3.eu-west-1.amazonaws.com"),
        ("", True, "https://s3.eu-west-1.amazonaws.com"),
        ("http://127.0.0.1:9000", True, "http://127.0.0.1:9000"),
    ],
)
def test_browsers_are_allowed_to_send_to_the_bucket(
    endpoint: str, path_style: bool, origin: str
) -> None:
    assert bucket_origin(endpoint, "eu-west-1", "rings", path_style=path_style) == origin
    assert origin_of("https://cdn.example:8443/rings") == "https://cdn.example:8443"
