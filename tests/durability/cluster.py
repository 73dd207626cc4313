"""A PostgreSQL server of our own, in a temporary folder: it can be killed and started again without harming anybody."""

import os
import pwd
import random
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg

from tests.durability.ports import quiet_port
from tests.journeys.server import wait_for

ABSENT = "no PostgreSQL binaries (initdb, postgres): on Debian, apt install postgresql"
OWNERS = ("postgres", "nobody")
"""Under whose name the server runs where we are root: it refuses to run as root."""
STARTS_AT_MOST = 10


def binaries() -> Path | None:
    """Return the folder of `initdb` and `postgres`; None where there are none."""
    folders = [Path(place) for place in ("/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin")]
    # The newest first.
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True) + folders
    if asked := shutil.which("pg_config"):
        said = subprocess.run([asked, "--bindir"], capture_output=True, text=True, check=False)
        folders.insert(0, Path(said.stdout.strip() or "/"))
    return next((one for one in folders if (one / "initdb").exists() and (one / "postgres").exists()), None)


def _version(folder: Path) -> float:
    with suppress(ValueError):
        return float(folder.parent.name)
    return 0.0


class Cluster:
    """One server: its folder, its port, its process."""

    def __init__(self, bin_folder: Path) -> None:
        self._bin = bin_folder
        self.folder = Path(mkdtemp(prefix="akim-cluster-"))
        self.port = quiet_port()
        self._as: dict[str, Any] = {}
        self._process: subprocess.Popen[bytes] | None = None
        if os.getuid() == 0:
            owner = next(entry for name in OWNERS if (entry := _entry(name)))
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self._as = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        made = subprocess.run(
            [self._bin / "initdb", "-D", self.folder / "data", "-U", "akim", "--auth=trust", "-E", "UTF8", "--no-locale", "-k"],
            cwd=self.folder, capture_output=True, text=True, check=False, **self._as,
        )  # fmt: skip
        assert made.returncode == 0, made.stdout + made.stderr

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://akim@127.0.0.1:{self.port}/akim"

    @property
    def _address(self) -> str:
        return f"postgresql://akim@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start the server, with every setting as it is delivered; wait until it lets us in."""
        for _ in range(STARTS_AT_MOST):
            with (self.folder / "log").open("ab") as log:
                self._process = subprocess.Popen(
                    [self._bin / "postgres", "-D", self.folder / "data", "-p", str(self.port),
                     "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}"],
                    cwd=self.folder, stdout=log, stderr=log, start_new_session=True, **self._as,
                )  # fmt: skip
            wait_for("the database's answer or its end", lambda: self._is_there() or self._has_ended())
            if not self._has_ended():
                return
        raise AssertionError((self.folder / "log").read_text()[-3000:])

    def make_database(self) -> None:
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute("CREATE DATABASE akim TEMPLATE template0 ENCODING 'UTF8'")

    def kill9(self) -> None:
        """End the server and all of its processes as a power cut would."""
        assert self._process is not None
        for pid in (self._process.pid, *self._parts()):
            _kill9(pid)
        self._process.wait()

    def kill9_backend(self, chance: random.Random) -> None:
        """End one process that serves a connection: the server then throws out all others and recovers."""
        backends = [pid for pid in self._parts() if b"127.0.0.1" in _title(pid)]
        if backends:
            _kill9(chance.choice(backends))

    def remove(self) -> None:
        if self._process is not None and not self._has_ended():
            self.kill9()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _parts(self) -> list[int]:
        assert self._process is not None
        pid = self._process.pid
        with suppress(FileNotFoundError, ProcessLookupError):
            return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return []

    def _has_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _is_there(self) -> bool:
        try:
            psycopg.connect(self._address, connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True


def _entry(name: str) -> pwd.struct_passwd | None:
    with suppress(KeyError):
        return pwd.getpwnam(name)
    return None


def _title(pid: int) -> bytes:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _kill9(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@contextmanager
def own_cluster(bin_folder: Path) -> Iterator[Cluster]:
    """Give a running server with an empty database; nothing of it is left afterwards."""
    cluster = Cluster(bin_folder)
    try:
        cluster.start()
        cluster.make_database()
        yield cluster
    finally:
        cluster.remove()
