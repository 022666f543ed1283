"""Products that were made in a Saleor and taken in from there."""

from __future__ import annotations

from django.db import models


class Intake(models.Model):
    """One product that we took in, by its id in that Saleor; ours bears the same slug.

    `waiting` holds, by sku, the codes of what a variant lacks before it may be sold. One that is
    in it is inactive by our doing, and active again once it lacks nothing; one that a brand took
    off itself is not in it.
    """

    api_url = models.CharField(max_length=300)  # of the Saleor, whichever installation reads it
    product_id = models.CharField(max_length=120)
    slug = models.CharField(max_length=120, db_index=True)
    names = models.JSONField(default=dict)  # by sku: what Saleor calls the variant
    media = models.JSONField(default=list)  # [address, description]
    waiting = models.JSONField(default=dict, blank=True)
    problems = models.JSONField(default=list, blank=True)  # as they were shown last
    taken_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("slug",)
        constraints = (
            models.UniqueConstraint(fields=("api_url", "product_id"), name="one_intake_a_product"),
        )

    def __str__(self) -> str:
        return f"{self.slug}: {len(self.waiting)} variants wait"
