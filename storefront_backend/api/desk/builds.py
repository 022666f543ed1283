"""Builds of a product's model: watched while they run, stopped, tried again, chosen.

GET  brands/<brand>/products/<code>/builds/   newest first
GET  builds/<id>/                             state, stage, progress, report, files
POST builds/<id>/cancel/ | retry/ | show/     show makes it the one that shoppers see
POST builds/<id>/parts/   {parts: {name: {role, material, finish} | null}}   what its parts are
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from storefront_backend import wiring
from storefront_backend.accounts.models import User
from storefront_backend.accounts.rights import Act, require
from storefront_backend.api.desk.access import Answer, body, brand_of, desk
from storefront_backend.commerce.errors import InvalidRequest, NotFound
from storefront_backend.jobs.builds import build_desk
from storefront_backend.models3d.builds import cancel_build, show_build
from storefront_backend.models3d.models import Build


@desk("GET")
def builds(request: HttpRequest, user: User, *, brand: str, code: str) -> Answer:
    """The product's builds, without their reports."""
    owner = brand_of(user, brand, Act.READ_CATALOGUE)
    rows = Build.objects.filter(model__brand=owner, model__product__code=code)
    return [_plain(row) for row in rows.select_related("model")[:50]]


@desk("GET")
def build(request: HttpRequest, user: User, *, build_id: int) -> Answer:
    """One build in full; ask again every few seconds while it runs."""
    row = _build(user, build_id, Act.READ_CATALOGUE)
    store = wiring.assets()
    files = [
        {
            "kind": asset.kind,
            "alloy": asset.alloy,
            "variation": asset.variation,
            "mediaType": asset.media_type,
            "bytes": asset.bytes,
            "url": store.url(asset.key),
        }
        for asset in row.assets.all()
    ]
    return {**_plain(row), "report": row.report, "assets": files}


@desk("POST")
def cancel(request: HttpRequest, user: User, *, build_id: int) -> Answer:
    """Stop it."""
    row = _build(user, build_id, Act.EDIT_CATALOGUE)
    cancel_build(row)
    return _plain(row)


@desk("POST")
def retry(request: HttpRequest, user: User, *, build_id: int) -> Answer:
    """Try it again; the answer may be another build that runs instead."""
    return _plain(build_desk().retry(_build(user, build_id, Act.EDIT_CATALOGUE)))


@desk("POST")
def show(request: HttpRequest, user: User, *, build_id: int) -> Answer:
    """Make it the one that shoppers see."""
    row = _build(user, build_id, Act.EDIT_CATALOGUE)
    show_build(row)
    return _plain(_build(user, build_id, Act.EDIT_CATALOGUE))


@desk("POST")
def parts(request: HttpRequest, user: User, *, build_id: int) -> Answer:
    """Say what parts are; the answer is the build that follows. It holds for the next upload."""
    row = _build(user, build_id, Act.EDIT_CATALOGUE)
    said = body(request).get("parts")
    if not isinstance(said, dict) or not said:
        raise InvalidRequest("parts must name at least one part", field="parts")
    return _plain(build_desk().correct(row, said))


def _build(user: User, build_id: int, act: Act) -> Build:
    row = Build.objects.select_related("model__brand").filter(pk=build_id).first()
    if row is None:
        raise NotFound("Not found, or not yours")
    require(user, row.model.brand.slug, act)
    return row


def _plain(row: Build) -> dict[str, Any]:
    return {
        "id": row.pk,
        "state": row.state,
        "stage": row.stage,
        "progress": row.progress,
        "attempts": row.attempts,
        "source": row.source_name,
        "recipe": row.recipe,
        "shown": row.model.current_build_id == row.pk,
        "createdAt": row.created_at.isoformat(),
        "finishedAt": row.finished_at.isoformat() if row.finished_at else None,
    }
