"""`manage.py migrate` as the owner of the tables; then the shop's role gets its rights to them."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from storefront_backend.database_roles import as_owner, grant_to_shop


class Command(migrate.Command):
    """Django's, by DATABASE_OWNER_URL where that is set."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate and grant."""
        with as_owner():
            super().handle(*args, **options)
            if not options.get("plan") and not options.get("check_unapplied"):
                grant_to_shop()
