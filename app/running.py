"""Preparing an installation and serving it: one web server and one job consumer, restarted when they die."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from app.core import durability
from app.core.database import db
from app.core.durability import NotDurable
from app.core.settings import Settings

LOOK_EVERY_SECONDS = 0.5
PAUSE_SECONDS = 1.0
"""Between the death of a part and its restart, so that a part that cannot start does not spin."""
GRACE_SECONDS = 30
PR_SET_PDEATHSIG = 1


def prepare_with(steps: Callable[[Settings], list[tuple[str, Callable[[], object]]]]) -> click.Command:
    """Return the command `prepare`: the database, then each of `steps` (what it does, how)."""

    @click.command("prepare")
    def prepare() -> None:
        """Bring the database and the content up to date; safe to repeat, and quick when nothing changed."""
        settings: Settings = current_app.extensions["settings"]
        logging.getLogger("alembic").setLevel(logging.WARNING)
        _ensure_durable()
        for title, act in [("database", upgrade), *steps(settings)]:
            begun = time.monotonic()
            click.echo(f"  {title} … ", nl=False)
            outcome = act()
            said = f"{outcome}, " if isinstance(outcome, str) else ""
            click.echo(f"{said}{time.monotonic() - begun:.1f} s")

    return prepare


@click.command("serve")
def serve() -> None:
    """Serve the site and do the jobs until told to stop; a part that dies is started again."""
    settings: Settings = current_app.extensions["settings"]
    _ensure_durable()
    click.echo(f"\n  Akim School: {settings.base_url}/")
    if settings.demo:
        click.echo(current_app.extensions["welcome"]())
    sys.exit(_supervise([_web(settings), _jobs()]))


def _ensure_durable() -> None:
    """Go on only with a database that keeps what it acknowledged; say what is not as it should be."""
    try:
        warnings = durability.ensure(db.engine)
    except NotDurable as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except OperationalError:
        # After a power cut it may come up later than we do; every connection is asked once more.
        warnings = ["the database does not answer yet"]
    for warning in warnings:
        click.echo(f"  warning: {warning}", err=True)
    # The parts that are started now open connections of their own.
    db.engine.dispose()


def _web(settings: Settings) -> list[str]:
    port = int(os.environ.get("PORT", "8000"))
    host = os.environ.get("HOST", "127.0.0.1")
    workers = int(os.environ.get("WORKERS", "2"))
    level = "warning" if settings.demo else "info"
    return web_server("wsgi:app", host=host, port=port, workers=workers, log_level=level)


def web_server(app: str, *, host: str, port: int, workers: int, log_level: str) -> list[str]:
    """Return the command that serves `app`, a name as gunicorn takes it."""
    temporary = ["--worker-tmp-dir", "/dev/shm"] if Path("/dev/shm").is_dir() else []  # noqa: S108 - gunicorn's heartbeat
    return [
        sys.executable, "-m", "gunicorn", app, "--bind", f"{host}:{port}", "--workers", str(workers),
        "--worker-class", "gthread", "--threads", "4", "--timeout", "60", "--graceful-timeout", "30",
        "--keep-alive", "15", "--max-requests", "100000", "--max-requests-jitter", "10000",
        "--no-control-socket", "--log-level", log_level, *temporary,
    ]  # fmt: skip


def _jobs() -> list[str]:
    return [
        sys.executable,
        "-m",
        "huey.bin.huey_consumer",
        "wsgi.queue",
        "-w",
        "1",
        "-k",
        "thread",
        "-m",
        "1",
        "-q",
    ]


def _supervise(commands: list[list[str]]) -> int:
    """Run `commands` until a signal comes; return the exit status."""
    stopping = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    parts = [_start(command) for command in commands]
    while not stopping:
        time.sleep(LOOK_EVERY_SECONDS)
        for place, part in enumerate(parts):
            if part.poll() is not None and not stopping:
                name = " ".join(commands[place][2:4])
                click.echo(f"  {name} ended with {part.returncode}: starting it again", err=True)
                time.sleep(PAUSE_SECONDS)
                parts[place] = _start(commands[place])
    for part in parts:
        part.terminate()
    for part in parts:
        try:
            part.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            part.kill()
    return 0


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    # A group of its own: Ctrl-C reaches the supervisor alone, which then ends the parts in order.
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_die_with_parent)  # noqa: S603, PLW1509 - ours; one thread


def _die_with_parent() -> None:
    """Ask the kernel to end this part when the supervisor is killed: nothing may be left holding the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
