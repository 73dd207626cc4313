"""A real installation: prepared, served, killed and started again, each as processes of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from tempfile import gettempdir
from urllib.error import URLError
from urllib.request import urlopen

from app.core.settings import ROOT

PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.1


def wait_for(what: str, look: Callable[[], object], *, seconds: float = PATIENCE_SECONDS) -> None:
    """Return as soon as `look` finds something."""
    end = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < end, f"waited {seconds} seconds in vain: {what}"
        time.sleep(PAUSE_SECONDS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Installation:
    """One school on this machine.

    Attributes:
        folder: its instance folder.
        database_url: SQLite in the folder when empty.
        settings: further settings, as the environment names them.
    """

    folder: Path
    database_url: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    _served: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def supervisor(self) -> int:
        """The process that starts the parts."""
        assert self._served is not None
        return self._served.pid

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def _environment(self) -> dict[str, str]:
        outer = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {
            **outer,
            # Half of a start is compiling where nothing may be written beside the sources.
            "PYTHONPYCACHEPREFIX": str(Path(gettempdir()) / "akim-school-bytecode"),
            "FLASK_APP": "wsgi",
            "INSTANCE": str(self.folder),
            "DATABASE_URL": self.database_url,
            "PORT": str(self.port),
            "RATE_LIMITS": "0",
            **self.settings,
        }

    def flask(self, *arguments: str, typed: str = "") -> str:
        """Run a command of the application and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", *arguments],
            cwd=ROOT, env=self._environment(), input=typed, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (
            f"flask {arguments} ended with {done.returncode}\n{done.stdout}{done.stderr}"
        )
        return done.stdout

    # -- serving -------------------------------------------------------------------------------

    def start(self) -> None:
        """Serve as `make run` does: the web server and the job consumer under one supervisor."""
        with self.log.open("ab") as log:
            self._served = subprocess.Popen(
                [sys.executable, "-m", "flask", "serve"],
                cwd=ROOT, env=self._environment(), stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        try:
            wait_for("the server's answer", self._is_ready)
        except AssertionError as slow:
            raise AssertionError(self.log.read_text()[-4000:]) from slow

    def kill9(self) -> None:
        """End the web server, its workers and the consumer as a power cut would: none can say goodbye."""
        assert self._served is not None
        parts = _children(self._served.pid)
        for group in (self._served.pid, *parts):
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        self._served.wait()
        self._served = None
        wait_for("the end of the server", lambda: not self._is_listening())

    def stop(self) -> None:
        if self._served is not None:
            self.kill9()

    def _is_ready(self) -> bool:
        assert self._served is not None
        assert self._served.poll() is None, "the server ended by itself"
        try:
            with urlopen(f"{self.url}/readyz", timeout=5) as answer:  # noqa: S310 - our own http address
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def _is_listening(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    # -- looking at it from outside --------------------------------------------------------------

    def letters(self, to: str) -> list[EmailMessage]:
        """Return the letters to this address so far, oldest first."""
        found = sorted(self.folder.glob("mail/*.eml"), key=lambda path: path.stat().st_mtime_ns)
        letters = [message_from_bytes(one.read_bytes(), policy=default) for one in found]
        return [letter for letter in letters if letter["To"] == to]

    def faults(self) -> list[str]:
        """Return the lines of the log that tell of something broken inside."""
        signs = ("Traceback", "failed", "ERROR", "CRITICAL")
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return [line for line in lines if any(sign in line for sign in signs)]


def _children(process: int) -> list[int]:
    children = Path(f"/proc/{process}/task/{process}/children")
    # It may have ended by itself.
    return [int(one) for one in children.read_text().split()] if children.exists() else []
