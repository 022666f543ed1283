#!/usr/bin/env python
"""Django's commands. Starts the embedded PostgreSQL first where no DATABASE_URL is set."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django
from django.core.management import execute_from_command_line

from storefront_backend.production import refuse_unfit
from storefront_backend.running.errors import RunningError
from storefront_backend.running.postgres import ensure_running

WITHOUT_DATABASE = {"help", "version", "--help", "--version", "collectstatic", "makemessages"}
# What serves shoppers; in production only where nothing speaks against it.
SERVERS = {"dj_queue", "runserver"}


def main() -> None:
    """Runs one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_backend.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if not os.environ.get("DATABASE_URL") and command not in WITHOUT_DATABASE:
        home = os.environ.get("PAVILION_HOME") or Path(__file__).resolve().parent / ".pavilion"
        try:
            ensure_running(Path(home))
        except RunningError as error:
            sys.exit(str(error))
    if command in SERVERS:
        django.setup()
        refuse_unfit()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
