"""The pages of decisions: proposing, looking, approving with the password, withdrawing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.core import clock as house_clock
from app.exams.models import Attempt, Decision
from app.exams.service import late_answers
from app.exams.service.kinds import Target
from tests.conftest import FrozenClock
from tests.exams.builders import make_attempt, make_sitting
from tests.exams.deciding import REASON, answered_late, approve, propose
from tests.exams.test_attempt_views import house
from tests.pages import Browser

SignIn = Callable[..., Browser]


@pytest.fixture
def one(sign_in: SignIn) -> Browser:
    return sign_in("organiser", name="Бірінші Ұйымдастырушы")


@pytest.fixture
def other(sign_in: SignIn) -> Browser:
    return sign_in("organiser", name="Екінші Ұйымдастырушы")


def attempt_address(app: Flask) -> str:
    with house(app) as session:
        attempt = make_attempt(session)
        return f"/en/sittings/{attempt.sitting.public_id}/attempts/{attempt.public_id}"


def hash_of(app: Flask) -> dict[str, str]:
    with house(app) as session:
        return {"content_hash": session.scalars(select(Decision)).one().content_hash}


def tags(app: Flask) -> list[str]:
    with house(app) as session:
        return list(session.scalars(select(AuditEvent.tag).order_by(AuditEvent.sequence)))


def test_two_organisers_give_one_attempt_more_time(app: Flask, one: Browser, other: Browser) -> None:
    address = attempt_address(app)
    made = one.post(f"{address}/time", {"minutes": "10", "reason": REASON})
    assert made.status == 303
    page = one.get(made.location)
    assert "You proposed it, so somebody else must approve it." in page.text
    assert "Approve and do it" not in page.text

    assert "Wait for a second person" in other.get("/en/decisions").text
    page = other.get(made.location)
    for words in ("10 min more", REASON, "Бірінші Ұйымдастырушы", hash_of(app)["content_hash"]):
        assert words in page.text
    assert other.post(f"{made.location}/approve", hash_of(app)).status == 303
    page = other.get(made.location)
    assert "The attempt has 10 min more." in page.text
    assert "Approved" in page.text
    assert other.post(f"{made.location}/approve", hash_of(app)).status == 409
    assert "+10:00" in one.get(address).text
    with house(app) as session:
        assert session.scalars(select(Attempt)).one().extra_seconds == 600
    assert tags(app)[-2:] == ["decision-proposed", "decision-approved"]


def test_the_event_of_an_approval_names_what_was_approved(app: Flask, one: Browser, other: Browser) -> None:
    made = one.post(f"{attempt_address(app)}/time", {"minutes": "1", "reason": REASON})
    other.post(f"{made.location}/approve", hash_of(app))
    with house(app) as session:
        newest = select(AuditEvent).order_by(AuditEvent.sequence.desc()).limit(1)
        about = session.scalars(newest).one().about

    assert about["kind"] == "extra-time"
    assert about["content"] == hash_of(app)["content_hash"]
    assert made.location.endswith(about["decision_id"])


def test_whoever_proposed_cannot_approve_and_can_withdraw(app: Flask, one: Browser, other: Browser) -> None:
    made = one.post(f"{attempt_address(app)}/time", {"minutes": "10", "reason": REASON})
    assert one.post(f"{made.location}/approve", hash_of(app)).status == 403
    assert other.post(f"{made.location}/withdraw").status == 403
    assert one.post(f"{made.location}/withdraw").status == 303
    assert "Withdrawn" in other.get(made.location).text
    assert other.post(f"{made.location}/approve", hash_of(app)).status == 409


def test_approving_asks_for_the_password_again(
    app: Flask, one: Browser, other: Browser, clock: FrozenClock
) -> None:
    made = one.post(f"{attempt_address(app)}/time", {"minutes": "10", "reason": REASON})
    clock.pass_by(minutes=6)
    assert "Approving asks for your password once more." in other.get(made.location).text

    assert other.post(f"{made.location}/approve", hash_of(app)).status == 403
    with house(app) as session:
        assert session.scalars(select(Attempt)).one().extra_seconds == 0


def test_other_content_is_not_approved(app: Flask, one: Browser, other: Browser) -> None:
    made = one.post(f"{attempt_address(app)}/time", {"minutes": "10", "reason": REASON})

    assert other.post(f"{made.location}/approve", {"content_hash": "0" * 64}).status == 409
    assert other.post(f"{made.location}/approve", {"content_hash": "no hash"}).status == 400


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"minutes": "0"}, "Whole minutes, from 1 to 120."),
        ({"minutes": "121"}, "Whole minutes, from 1 to 120."),
        ({"minutes": "soon"}, "Correct one answer"),
        ({"reason": " "}, "Write the reason."),
    ],
)
def test_a_wrong_proposal_is_explained(app: Flask, one: Browser, change: dict[str, str], says: str) -> None:
    page = one.post(f"{attempt_address(app)}/time", {"minutes": "10", "reason": REASON} | change)

    assert page.status == 422
    assert says in page.text


def test_a_whole_sitting_gets_time(app: Flask, one: Browser, other: Browser) -> None:
    with house(app) as session:
        address = f"/en/sittings/{make_attempt(session).sitting.public_id}"
    assert "More time for everybody" in one.get(address).text
    made = one.post(f"{address}/time", {"minutes": "15", "reason": REASON})
    other.post(f"{made.location}/approve", hash_of(app))

    assert "15 min more. Running attempts that got them: 1." in other.get(made.location).text


def test_late_answers_are_chosen_and_approved(app: Flask, one: Browser, other: Browser) -> None:
    with house(app) as session:
        attempt = make_attempt(session)
        answered_late(session, attempt, "b", "c")
        address = f"/en/sittings/{attempt.sitting.public_id}/attempts/{attempt.public_id}"
        numbers = [event.number for event in late_answers.waiting(session, attempt)]
    page = one.get(f"{address}/late-answers")
    assert f"answer no. {numbers[0]}, 60 s after the end" in page.text
    assert one.post(f"{address}/late-answers", {"reason": REASON}).status == 422
    chosen = {"events": [str(number) for number in numbers], "reason": REASON}
    made = one.post(f"{address}/late-answers", chosen)
    other.post(f"{made.location}/approve", hash_of(app))

    assert "Late answers that count from now on: 2." in other.get(made.location).text
    assert "No late answer waits" in one.get(f"{address}/late-answers").text


def test_a_right_is_recorded_and_its_person_sees_it(
    app: Flask, one: Browser, other: Browser, sign_in: SignIn
) -> None:
    candidate = sign_in("candidate", name="Үміткер")
    entry = {
        "percent": "25",
        "break_minutes": "10",
        "until": "2031-05-01",
        "reason": "Document 12 of the clinic.",
    }
    made = one.post("/en/accommodations", {"email": candidate.email} | entry)
    assert "25 % more time and a break of 10 min" in one.get(made.location).text
    assert "Your recorded right" not in candidate.get("/en/tests/exam").text
    other.post(f"{made.location}/approve", hash_of(app))

    page = candidate.get("/en/tests/exam").text
    assert "Your recorded right" in page
    assert "25 % more time" in page
    assert "10 min for a break" in page


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"email": "nobody@example.kz"}, "No candidate has an account with this address."),
        ({"email": "no address"}, "Correct one answer"),
        ({"until": "2020-01-01"}, "The last day must not lie in the past."),
        ({"percent": "101"}, "A whole number from 0 to 100."),
    ],
)
def test_a_wrong_right_is_explained(one: Browser, sign_in: SignIn, change: dict[str, str], says: str) -> None:
    email = sign_in("candidate").email
    entry = {"email": email, "percent": "25", "break_minutes": "0", "until": "2031-05-01", "reason": REASON}
    page = one.post("/en/accommodations", entry | change)

    assert page.status == 422
    assert says in page.text


@pytest.mark.parametrize("role", ["candidate", "author", "examiner", "administrator", "auditor"])
def test_only_organisers_see_and_make_decisions(app: Flask, sign_in: SignIn, role: str) -> None:
    address = attempt_address(app)
    with house(app) as session:
        attempt = session.scalars(select(Attempt)).one()
        made = propose(session, "extra-time", Target(attempt=attempt), {"seconds": 60})
        decision = f"/en/decisions/{made.public_id}"
    browser = sign_in(role)

    for path in ("/en/decisions", decision, address, f"{address}/time", "/en/accommodations"):
        assert browser.get(path).status == 403
    assert browser.post(f"{decision}/approve", hash_of(app)).status == 403


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_pages_open_in_each_language(app: Flask, one: Browser, language: str) -> None:
    with house(app) as session:
        sitting = make_sitting(session)
        attempt = make_attempt(session, sitting=sitting)
        made = propose(session, "extra-time", Target(attempt=attempt), {"seconds": 60})
        approve(session, propose(session, "sitting-time", Target(sitting=sitting), {"seconds": 90}))
        old = house_clock.now() - timedelta(days=2)
        propose(session, "extra-time", Target(attempt=attempt), {"seconds": 120}, now=old)
        here = f"sittings/{sitting.public_id}"
        record = f"{here}/attempts/{attempt.public_id}"
        paths = [f"decisions/{made.public_id}", f"{here}/time", f"{here}/incidents", record]
    for path in (*paths, f"{record}/time", f"{record}/late-answers", "decisions", "accommodations"):
        assert one.get(f"/{language}/{path}").status == 200
