"""The voters' pages as files: what is written when, and what is taken away."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.certificates.models import Certificate
from app.core import jobs
from app.core.database import unit_of_work
from app.publication import service
from app.publication.building import Shelf
from app.results.models import Result
from tests.conftest import NOON, FrozenClock
from tests.factories import OTHER_UNIT, UNIT
from tests.pages import Browser
from tests.publication.stage import (
    NAME,
    build,
    candidate,
    listed,
    publish,
    released,
    take_over,
)


def folder(app: Flask) -> Path:
    return Path(app.extensions["settings"].instance) / "public"


def test_building_writes_what_lists_need_and_takes_the_rest_away(app: Flask) -> None:
    with app.app_context(), unit_of_work() as session:
        actor, entry = candidate(session)
        publish(session, actor, released(session, actor.person_id))
        listed(session, "Үлгібаев Ерлан")
        public_id = entry.public_id
    stray = folder(app) / "kk" / "candidates" / "stray.html"
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_text("old")

    outcome = app.test_cli_runner().invoke(args=["pages", "build"])

    assert outcome.exit_code == 0, outcome.output
    assert not stray.exists()
    for language in ("kk", "ru", "en"):
        names = {path.name for path in (folder(app) / language / "candidates").iterdir()}
        assert len(names) == 4
        assert (folder(app) / language / "places" / f"{UNIT}.html.gz").exists()
        assert (folder(app) / language / "places" / "index.html").exists()
        assert not (folder(app) / language / "places" / f"{OTHER_UNIT}.html").exists()
    assert [path.name for path in (folder(app) / "pdf").iterdir()] == [f"{public_id}.pdf"]


def test_building_twice_writes_the_same_bytes(app: Flask) -> None:
    with app.app_context(), unit_of_work() as session:
        actor, _ = candidate(session)
        publish(session, actor, released(session, actor.person_id))
    build(app)
    first = {path: path.read_bytes() for path in folder(app).rglob("*") if path.is_file()}
    build(app)

    assert {path: path.read_bytes() for path in folder(app).rglob("*") if path.is_file()} == first


def test_the_published_paper_is_byte_for_byte_the_issued_one(app: Flask) -> None:
    with app.app_context(), unit_of_work() as session:
        actor, entry = candidate(session)
        result = released(session, actor.person_id)
        publish(session, actor, result)
        issued = session.scalar(select(Certificate.pdf).where(Certificate.result_id == result.id))
        public_id = entry.public_id
    build(app)

    assert (folder(app) / "pdf" / f"{public_id}.pdf").read_bytes() == issued


def test_one_candidates_change_rewrites_only_their_page(app: Flask) -> None:
    with app.app_context(), unit_of_work() as session:
        actor, entry = candidate(session)
        result = released(session, actor.person_id)
        listed(session, "Үлгібаев Ерлан")
        names = {f"{entry.public_id}.html", f"{entry.public_id}.html.gz", f"{entry.public_id}.pdf"}
        listed_id, result_id = entry.id, result.id
    build(app)
    before = {path: path.stat().st_ino for path in folder(app).rglob("*") if path.is_file()}
    with app.app_context(), unit_of_work() as session:
        publish(session, actor, session.get_one(Result, result_id))

    with app.app_context():
        service.rebuild_candidate(listed_id)

    after = {path: path.stat().st_ino for path in folder(app).rglob("*") if path.is_file()}
    changed = {path.name for path, number in after.items() if before.get(path) != number}
    assert changed == names


def test_a_name_that_left_the_list_loses_its_files(app: Flask) -> None:
    with app.app_context(), unit_of_work() as session:
        take_over(session, f"{UNIT},{NAME}", f"{UNIT},Үлгібаев Ерлан")
    build(app)
    with app.app_context(), unit_of_work() as session:
        take_over(session, f"{UNIT},Үлгібаев Ерлан")

    with app.app_context():
        jobs.drain()

    assert len(list((folder(app) / "kk" / "candidates").glob("*.html"))) == 1
    assert NAME not in (folder(app) / "kk" / "places" / f"{UNIT}.html").read_text()


def test_pages_are_built_anew_by_themselves_when_the_site_has_changed(app: Flask) -> None:
    with app.app_context(), unit_of_work() as session:
        listed(session)
    build(app)
    stamp = folder(app) / "made-by.txt"
    version, old = stamp.read_text(), next((folder(app) / "kk" / "candidates").glob("*.html"))
    before = old.stat().st_ino
    with app.app_context():
        jobs.run_periodic()
    assert old.stat().st_ino == before, "nothing changed, nothing is built"
    stamp.write_text("another version")

    with app.app_context():
        jobs.run_periodic()

    assert stamp.read_text() == version
    assert old.stat().st_ino != before


def test_overdue_pages_are_rewritten_by_the_periodic_round(app: Flask, clock: FrozenClock) -> None:
    with app.app_context(), unit_of_work() as session:
        actor, entry = candidate(session)
        publish(session, actor, released(session, actor.person_id), until=date(2026, 12, 5))
        public_id = entry.public_id
    build(app)
    page = folder(app) / "kk" / "candidates" / f"{public_id}.html"
    assert "last-day" in page.read_text()
    clock.now = NOON + timedelta(days=5)

    with app.app_context():
        jobs.run_periodic()
        jobs.drain()

    assert "last-day" not in page.read_text()
    assert not (folder(app) / "pdf" / f"{public_id}.pdf").exists()


def test_a_full_disk_does_not_keep_a_withdrawn_page(
    app: Flask, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), unit_of_work() as session:
        actor, entry = candidate(session)
        consent = publish(session, actor, released(session, actor.person_id))
        public_id, listed_id, consent_id = entry.public_id, entry.id, consent.public_id
    build(app)
    with app.app_context(), unit_of_work() as session:
        service.withdraw(session, actor, consent_id, now=NOON)

    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(Shelf, "put", refuse)
    with app.app_context():
        service.rebuild_candidate(listed_id)

    assert "There are no published results" in visitor.get(f"/en/candidates/{public_id}").text
    assert not list(folder(app).rglob(f"{public_id}*"))
