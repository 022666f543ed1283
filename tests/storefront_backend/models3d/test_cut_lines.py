"""A part sent over a real connection that breaks."""

from __future__ import annotations

import hashlib
import socket
import uuid
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from pytest_django.live_server_helper import LiveServer

from storefront_backend import wiring
from storefront_backend.commerce.uploads import OpenUpload, Part
from tests.patience import stretched

CONTENT = bytes(range(256)) * 4096  # 1 MiB
DIGEST = hashlib.sha256(CONTENT).hexdigest()
WHOLE = Part(1, len(CONTENT), DIGEST)


@pytest.fixture
def upload() -> OpenUpload:
    upload_id = str(uuid.uuid4())
    wiring.local_uploads().begin(upload_id, len(CONTENT))
    return OpenUpload(upload_id, len(CONTENT), len(CONTENT))


def path_of(upload: OpenUpload) -> str:
    address = wiring.local_uploads().address(upload, WHOLE, expires=timedelta(hours=1))
    parts = urlsplit(address.url)
    return f"{parts.path}?{parts.query}"


def test_of_a_part_whose_line_was_cut_nothing_is_kept_and_it_is_sent_again(
    live_server: LiveServer, upload: OpenUpload, asset_folder: Path
) -> None:
    host, _, port = live_server.url.removeprefix("http://").partition(":")
    head = (
        f"PUT {path_of(upload)} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(CONTENT)}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=stretched(20)) as line:
        line.sendall(head.encode() + CONTENT[: len(CONTENT) // 2])
        line.shutdown(socket.SHUT_WR)
        assert b" 400 " in line.recv(4096).partition(b"\r\n")[0]
    folder = asset_folder / "incoming" / upload.id
    assert list(folder.iterdir()) == []

    answer = httpx.put(live_server.url + path_of(upload), content=CONTENT, trust_env=False)
    assert answer.status_code == 204
    assert wiring.local_uploads().parts(upload) == [WHOLE]


def test_more_bytes_than_were_announced_are_refused(
    live_server: LiveServer, upload: OpenUpload
) -> None:
    url = live_server.url + path_of(upload)
    answers = [
        httpx.put(url, content=CONTENT + b"!", trust_env=False),
        httpx.put(url, content=iter([CONTENT]), trust_env=False),  # of no stated length
    ]
    assert [answer.status_code for answer in answers] == [411, 411]
    assert wiring.local_uploads().parts(upload) == []
