"""Invitations to a brand."""

from django.db import migrations

from storefront_backend.scope.operations import own_rows


class Migration(migrations.Migration):
    dependencies = (("scope", "0005_suspensions"), ("accounts", "0003_people"))
    operations = (own_rows("accounts_invitation", "brand_id = ANY (pavilion_brands())"),)
