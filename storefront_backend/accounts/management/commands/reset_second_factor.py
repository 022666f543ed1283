"""`manage.py reset_second_factor EMAIL`: for a person who has lost phone, passkeys and codes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from storefront_backend.accounts.models import User
from storefront_backend.accounts.second_factor import remove_all


class Command(BaseCommand):
    """Removes the account's factors and ends its sessions. Make sure first who asks for it."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """The account's address."""
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        """Remove and say how many."""
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"There is no account {email}")
        count = remove_all(user)
        self.stdout.write(f"Removed {count} second factors of {user.email}; all sessions ended")
