"""The incident book of a sitting."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.core import clock
from app.core.errors import NotYours
from app.exams.models import Incident
from app.exams.service import incidents
from app.exams.service.incidents import NoSuchAttempt, code_of
from tests.exams.builders import actor, make_attempt, make_sitting
from tests.exams.test_attempt_views import house
from tests.pages import Browser

SignIn = Callable[..., Browser]


def test_the_newest_entry_stands_first(session: Session) -> None:
    attempt, who = make_attempt(session), actor(session, "organiser")
    sitting, code = attempt.sitting, code_of(attempt)
    incidents.add(session, who, sitting.public_id, kind="power", text="No light.", now=clock.now())
    incidents.add(
        session, who, sitting.public_id, kind="health", text="A nurse came.", code=code, now=clock.now()
    )
    found = incidents.book(session, sitting)

    assert [(one.kind, one.code, one.text) for one in found] == [
        ("Health", code, "A nurse came."),
        ("No power", "", "No light."),
    ]
    assert incidents.book(session, make_sitting(session)) == []
    assert [one.text for one in incidents.book(session, sitting, start=1, most=1)] == ["No light."]


def test_a_code_that_is_nobodys_or_of_two_is_refused(session: Session) -> None:
    sitting, who = make_sitting(session), actor(session, "organiser")
    for number in (1, 2):
        make_attempt(session, sitting=sitting).public_id = UUID(int=number * 10_000 + 77)
    session.flush()
    for code in ("0077", "0078"):
        with pytest.raises(NoSuchAttempt):
            incidents.add(session, who, sitting.public_id, kind="other", text="x", code=code, now=clock.now())
    with pytest.raises(NotYours):
        incidents.add(session, who, UUID(int=5), kind="other", text="x", now=clock.now())


@pytest.mark.parametrize("act", [update(Incident).values(text="other"), delete(Incident)])
def test_an_entry_is_never_changed_or_removed(session: Session, act: object) -> None:
    sitting, who = make_sitting(session), actor(session, "organiser")
    incidents.add(session, who, sitting.public_id, kind="other", text="x", now=clock.now())
    with pytest.raises(IntegrityError, match="only added"):
        session.execute(act)  # type: ignore[call-overload]
    session.rollback()


@pytest.fixture
def organiser(sign_in: SignIn) -> Browser:
    return sign_in("organiser", name="Бірінші Ұйымдастырушы")


def test_an_organiser_notes_what_happened(app: Flask, organiser: Browser) -> None:
    with house(app) as session:
        attempt = make_attempt(session)
        address, code = f"/en/sittings/{attempt.sitting.public_id}", code_of(attempt)
    entry = {"kind": "network", "code": code, "text": "The line was gone\nfor <b>ten</b> minutes."}
    assert organiser.post(f"{address}/incidents", entry).status == 303

    for page in (organiser.get(address), organiser.get(f"{address}/incidents")):
        assert "The line was gone for <b>ten</b> minutes." in page.text
        assert "Бірінші Ұйымдастырушы" in page.text
    with house(app) as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.sequence.desc()).limit(1)).one()
        assert event.tag == "incident-noted"
        assert set(event.about) == {"route", "sitting_id", "incident"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"text": "  "}, "Write what happened."),
        ({"text": "x" * 1001}, "1000"),
        ({"code": "12"}, "A code has four figures."),
        ({"code": "9999"}, "No attempt of this sitting has this code alone."),
        ({"kind": "fire"}, "Correct one answer"),
    ],
)
def test_a_wrong_entry_is_explained(
    app: Flask, organiser: Browser, change: dict[str, str], says: str
) -> None:
    with house(app) as session:
        address = f"/en/sittings/{make_sitting(session).public_id}/incidents"
    page = organiser.post(address, {"kind": "power", "code": "", "text": "No light."} | change)

    assert page.status == 422
    assert says in page.text
    with house(app) as session:
        assert session.scalars(select(Incident)).all() == []
