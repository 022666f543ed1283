"""The keys of assets: `public/ab/abcdef….glb`, named by their content, so they never change."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import BinaryIO

from storefront_backend.commerce.errors import InvalidRequest

# The one list of what is served under which type; a type that is not here is not stored.
EXTENSIONS: Mapping[str, str] = MappingProxyType(
    {
        "model/gltf-binary": "glb",
        "model/vnd.usdz+zip": "usdz",
        "image/webp": "webp",
        "image/avif": "avif",
        "image/png": "png",
        "image/jpeg": "jpg",
        "video/mp4": "mp4",
        "application/json": "json",
        "text/html": "html",
        "application/pdf": "pdf",
        "application/octet-stream": "bin",
    }
)
MEDIA_TYPES: Mapping[str, str] = MappingProxyType({ext: kind for kind, ext in EXTENSIONS.items()})
SOURCE_TYPE = "application/octet-stream"  # a brand's mesh: never shown, so of no type
_KEY = re.compile(r"^(public|private)/([0-9a-f]{2})/(\2[0-9a-f]{62})\.([a-z0-9]+)\Z")
_CHUNK = 1024 * 1024


def key_of(source: BinaryIO, media_type: str, *, public: bool) -> str:
    """The key of the bytes; reads the source to its end and rewinds it."""
    if media_type not in EXTENSIONS:
        raise InvalidRequest(f"Files of type {media_type} are not stored", field="media_type")
    digest = hashlib.sha256()
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
    source.seek(0)
    return key_named(digest.hexdigest(), media_type, public=public)


def key_named(sha256: str, media_type: str, *, public: bool) -> str:
    """The key of bytes with that digest, in hex."""
    folder = "public" if public else "private"
    return checked(f"{folder}/{sha256[:2]}/{sha256}.{EXTENSIONS[media_type]}")


def is_key(name: str) -> bool:
    """Whether a name is that of an asset: a store may hold other things as well."""
    match = _KEY.match(name)
    return match is not None and match[4] in MEDIA_TYPES


def digest_of(key: str) -> str:
    """The SHA-256 of the file under a key, in hex."""
    return checked(key).rpartition("/")[2].partition(".")[0]


def cache_control(key: str) -> str:
    """How long an answer may be kept: a public key's content can never change."""
    return "public, max-age=31536000, immutable" if is_public(key) else "private, no-store"


def checked(key: str) -> str:
    """The key, if it is one; nothing else may become a path or an address."""
    if not is_key(key):
        raise InvalidRequest("That is not the key of an asset", field="key")
    return key


def is_public(key: str) -> bool:
    """Whether anyone may read it."""
    return checked(key).startswith("public/")


def media_type(key: str) -> str:
    """The type that the key's ending means."""
    return MEDIA_TYPES[checked(key).rpartition(".")[2]]
