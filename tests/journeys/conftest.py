"""What a journey needs: Chromium, installations on SQLite and PostgreSQL, screens."""

import fcntl
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Browser

from tests import services
from tests.journeys.screen import Screen
from tests.journeys.server import Installation

POSTGRESQL = os.environ.get("TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")
NO_POSTGRESQL = (
    f"no PostgreSQL at {POSTGRESQL}: on Debian, apt install postgresql, and let `postgres` in from 127.0.0.1 "
    "(trust in pg_hba.conf), or name another server: TEST_POSTGRESQL=postgresql://user:password@host:5432"
)
SCREENS = pytest.StashKey[list[Screen]]()
NONE: list[Screen] = []


@pytest.fixture
def open_screen(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Screen]]:
    """Return a function: open_screen(school, language="ru", width=1280) gives a browser of its own."""
    screens: list[Screen] = []
    request.node.stash[SCREENS] = screens

    def open_one(school: Installation, **options: object) -> Screen:
        screens.append(Screen(chromium, school.url, **options))  # type: ignore[arg-type]  # as the test names them
        return screens[-1]

    yield open_one
    for screen in screens:
        screen.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say of a journey that failed what stood on its screens."""
    report = yield
    if report.failed and report.when == "call":
        screens = item.stash.get(SCREENS, NONE)
        for number, screen in enumerate(screens):
            report.sections.append((f"Screen {number}", screen.picture(f"akim-school-screen-{number}.png")))
    return report


# -- installations ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all processes of one run of the tests have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Let one process of the run in at a time."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def prepared_once(folder: Path, *, base: Path | None = None, **settings: str) -> Path:
    """Return the folder of a prepared installation, made by the first process that asks."""
    done = folder / "prepared"
    with only_one(folder.with_suffix(".lock")):
        if not done.exists():
            if base is not None:
                shutil.copytree(base, folder)
            folder.mkdir(exist_ok=True)
            Installation(folder, settings=settings).flask("prepare")
            done.touch()
    return folder


@pytest.fixture(scope="session")
def empty_school(shared: Path) -> Path:
    """Content and bank are loaded; nobody has an account."""
    return prepared_once(shared / "empty-school")


@pytest.fixture(scope="session")
def demonstration(
    chromium: Browser,
    shared: Path,
    empty_school: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Installation]:
    """The demonstration, served as `make run` serves it; shared by the tests that only look."""
    settings = {"DEMO": "1", "STAFF_SECOND_FACTOR": "0"}
    played = prepared_once(shared / "demonstration", base=empty_school, **settings)
    yield from serving(
        Installation(copied(played, tmp_path_factory.mktemp("demonstration")), settings=settings)
    )


@pytest.fixture
def sqlite_school(chromium: Browser, empty_school: Path, tmp_path: Path) -> Iterator[Installation]:
    yield from serving(Installation(copied(empty_school, tmp_path / "instance")))


@pytest.fixture
def postgresql_school(chromium: Browser, tmp_path: Path) -> Iterator[Installation]:
    with new_database() as url:
        school = Installation(tmp_path, url)
        school.flask("prepare")
        yield from serving(school)


def copied(prepared: Path, target: Path) -> Path:
    shutil.copytree(prepared, target, dirs_exist_ok=True)
    return target


def serving(school: Installation) -> Iterator[Installation]:
    school.start()
    try:
        yield school
    finally:
        school.stop()


@contextmanager
def new_database() -> Iterator[str]:
    """Make a PostgreSQL database, and drop it afterwards."""
    name = f"journey_{uuid4().hex}"
    try:
        server = psycopg.connect(POSTGRESQL, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        services.miss(NO_POSTGRESQL)
    with server:
        server.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
        try:
            yield f"{POSTGRESQL.replace('postgresql://', 'postgresql+psycopg://', 1)}/{name}"
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
