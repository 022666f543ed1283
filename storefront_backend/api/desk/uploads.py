"""Uploads of meshes.

POST   brands/<brand>/uploads/   {product, name, bytes}       begin
GET    brands/<brand>/uploads/                                those under way: to resume
GET    uploads/<id>/                                          state, and the parts that arrived
POST   uploads/<id>/parts/       {parts: [{number, sha256}]}  where to PUT them
POST   uploads/<id>/complete/    {sha256, parts: [...]}       all sent: check and build
DELETE uploads/<id>/                                          give up
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from storefront_backend import wiring
from storefront_backend.accounts.models import User
from storefront_backend.accounts.rights import Act, require
from storefront_backend.api.desk.access import Answer, body, brand_of, desk, digests, text
from storefront_backend.catalog.models import Product
from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.commerce.uploads import Part
from storefront_backend.jobs.uploads import upload_follower
from storefront_backend.models3d.models import Upload
from storefront_backend.models3d.uploads import opened_as

_MOST_ADDRESSES = 1000


@desk("GET", "POST")
def uploads(request: HttpRequest, user: User, *, brand: str) -> Answer:
    """Begin one, or list those under way."""
    act = Act.EDIT_CATALOGUE if request.method == "POST" else Act.READ_CATALOGUE
    owner = brand_of(user, brand, act)
    if request.method == "GET":
        rows = Upload.objects.filter(brand=owner, state__in=Upload.OPEN).select_related("product")
        return [_plain(row) for row in rows]
    said = body(request)
    size = said.get("bytes")
    if type(size) is not int:
        raise InvalidRequest("bytes must be a whole number", field="bytes")
    code = text(said, "product")
    product = Product.objects.filter(brand=owner, code=code).select_related("brand").first()
    if product is None:
        raise NotFound(f"{owner} has no product {code!r}", field="product")
    desk_of = wiring.upload_desk()
    return _plain(desk_of.begin(product, name=text(said, "name"), size=size, by=user))


@desk("GET", "DELETE")
def upload(request: HttpRequest, user: User, *, upload_id: UUID) -> Answer:
    """How far it is, or give it up."""
    act = Act.EDIT_CATALOGUE if request.method == "DELETE" else Act.READ_CATALOGUE
    row = _upload(user, upload_id, act)
    if request.method == "DELETE":
        wiring.upload_desk().cancel(row)
        return _plain(row)
    return _plain(row, wiring.upload_desk().received(row))


@desk("POST")
def parts(request: HttpRequest, user: User, *, upload_id: UUID) -> Answer:
    """Addresses for parts."""
    row = _upload(user, upload_id, Act.EDIT_CATALOGUE)
    wanted = digests(body(request))
    if len(wanted) > _MOST_ADDRESSES:
        raise InvalidRequest(f"Ask for at most {_MOST_ADDRESSES} at once", field="parts")
    return [
        {"number": one.number, "url": one.url, "headers": dict(one.headers), "method": "PUT"}
        for one in wiring.upload_desk().addresses(row, wanted)
    ]


@desk("POST")
def complete(request: HttpRequest, user: User, *, upload_id: UUID) -> Answer:
    """Everything is sent."""
    row = _upload(user, upload_id, Act.EDIT_CATALOGUE)
    said = body(request)
    upload_follower().complete(row, text(said, "sha256"), digests(said))
    return _plain(row)


def _upload(user: User, upload_id: UUID, act: Act) -> Upload:
    row = Upload.objects.select_related("brand", "product").filter(pk=upload_id).first()
    if row is None:
        raise NotFound("Not found, or not yours")
    require(user, row.brand.slug, act)
    return row


def _plain(row: Upload, received: Iterable[Part] = ()) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "product": row.product.code,
        "name": row.name,
        "state": row.state,
        "bytes": row.bytes,
        "partBytes": row.part_bytes,
        "parts": opened_as(row).count,
        "receivedBytes": row.received_bytes,
        "received": [
            {"number": part.number, "bytes": part.size, "sha256": part.sha256} for part in received
        ],
        "problem": row.problem or None,
        "expiresAt": row.expires_at.isoformat(),
    }
