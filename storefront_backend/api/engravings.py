"""What can be engraved on a piece, and how it will look."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import graphene
from django.conf import settings
from django.urls import reverse

from storefront_backend.commerce.engraving import EngravingRefused, read


class EngravingPreview(graphene.ObjectType):
    """How an engraving will look, or why it cannot be cut."""

    text = graphene.String(required=True, description="As it will be cut")
    script = graphene.String(description="latin, arabic, thai or east-asian")
    url = graphene.String(description="A picture; none where the text is refused or empty")
    is_by_hand = graphene.Boolean(
        required=True,
        description="No face of the script is at hand: the picture shows it in the reader's own",
    )
    problem = graphene.String(description="too_long, letters or mixed")


def preview(
    market: str, language: str, slug: str, longest: int, *, alloy: str, text: str
) -> dict[str, Any]:
    """An EngravingPreview's values."""
    try:
        engraving = read(text, longest)
    except EngravingRefused as refusal:
        return {"text": text, "is_by_hand": False, "problem": refusal.reason}
    path = reverse("web:engraving", args=(market, language, slug))
    query = urlencode({"alloy": alloy, "text": engraving.text})
    return {
        "text": engraving.text,
        "script": engraving.script.value,
        "url": f"{settings.PUBLIC_URL.rstrip('/')}{path}?{query}" if engraving.text else None,
        "is_by_hand": not engraving.has_face,
    }
