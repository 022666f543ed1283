"""An S3 server on this machine with one empty bucket, whose policy is the one of our docs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from storefront_backend.storage.s3 import S3Assets
from storefront_backend.storage.s3_client import s3_client

BUCKET = "pavilion-test"
# The server believes any.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
_POLICY = Path(__file__).parents[1] / "docs" / "s3-public-read-policy.json"


@dataclass(frozen=True)
class Bucket:
    """The address of the server, and the store over its bucket."""

    endpoint: str
    assets: S3Assets

    def empty(self) -> None:
        """Delete all objects in it, open uploads included."""
        client = self.assets.client
        for entry in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
            client.delete_object(Bucket=BUCKET, Key=entry["Key"])
        for opened in client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []):
            client.abort_multipart_upload(
                Bucket=BUCKET, Key=opened["Key"], UploadId=opened["UploadId"]
            )


@contextmanager
def running_s3() -> Iterator[Bucket]:
    """The server, while the block runs."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    try:
        with patch.dict(os.environ, CREDENTIALS):
            client = s3_client(endpoint, region="us-east-1", path_style=True)
            client.create_bucket(Bucket=BUCKET)
            policy = json.loads(_POLICY.read_text().replace("BUCKET", BUCKET))
            client.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))
            bucket = Bucket(endpoint, S3Assets(client, BUCKET, f"{endpoint}/{BUCKET}"))
            bucket.empty()  # every server of this process has the same memory
            yield bucket
    finally:
        server.stop()
