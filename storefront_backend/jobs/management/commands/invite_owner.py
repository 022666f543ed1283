"""`manage.py invite_owner --brand SLUG --email EMAIL`: a brand's first owner."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from storefront_backend.catalog.models import Brand
from storefront_backend.commerce.errors import CommerceError
from storefront_backend.jobs.people import invite_owner


class Command(BaseCommand):
    """Mails the invitation; the link in it works for a week."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, and to which brand."""
        parser.add_argument("--brand", required=True, help="the brand's short name")
        parser.add_argument("--email", required=True)
        parser.add_argument("--language", default="en", choices=("en", "zh-Hans", "zh-Hant"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Invite and say so."""
        brand = Brand.objects.filter(slug=options["brand"]).first()
        if brand is None:
            raise CommandError(f"There is no brand {options['brand']}")
        try:
            row = invite_owner(brand, options["email"], language=options["language"])
        except CommerceError as error:
            raise CommandError(f"{error.code}: {error.message}") from None
        self.stdout.write(
            f"Invited {row.email} to {brand.slug} as owner, until {row.expires_at:%F}"
        )
