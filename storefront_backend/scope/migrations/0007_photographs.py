"""Photographs of a brand's pieces and their files."""

from django.db import migrations

from storefront_backend.scope.operations import own_rows


class Migration(migrations.Migration):
    dependencies = (("scope", "0006_invitations"), ("photographs", "0001_initial"))
    operations = (
        own_rows("photographs_photograph", "brand_id = ANY (pavilion_brands())"),
        own_rows(
            "photographs_rendition", "photograph_id IN (SELECT id FROM photographs_photograph)"
        ),
    )
