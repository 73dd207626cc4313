"""Real servers on ports of their own: the same command that serves the site, for the floor and for ours."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from app.core.settings import DEVELOPMENT_SECRET, Settings
from app.running import web_server
from bench.load import HOST

WORKERS = 2
STARTS_WITHIN_SECONDS = 60.0
ENDS_WITHIN_SECONDS = 40.0


@dataclass(frozen=True)
class Server:
    """One running web server; `pid` is the master's, whose children do the work."""

    port: int
    pid: int

    def workers(self) -> list[int]:
        """Return the processes that answer."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(pid) for pid in children.read_text().split()] if children.exists() else []

    def megabytes(self) -> list[float]:
        """Return what each worker holds in memory, its share of what is shared (PSS)."""
        return [_pss(pid) for pid in self.workers()]

    def cpu_seconds(self) -> float:
        """Return the processor time that the workers have used so far."""
        return sum(_cpu(pid) for pid in self.workers())


def _cpu(pid: int) -> float:
    """Return user and system time in seconds (proc(5), fields 14 and 15; the name before may hold spaces)."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _pss(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup")
    if not rollup.exists():
        return 0.0
    lines = (line.split() for line in rollup.read_text().splitlines())
    return next((int(words[1]) / 1024 for words in lines if words[0] == "Pss:"), 0.0)


@contextmanager
def ours(settings: Settings) -> Iterator[Server]:
    """Serve the site with these settings, behind a proxy as an installation of this size is."""
    environ = {
        "APP_ENV": str(settings.environment),
        "DATABASE_URL": settings.database,
        "INSTANCE": str(settings.instance),
        "DEMO": "1" if settings.demo else "0",
        "COURSE_OPENS_EXAM": "1" if settings.course_opens_exam else "0",
        "STAFF_SECOND_FACTOR": "0",
        "TRUSTED_PROXIES": "1",
        "SECRET_KEY": DEVELOPMENT_SECRET,
    }
    with _served("wsgi:app", environ, ready="/healthz") as server:
        yield server


@contextmanager
def bare(maker: str, database: str) -> Iterator[Server]:
    """Serve one of the floors; `maker` is the name of the function that makes it."""
    with _served(f"bench.floor:{maker}({database!r})", {}, ready="/") as server:
        yield server


@contextmanager
def _served(app: str, environ: Mapping[str, str], *, ready: str) -> Iterator[Server]:
    port = _free_port()
    command = web_server(app, host=HOST, port=port, workers=WORKERS, log_level="error")
    known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ}
    process = subprocess.Popen(command, env={**known, **environ}, start_new_session=True)  # noqa: S603 - ours
    try:
        _wait_for(process, port, ready)
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(ENDS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


def _wait_for(process: "subprocess.Popen[bytes]", port: int, address: str) -> None:
    ends_at = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < ends_at and process.poll() is None:
        line = HTTPConnection(HOST, port, timeout=10)
        try:
            line.request("GET", address)
            line.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            line.close()
    message = f"the server on port {port} did not start"
    raise RuntimeError(message)
