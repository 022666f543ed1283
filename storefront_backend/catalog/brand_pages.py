"""A brand's own page: what shoppers see of it, and the draft that replaces it.

    PageDraft ──publish, at once or at `publish_at`──> Brand's texts and PublishedPage

Texts by language are Brand's columns, which translators write as well; the rest is PublishedPage's.
A draft keeps what was public when it was begun, so that publishing it changes only what its writer
changed (`catalog.page_content`).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from storefront_backend.audit.tracking import tracked


@tracked("brand", "hero", "film", "film_key", "logo", "pictures")
class PublishedPage(models.Model):
    """What a brand's page shows beside its texts. A brand without a row shows its texts alone."""

    brand = models.OneToOneField("catalog.Brand", on_delete=models.CASCADE, related_name="page")
    hero = models.ForeignKey(
        "catalog.Product", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    film = models.CharField(max_length=500, blank=True)  # an https address elsewhere
    film_key = models.CharField(max_length=200, blank=True)  # or a file in the AssetStore
    logo = models.CharField(max_length=36, blank=True)  # a photograph's id
    pictures = models.JSONField(default=list, blank=True)  # photographs' ids, in order
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"page of {self.brand}"


class PageDraft(models.Model):
    """Changes of a page that are not public yet; no row where there are none."""

    brand = models.OneToOneField(
        "catalog.Brand", on_delete=models.CASCADE, related_name="page_draft"
    )
    body = models.JSONField()  # page_content.PageContent
    base = models.JSONField()  # the PageContent that was public when the draft was saved last
    publish_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    edited_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(
                fields=("publish_at",),
                condition=Q(publish_at__isnull=False),
                name="page_to_publish",
            ),
        )

    def __str__(self) -> str:
        return f"draft of {self.brand}"
