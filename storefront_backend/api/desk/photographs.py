"""Photographs of a product.

POST   brands/<brand>/products/<code>/photographs/?name=front.jpg   the file itself as the body
POST   brands/<brand>/products/<code>/photographs/   {url}  as JSON: fetched in the background
GET    brands/<brand>/products/<code>/photographs/          all, in order
POST   brands/<brand>/products/<code>/photographs/order/    {photographs: [id, …]}
GET    photographs/<id>/                                    state, problem, files
POST   photographs/<id>/       {alt?: {language: text}, variant?: sku or null}
POST   photographs/<id>/retry/                              one that was refused or failed
DELETE photographs/<id>/
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from i18n.locales import LANGUAGES
from showroom.photographs.develop import LIMITS
from storefront_backend import wiring
from storefront_backend.accounts.models import User
from storefront_backend.accounts.rights import Act, require
from storefront_backend.api.desk.access import Answer, body, brand_of, desk, text
from storefront_backend.api.desk.bodies import file_of
from storefront_backend.catalog.models import Product, ProductVariant
from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.jobs.photographs import photograph_desk
from storefront_backend.photographs import desk as use_cases
from storefront_backend.photographs.models import Photograph

_HINT = "Save it as JPEG with a quality of 90."


@desk("GET", "POST")
def photographs(request: HttpRequest, user: User, *, brand: str, code: str) -> Answer:
    """The product's photographs, or a new one."""
    product = _product(user, brand, code, request.method == "POST")
    if request.method == "GET":
        rows = Photograph.objects.filter(product=product).prefetch_related("renditions")
        return [_plain(row) for row in rows]
    if request.content_type == "application/json":
        url = text(body(request), "url")
        return _plain(photograph_desk().take_address(product, url, by=user))
    name = request.GET.get("name", "")
    with file_of(request, LIMITS.file_bytes, _HINT) as file:
        return _plain(photograph_desk().take(product, name, file, by=user))


@desk("POST")
def order(request: HttpRequest, user: User, *, brand: str, code: str) -> Answer:
    """Put them into an order."""
    product = _product(user, brand, code, writing=True)
    ids = body(request).get("photographs")
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise InvalidRequest("photographs must list ids", field="photographs")
    use_cases.order(product, ids)
    return [_plain(row) for row in Photograph.objects.filter(product=product)]


@desk("GET", "POST", "DELETE")
def photograph(request: HttpRequest, user: User, *, photograph_id: UUID) -> Answer:
    """One of them: shown, described, deleted."""
    reading = request.method == "GET"
    row = _row(user, photograph_id, Act.READ_CATALOGUE if reading else Act.EDIT_CATALOGUE)
    if request.method == "DELETE":
        said = _plain(row)
        row.delete()
        return said
    if request.method == "POST":
        _describe(row, body(request))
    return _plain(row)


@desk("POST")
def retry(request: HttpRequest, user: User, *, photograph_id: UUID) -> Answer:
    """Try it again."""
    row = _row(user, photograph_id, Act.EDIT_CATALOGUE)
    photograph_desk().retry(row)
    return _plain(row)


def _describe(row: Photograph, said: dict[str, Any]) -> None:
    alt = said.get("alt", {})
    if not isinstance(alt, dict) or set(alt) - set(LANGUAGES):
        raise InvalidRequest(
            "alt must be texts by language", field="alt", hint=f"Use {', '.join(LANGUAGES)}"
        )
    if not all(isinstance(each, str) for each in alt.values()):
        raise InvalidRequest("alt must be texts by language", field="alt")
    if "variant" in said:
        row.variant = _variant(row, said["variant"])
        row.save(update_fields=["variant"])
    use_cases.describe(row, alt)


def _variant(row: Photograph, sku: Any) -> ProductVariant | None:
    if sku is None:
        return None
    found = ProductVariant.objects.filter(product=row.product_id, own_sku=str(sku)[:80]).first()
    if found is None:
        raise InvalidRequest(f"The product has no variant {sku!r}", field="variant")
    return found


def _product(user: User, brand: str, code: str, writing: bool) -> Product:
    owner = brand_of(user, brand, Act.EDIT_CATALOGUE if writing else Act.READ_CATALOGUE)
    product = Product.objects.filter(brand=owner, code=code).first()
    if product is None:
        raise NotFound(f"{owner} has no product {code!r}", field="product")
    return product


def _row(user: User, photograph_id: UUID, act: Act) -> Photograph:
    rows = Photograph.objects.select_related("brand", "variant")
    row = rows.filter(pk=photograph_id).first()
    if row is None:
        raise NotFound("Not found, or not yours")
    require(user, row.brand.slug, act)
    return row


def _plain(row: Photograph) -> dict[str, Any]:
    store = wiring.assets()
    return {
        "id": str(row.pk),
        "name": row.source_name,
        "url": row.source_url or None,
        "state": row.state,
        "problem": row.problem or None,
        "position": row.position,
        "alt": row.alt,
        "variant": row.variant.own_sku if row.variant else None,
        "width": row.width,
        "height": row.height,
        "files": [
            {
                "mediaType": each.media_type,
                "width": each.width,
                "height": each.height,
                "bytes": each.bytes,
                "url": store.url(each.key),
            }
            for each in row.renditions.all()
        ],
    }
