"""The embedded PostgreSQL of a home: started when needed, found again when it already runs.

`ensure_running` may be called at any time by any number of processes. After every kind of kill
it leaves one server over the home's data and a database that answers:

- the server was killed: its backends are waited for, its stale lock file is cleared, it recovers;
- the machine reused the number in that lock file for a foreign process: it is left alone;
- only the caller was killed: the server it had started is still there and is used;
- the making of the data was interrupted: it happens in a folder of its own, renamed when whole.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from storefront_backend.running import cluster as clusters
from storefront_backend.running.cluster import Cluster
from storefront_backend.running.errors import DatabaseUnavailable

ORPHAN_PATIENCE = 3.0  # seconds the backends of a killed server get to notice and leave
START_PATIENCE = 120  # seconds for crash recovery
LOG_LIMIT = 10_000_000  # bytes; a longer log is set aside at the next start


def database_url(home: Path) -> str:
    """The DATABASE_URL of the home's embedded server. Starts and writes nothing."""
    return clusters.url(clusters.place_of(home))


def owner_url(home: Path) -> str:
    """The DATABASE_OWNER_URL of the home's embedded server. Starts and writes nothing."""
    return clusters.url(clusters.place_of(home), clusters.OWNER)


def ensure_running(home: Path, *, durable: bool = True) -> str:
    """Makes sure that the home's server runs and its database answers; returns the DATABASE_URL.

    `durable=False` gives up crash safety for speed: for data that tests throw away.
    Raises DatabaseUnavailable with the reason and the end of the server's log.
    """
    address = database_url(home)
    if _answers(address):
        return address
    home.mkdir(parents=True, exist_ok=True)
    with _alone(home):
        address = _started(home, durable=durable)
    if not _answers_soon(address):
        raise DatabaseUnavailable("The embedded PostgreSQL started but does not answer.", address)
    return address


def is_running(home: Path) -> bool:
    """Whether a server runs over the home's data."""
    return _postmaster(clusters.place_of(home) / "data") is not None


def stop(home: Path) -> None:
    """Stops the home's server, ending its sessions; quietly does nothing where none runs."""
    if not is_running(home):
        return
    with _alone(home):
        cluster = clusters.open_cluster(home)
        running = _postmaster(cluster.data)
        if running is None:
            return
        for mode in ("fast", "immediate"):
            done = cluster.run("pg_ctl", "stop", "-D", str(cluster.data), "-m", mode, "-t", "15")
            if done.returncode == 0:
                return
        running.kill()


def discard(home: Path) -> None:
    """Stops the home's server and removes its data. For tests."""
    stop(home)
    shutil.rmtree(clusters.place_of(home) / "data", ignore_errors=True)


def _started(home: Path, *, durable: bool) -> str:
    cluster = clusters.open_cluster(home)
    if not (cluster.data / "PG_VERSION").exists():
        _make(cluster, durable=durable)
    version = (cluster.data / "PG_VERSION").read_text().strip()
    if version != clusters.VERSION:
        raise DatabaseUnavailable(
            f"The data in {cluster.data} is of PostgreSQL {version}, this is {clusters.VERSION}.",
            "Dump it with the old version and load it again, or set DATABASE_URL.",
        )
    if _postmaster(cluster.data) is None:
        _clear_remains(cluster)
        clusters.configure(cluster, durable=durable)
        _start(cluster)
    _make_database(cluster)
    return clusters.url(cluster.place)


def _make(cluster: Cluster, *, durable: bool) -> None:
    draft = cluster.place / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    done = cluster.run(
        "initdb",
        f"--pgdata={draft}",
        f"--username={clusters.SUPERUSER}",
        "--auth=peer",
        "--encoding=UTF8",
        "--locale=C",
        # One sort order and case mapping on every machine, independent of its C library.
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
        *([] if durable else ["--no-sync"]),
    )
    if done.returncode != 0:
        raise DatabaseUnavailable("The embedded PostgreSQL could not be set up.", done.stdout)
    draft.rename(cluster.data)


def _start(cluster: Cluster) -> None:
    if cluster.log.exists() and cluster.log.stat().st_size > LOG_LIMIT:
        cluster.log.rename(cluster.log.with_suffix(".old"))
    done = cluster.run(
        "pg_ctl",
        *("start", "-D", str(cluster.data), "-l", str(cluster.log)),
        *("-w", "-t", str(START_PATIENCE)),
    )
    if done.returncode != 0:
        said = cluster.log.read_text(errors="replace") if cluster.log.exists() else done.stdout
        raise DatabaseUnavailable("The embedded PostgreSQL did not start.", said[-1500:])


def _make_brand_role(connection: psycopg.Connection[tuple[object, ...]], known: bool) -> None:
    """The role that a brand's requests run as (storefront_backend.scope): the owner and the shop
    may become it, and inherit nothing from it."""
    brand = sql.Identifier(clusters.BRAND_ROLE)
    if not known:
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(brand))
    for role in (clusters.OWNER, clusters.SHOP):
        grant = sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE")
        connection.execute(grant.format(brand, sql.Identifier(role)))


def _make_database(cluster: Cluster) -> None:
    """Creates what is missing of the roles and the database, also in a home of before.

    The owner may create databases (for the tests); the shop's role may only connect, and gets its
    rights to tables from `manage.py migrate`. Neither is a superuser, so nothing said over SQL
    reaches the machine, and neither bypasses rights to rows.
    """
    owner, shop = sql.Identifier(clusters.OWNER), sql.Identifier(clusters.SHOP)
    with psycopg.connect(
        host=str(cluster.socket),
        port=clusters.PORT,
        user=clusters.SUPERUSER,
        dbname="postgres",
        autocommit=True,
    ) as connection:
        rows = connection.execute("SELECT rolname FROM pg_roles").fetchall()
        known = {name for (name,) in rows}
        if clusters.OWNER not in known:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(owner))
        if clusters.SHOP not in known:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(shop))
            # The owner may act as the shop: tests try the shop's rights that way.
            connection.execute(sql.SQL("GRANT {} TO {}").format(shop, owner))
            # A server that has been running since before knows only the roles of then.
            clusters.write_identities(cluster)
            connection.execute("SELECT pg_reload_conf()")
        _make_brand_role(connection, clusters.BRAND_ROLE in known)
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [clusters.DATABASE]
        )
        if found.fetchone() is None:
            database = sql.Identifier(clusters.DATABASE)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))


def _answers(address: str) -> bool:
    try:
        with psycopg.connect(address, connect_timeout=5) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def _answers_soon(address: str) -> bool:
    """A server takes a moment to read its configuration again."""
    for _ in range(50):
        if _answers(address):
            return True
        time.sleep(0.1)
    return False


def _postmaster(data: Path) -> psutil.Process | None:
    """The running server over `data`; None for a stale lock file, its pid may be another's now."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        command = process.cmdline()
    except (OSError, ValueError, psutil.Error):
        return None
    ours = command[:1] and Path(command[0]).name == "postgres" and str(data) in command
    return process if ours else None


def _clear_remains(cluster: Cluster) -> None:
    """Waits for a killed server's backends, then removes its lock files.

    The order matters: the lock file names the shared memory by which a new server sees backends
    that still write, so it may go only when they are gone.
    """
    deadline = time.monotonic() + ORPHAN_PATIENCE
    while orphans := _backends(cluster.data):
        if time.monotonic() > deadline:
            for process in orphans:
                process.kill()
            psutil.wait_procs(orphans, timeout=5)
            break
        time.sleep(0.1)
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)
    for name in (f".s.PGSQL.{clusters.PORT}", f".s.PGSQL.{clusters.PORT}.lock"):
        (cluster.socket / name).unlink(missing_ok=True)


def _backends(data: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.name() == "postgres" and process.cwd() == str(data):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Holds the home's lock; the kernel releases it with the holder, however that ends."""
    handle = os.open(home / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
