"""Where a browser meets the asset store, as a Content-Security-Policy names it."""

from __future__ import annotations

from urllib.parse import urlsplit


def origin_of(address: str) -> str:
    """Scheme, host and port of an address: "https://cdn.example:8443"."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def bucket_origin(endpoint: str, region: str, bucket: str, *, path_style: bool) -> str:
    """The origin that presigned uploads go to; an empty endpoint is Amazon's own."""
    host = urlsplit(endpoint or f"https://s3.{region}.amazonaws.com")
    return f"{host.scheme}://{host.netloc if path_style else f'{bucket}.{host.netloc}'}"
