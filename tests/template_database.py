"""A database with every migration applied, copied by each process of the tests.

To migrate an empty database takes some twenty seconds, and each process of each run needs one. It
is made again when a migration, the settings or a package's version changes.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "pavilion_template_"


def template_name() -> str:
    """The name of the database for the migrations as they are now."""
    shop = ROOT / "storefront_backend"
    read = [
        *sorted(shop.glob("**/migrations/*.py")),
        shop / "settings.py",
        ROOT / "requirements.lock",
    ]
    digest = hashlib.sha256()
    for path in read:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return f"{PREFIX}{digest.hexdigest()[:12]}"


def ensure_template(name: str, lock: Path) -> None:
    """Make the template on the tests' server unless it is there.

    It is migrated under another name and renamed when whole, so that a killed run leaves no half.
    """
    address = re.sub(r"/pavilion_\d+\?", "/{}?", os.environ["DATABASE_URL"])
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
            if connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", (name,)
            ).fetchone():
                return
            draft = f"test_{name}"
            for command in ("DROP DATABASE IF EXISTS {}", "CREATE DATABASE {}"):
                connection.execute(sql.SQL(command).format(sql.Identifier(draft)))
            _migrate(address.format(draft))
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(draft), sql.Identifier(name)))


def _migrate(address: str) -> None:
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DATABASE_OWNER_URL": address,
        "DJANGO_SETTINGS_MODULE": "storefront_backend.settings",
    }
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"The tests' database could not be migrated:\n{done.stderr[-3000:]}")
