"""`python -m tests.storefront_backend.storage.sender WHAT …`: a process that is killed at its work.

receive FOLDER ID NUMBER QUERY   takes a part from stdin, as the web process does
complete FOLDER ID SIZE DIGEST   joins one part, prints "joined" before the file appears, waits
s3 ENDPOINT ID SIZE DIGEST REFERENCE OPERATION
                                 completes, and kills itself when it is about to call OPERATION
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from storefront_backend.commerce.uploads import OpenUpload, Part
from storefront_backend.storage.local import LocalAssets
from storefront_backend.storage.local_uploads import LocalUploads
from storefront_backend.storage.s3 import S3Assets
from storefront_backend.storage.s3_client import s3_client
from storefront_backend.storage.s3_uploads import S3Uploads
from tests.s3_server import BUCKET


def local(folder: str) -> LocalUploads:
    """A store as the test has it."""
    return LocalUploads(LocalAssets(Path(folder), "/assets", "secret"), "/uploads", "secret")


def receive(folder: str, upload_id: str, number: str, query: str) -> None:
    """Reads stdin to its end, which never comes."""
    local(folder).receive(upload_id, int(number), json.loads(query), sys.stdin.buffer)


def complete(folder: str, upload_id: str, size: str, digest: str) -> None:
    """Everything but the last instruction."""

    def replace(self: Path, target: Path) -> None:
        print("joined", flush=True)
        time.sleep(600)

    Path.replace = replace  # type: ignore[method-assign, assignment]  # killed here
    upload = OpenUpload(upload_id, int(size), int(size))
    local(folder).complete(upload, [Part(1, int(size), digest)], sha256=digest)


def s3(
    endpoint: str, upload_id: str, size: str, digest: str, reference: str, operation: str
) -> None:
    """Dies by its own hand between two calls."""

    def die(**_: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    client = s3_client(endpoint, region="us-east-1", path_style=True)
    client.meta.events.register(f"before-call.s3.{operation}", die)
    upload = OpenUpload(upload_id, int(size), int(size), reference)
    store = S3Uploads(S3Assets(client, BUCKET, endpoint))
    store.complete(upload, [Part(1, int(size), digest)], sha256=digest)


{"receive": receive, "complete": complete, "s3": s3}[sys.argv[1]](*sys.argv[2:])
