"""Sealed papers on PostgreSQL: a dump of everything holds no word of them."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from app.exams import service
from app.exams.service.opening import NotOpened, opened
from app.items import service as items
from app.items.models import Draft
from tests.conftest import FrozenClock
from tests.exams import canaries
from tests.exams.canaries import found_in, house
from tests.services import need

pytestmark = pytest.mark.postgresql
NO_PG_DUMP = "no pg_dump on this machine: on Debian, apt install postgresql-client"


@pytest.fixture
def kept(app: Flask) -> Iterator[Flask]:
    before = app.extensions["settings"]
    canaries.keep_by_custodians(app)
    with house(app) as session:
        canaries.load(session)
    yield app
    app.extensions["settings"] = before


def dump(app: Flask) -> bytes:
    """Return everything that the database holds, as its own tool writes it."""
    need(there=shutil.which("pg_dump") is not None, absent=NO_PG_DUMP)
    address = app.extensions["settings"].database.replace("postgresql+psycopg://", "postgresql://", 1)
    assert urlsplit(address).path.startswith("/akim_school_")
    done = subprocess.run(["pg_dump", address], capture_output=True, check=True)
    return done.stdout


def test_a_dump_holds_no_word_of_drafts_or_papers(kept: Flask, clock: FrozenClock) -> None:
    drafts = dump(kept)
    assert b"can-007" in drafts
    assert found_in(drafts) == []

    with house(kept) as session:
        sealed = canaries.seal(session)
    in_custody = dump(kept)
    assert in_custody.count(b"\\\\x") > 20
    assert found_in(in_custody) == []

    clock.now = sealed.opens_at - timedelta(minutes=20)
    with house(kept) as session, pytest.raises(NotOpened):
        opened(session, sealed.paper_id)
    with house(kept) as session:
        canaries.release(session, sealed, now=clock.now)
        assert len(opened(session, sealed.paper_id)) == 22
    assert found_in(dump(kept)) == []

    with house(kept) as session:
        service.tend_custodies(session, sealed.opens_at + timedelta(hours=3))
        assert len(items.wordings_of(session, items.drawable(session, "exam"))) == canaries.ITEMS + 2
        assert session.scalar(select(func.count()).select_from(Draft)) == canaries.ITEMS + 3


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE item_versions SET number = 9",
        'UPDATE item_versions SET content = content || \'{"level": "judge"}\'',
        "UPDATE item_versions SET content = content || '{\"body\": {}}'",
        "DELETE FROM item_versions",
        "TRUNCATE item_versions CASCADE",
        "UPDATE stimulus_versions SET key = 'x'",
        "DELETE FROM stimulus_versions",
        "UPDATE paper_envelopes SET words = ''",
        "DELETE FROM paper_envelopes",
    ],
)
def test_the_database_lets_words_go_and_nothing_else(kept: Flask, change: str) -> None:
    with house(kept) as session:
        canaries.seal(session)
    with house(kept) as session, pytest.raises(DatabaseError, match="only added"), session.begin_nested():
        session.execute(text(change))
