"""Processes killed with SIGKILL in the middle of an upload: no half file is ever seen, and the
upload goes on."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from storefront_backend.commerce.uploads import OpenUpload, Part
from storefront_backend.storage.local import LocalAssets
from storefront_backend.storage.local_uploads import LocalUploads
from storefront_backend.storage.s3_uploads import S3Uploads
from tests.patience import deadline, stretched
from tests.s3_server import CREDENTIALS, Bucket, running_s3

ROOT = Path(__file__).resolve().parents[3]
CONTENT = bytes(range(256)) * 8192  # 2 MiB
DIGEST = hashlib.sha256(CONTENT).hexdigest()
WHOLE = Part(1, len(CONTENT), DIGEST)
KEY = f"private/{DIGEST[:2]}/{DIGEST}.bin"


def sender(*words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.storefront_backend.storage.sender", *words]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **CREDENTIALS}, **pipes)


def begin(store: LocalUploads | S3Uploads) -> OpenUpload:
    upload_id = str(uuid.uuid4())
    reference = store.begin(upload_id, len(CONTENT))
    return OpenUpload(upload_id, len(CONTENT), len(CONTENT), reference)


@pytest.fixture
def local(tmp_path: Path) -> LocalUploads:
    return LocalUploads(LocalAssets(tmp_path, "/assets", "secret"), "/uploads", "secret")


def query(store: LocalUploads, upload: OpenUpload) -> dict[str, str]:
    address = store.address(upload, WHOLE, expires=timedelta(hours=1))
    return dict(parse_qsl(urlsplit(address.url).query))


def wait_for_bytes(folder: Path, size: int, process: subprocess.Popen[bytes]) -> None:
    until = deadline(60)
    while not any(path.stat().st_size >= size for path in folder.iterdir()):
        assert process.poll() is None, process.stderr and process.stderr.read()
        assert time.monotonic() < until, "nothing arrived"
        time.sleep(0.02)


@pytest.mark.drill
def test_a_web_process_killed_while_it_takes_a_part_leaves_no_part(
    local: LocalUploads, tmp_path: Path
) -> None:
    upload = begin(local)
    said = query(local, upload)
    process = sender("receive", str(tmp_path), upload.id, "1", json.dumps(said))
    assert process.stdin is not None
    process.stdin.write(CONTENT[: len(CONTENT) // 2])
    process.stdin.flush()
    wait_for_bytes(tmp_path / "incoming" / upload.id, len(CONTENT) // 4, process)
    process.kill()
    process.communicate()
    assert local.parts(upload) == []
    local.receive(upload.id, 1, said, io.BytesIO(CONTENT))
    assert local.complete(upload, [WHOLE], sha256=DIGEST) == KEY
    local.discard(upload.id)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / KEY]


@pytest.mark.drill
def test_a_worker_killed_while_it_joins_shows_no_half_file_and_another_goes_on(
    local: LocalUploads, tmp_path: Path
) -> None:
    upload = begin(local)
    local.receive(upload.id, 1, query(local, upload), io.BytesIO(CONTENT))
    process = sender("complete", str(tmp_path), upload.id, str(len(CONTENT)), DIGEST)
    assert process.stdout is not None
    said = process.stdout.readline()
    process.kill()
    _, errors = process.communicate()
    assert said == b"joined\n", errors
    assert list(local.assets.stored()) == []
    assert local.complete(upload, [WHOLE], sha256=DIGEST) == KEY
    assert local.assets.clear_halves(datetime.now(UTC) + timedelta(seconds=5)) == 1
    assert [file.key for file in local.assets.stored()] == [KEY]


@pytest.fixture(scope="module")
def bucket() -> Iterator[Bucket]:
    with running_s3() as bucket:
        yield bucket


@pytest.mark.drill
@pytest.mark.parametrize("operation", ["CompleteMultipartUpload", "GetObject", "CopyObject"])
def test_on_s3_a_worker_killed_between_two_calls_is_repeated(
    bucket: Bucket, operation: str
) -> None:
    bucket.empty()
    store = S3Uploads(bucket.assets)
    upload = begin(store)
    address = store.address(upload, WHOLE, expires=timedelta(hours=1))
    httpx.put(address.url, content=CONTENT, headers=dict(address.headers), trust_env=False)
    words = [upload.id, str(len(CONTENT)), DIGEST, upload.reference, operation]
    process = sender("s3", bucket.endpoint, *words)
    _, errors = process.communicate(timeout=stretched(60))
    assert process.returncode == -signal.SIGKILL, errors
    assert list(bucket.assets.stored()) == []
    assert store.complete(upload, [WHOLE], sha256=DIGEST) == KEY
    store.discard(upload.id)
    assert list(store.unfinished()) == []
    with bucket.assets.open(KEY) as source:
        assert source.read() == CONTENT
