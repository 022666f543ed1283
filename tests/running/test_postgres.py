"""The embedded PostgreSQL recovers from any killed process with all that was committed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from storefront_backend.running import cluster, postgres
from storefront_backend.running.errors import DatabaseUnavailable
from tests.patience import stretched

pytestmark = [pytest.mark.drill, pytest.mark.xdist_group("embedded postgres")]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home whose server is as durable as the shop's; making one takes a while."""
    home = tmp_path_factory.mktemp("shop")
    yield home
    postgres.discard(home)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home without a server, and none left after the test."""
    home = tmp_path / "home"
    yield home
    postgres.discard(home)


def server(home: Path) -> psutil.Process:
    lines = (cluster.place_of(home) / "data" / "postmaster.pid").read_text().splitlines()
    return psutil.Process(int(lines[0]))


def write_a_row(home: Path) -> None:
    with psycopg.connect(postgres.owner_url(home)) as connection:
        connection.execute("DROP TABLE IF EXISTS ring")
        connection.execute("CREATE TABLE ring (size int)")
        connection.execute("INSERT INTO ring VALUES (52)")


def rows(home: Path) -> list[tuple[int]]:
    with psycopg.connect(postgres.owner_url(home)) as connection:
        return connection.execute("SELECT size FROM ring").fetchall()


def test_a_second_caller_finds_the_server_of_the_first(shop: Path) -> None:
    first = postgres.ensure_running(shop)
    running = server(shop)
    assert postgres.ensure_running(shop) == first == postgres.database_url(shop)
    assert server(shop) == running


def test_a_killed_server_comes_back_with_its_rows(shop: Path) -> None:
    address = postgres.ensure_running(shop)
    write_a_row(shop)
    server(shop).kill()
    assert postgres.ensure_running(shop) == address
    assert rows(shop) == [(52,)]


def test_four_callers_at_once_make_one_server(home: Path) -> None:
    code = "import sys, pathlib; from storefront_backend.running import postgres; "
    code += "postgres.ensure_running(pathlib.Path(sys.argv[1]), durable=False)"
    callers = [subprocess.Popen([sys.executable, "-c", code, str(home)]) for _ in range(4)]
    assert [caller.wait(stretched(120)) for caller in callers] == [0, 0, 0, 0]
    assert postgres.is_running(home)


def test_a_stranger_with_the_number_of_the_dead_server_is_left_alone(shop: Path) -> None:
    postgres.ensure_running(shop)
    write_a_row(shop)
    postgres.stop(shop)
    with subprocess.Popen(["sleep", "300"]) as stranger:
        lock = cluster.place_of(shop) / "data" / "postmaster.pid"
        lock.write_text(f"{stranger.pid}\n")
        postgres.ensure_running(shop)
        assert stranger.poll() is None
        stranger.kill()
    assert rows(shop) == [(52,)]


def test_a_half_made_cluster_is_made_anew(home: Path) -> None:
    place = cluster.open_cluster(home).place
    (place / "data.new" / "base").mkdir(parents=True)
    postgres.ensure_running(home, durable=False)
    assert postgres.is_running(home)
    assert not (place / "data.new").exists()


def test_a_folder_too_deep_for_a_socket_still_works(tmp_path: Path) -> None:
    home = tmp_path / ("deep" * 25) / "home"
    postgres.ensure_running(home, durable=False)
    try:
        socket = cluster.socket_folder(cluster.place_of(home))
        assert len(str(socket)) < 40
        assert socket.stat().st_mode & 0o777 == 0o700
        write_a_row(home)
    finally:
        postgres.discard(home)


def test_the_shop_is_no_superuser_and_its_writes_reach_the_disk(shop: Path) -> None:
    with psycopg.connect(postgres.ensure_running(shop)) as connection:
        rights = "rolsuper, rolbypassrls, rolcreatedb, rolcreaterole"
        role = connection.execute(f"SELECT {rights} FROM pg_roles WHERE rolname = user")
        assert role.fetchone() == (False, False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("CREATE TABLE of_its_own ()")
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW server_version_num").fetchone() >= ("180000",)


def test_data_of_another_release_is_refused_and_kept(home: Path) -> None:
    data = cluster.open_cluster(home).data
    data.mkdir()
    (data / "PG_VERSION").write_text("17\n")
    with pytest.raises(DatabaseUnavailable, match="is of PostgreSQL 17, this is 18"):
        postgres.ensure_running(home)
    assert (data / "PG_VERSION").read_text() == "17\n"


def test_asking_for_the_address_starts_and_writes_nothing(tmp_path: Path) -> None:
    address = postgres.database_url(tmp_path / "home with spaces")
    assert address.startswith("postgresql://pavilion_shop@/pavilion?host=/")
    assert "home%20with%20spaces" in address or "/tmp/pavilion-" in address
    assert os.listdir(tmp_path) == []


def test_a_home_of_before_there_were_two_roles_is_upgraded_while_it_runs(shop: Path) -> None:
    postgres.ensure_running(shop)
    place = cluster.open_cluster(shop)
    write_a_row(shop)
    with psycopg.connect(cluster.url(place.place, cluster.SUPERUSER), autocommit=True) as server:
        server.execute("DROP ROLE pavilion_shop")
        old = [line for line in identities(place) if not line.endswith(cluster.SHOP)]
        (place.data / "pg_ident.conf").write_text("\n".join([*old, ""]))
        server.execute("SELECT pg_reload_conf()")
    address = postgres.ensure_running(shop)
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("pavilion_shop",)
    assert rows(shop) == [(52,)]


def identities(place: cluster.Cluster) -> list[str]:
    return (place.data / "pg_ident.conf").read_text().splitlines()
