"""`manage.py work`: runs background jobs until it is stopped."""

from __future__ import annotations

from typing import Any

from dj_queue.config import load_backend_config
from dj_queue.management.commands.dj_queue import wait_for_dj_queue_migrations
from django.core.management.base import BaseCommand, CommandError

from storefront_backend.background.guard import build_supervisor


class Command(BaseCommand):
    """The queue's workers, each bounded in time and memory from outside."""

    help = "Run background jobs; each worker that overruns its task's limits is replaced"

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until SIGTERM or SIGINT."""
        config = load_backend_config()
        if config.mode != "fork":
            raise CommandError(
                "The queue must be in mode fork: no thread can be ended from outside"
            )
        wait_for_dj_queue_migrations(config.database_alias, stdout=self.stdout)  # type: ignore[no-untyped-call] # dj_queue types its api module only
        build_supervisor().run()  # type: ignore[no-untyped-call] # as above
