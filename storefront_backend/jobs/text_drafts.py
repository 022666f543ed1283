"""Machine drafts of a brand's texts."""

from __future__ import annotations

import structlog
from django.tasks import task

from storefront_backend.audit.acting import acting
from storefront_backend.catalog.models import Brand
from storefront_backend.texts.drafts import draft_missing
from storefront_backend.wiring.translation import translator

log = structlog.get_logger(__name__)

MOST = 500  # texts of one request; what is left is one more press of the button


@task(queue_name="default")
def draft_texts(brand_id: int, language: str, person: int | None) -> int:
    """Draft what is missing or stale in a language. May run twice: what has a draft is left."""
    machine = translator()
    brand = Brand.objects.filter(pk=brand_id).first()
    if machine is None or brand is None:
        return 0
    with acting(person, f"drafts by {machine.name}"):
        made = draft_missing(brand, language, machine, most=MOST)
    log.info("texts drafted", brand=brand.slug, language=language, texts=made, by=machine.name)
    return made
