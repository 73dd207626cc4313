"""The organisers' pages: papers and sittings."""

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.core import clock as house_clock
from app.exams import service
from app.exams.models import Paper, Sitting
from app.items.models import Item
from tests.conftest import FrozenClock
from tests.exams.builders import make_attempt, make_bank, make_paper, make_sitting
from tests.exams.test_attempt_views import house, queries
from tests.factories import DISTRICT, make_places
from tests.pages import Browser

SignIn = Callable[..., Browser]


@pytest.fixture
def organiser(sign_in: SignIn) -> Browser:
    return sign_in("organiser", name="Бірінші Ұйымдастырушы")


def drawn(app: Flask) -> tuple[str, str]:
    """Add a paper that is only drawn; return its address and its hash."""
    with house(app) as session:
        paper = make_paper(session, sealed=False)
        return f"/en/papers/{paper.public_id}", paper.content_hash


def tags(app: Flask) -> list[str]:
    with house(app) as session:
        return list(session.scalars(select(AuditEvent.tag).order_by(AuditEvent.sequence)))


def test_an_organiser_draws_a_paper(app: Flask, organiser: Browser) -> None:
    with house(app) as session:
        make_bank(session)
    assert "No paper yet" in organiser.get("/en/papers").text
    page = organiser.post("/en/papers/draw", {"blueprint": "exam"})

    assert page.status == 303
    paper = organiser.get(page.location)
    assert "Propose for sealing" in paper.text
    # Not even organisers read which items they are.
    assert not any(part in paper.text for part in ("fun-00", "num-001", "case-001", "Сұрақ"))
    assert "2026-1" in organiser.get("/en/papers").text
    assert tags(app) == ["paper-drawn"]


def test_a_draw_that_cannot_be_is_explained(app: Flask, organiser: Browser) -> None:
    with house(app) as session:
        make_bank(session)
        for item in session.scalars(select(Item)):
            item.retired_at = house_clock.now()
    page = organiser.post("/en/papers/draw", {"blueprint": "exam"})

    assert page.status == 422
    assert "The bank has too few items" in page.text
    assert organiser.post("/en/papers/draw", {"blueprint": "other"}).status == 422


def test_two_organisers_seal_a_paper(app: Flask, organiser: Browser, sign_in: SignIn) -> None:
    address, content_hash = drawn(app)
    organiser.post(f"{address}/propose", {"content_hash": content_hash})
    page = organiser.get(address)
    assert "It waits for a second person." in page.text
    assert "Бірінші Ұйымдастырушы" in page.text
    assert "Seal the paper" not in page.text
    assert organiser.post(f"{address}/seal", {"content_hash": content_hash}).status == 403

    other = sign_in("organiser")
    assert "Seal the paper" in other.get(address).text
    assert other.post(f"{address}/seal", {"content_hash": content_hash}).status == 303
    page = other.get(address)
    assert "Sealed" in page.text
    assert "Open a sitting" in page.text
    assert tags(app) == ["seal-proposed", "paper-sealed"]


def test_sealing_asks_for_the_password_of_the_last_five_minutes(
    app: Flask, organiser: Browser, sign_in: SignIn, clock: FrozenClock
) -> None:
    address, content_hash = drawn(app)
    organiser.post(f"{address}/propose", {"content_hash": content_hash})
    other = sign_in("organiser")
    clock.pass_by(minutes=6)

    assert "Give the password" in other.get(address).text
    assert other.post(f"{address}/seal", {"content_hash": content_hash}).status in {303, 403}
    with house(app) as session:
        assert session.scalars(select(Paper.state)).one() == "proposed"


@pytest.mark.parametrize("content_hash", ["", "x", "0" * 65, "A" * 64])
def test_an_approval_without_a_hash_is_400(app: Flask, organiser: Browser, content_hash: str) -> None:
    address, _ = drawn(app)

    assert organiser.post(f"{address}/propose", {"content_hash": content_hash}).status == 400


def test_an_approval_of_another_content_is_refused(app: Flask, organiser: Browser) -> None:
    address, _ = drawn(app)
    page = organiser.post(f"{address}/propose", {"content_hash": "0" * 64})

    assert page.status == 409
    assert "no longer what you looked at" in page.text


def test_a_paper_is_discarded(app: Flask, organiser: Browser) -> None:
    address, _ = drawn(app)

    assert organiser.post(f"{address}/discard").status == 303
    assert "Discarded" in organiser.get(address).text
    assert organiser.post(f"{address}/discard").status == 409


def sealed(app: Flask) -> str:
    with house(app) as session:
        make_places(session)
        return str(make_paper(session).public_id)


def new_sitting(paper: str, **changes: object) -> dict[str, object]:
    return {
        "title": "Exam in December",
        "papers": paper,
        "opens_at": "2026-12-02T09:00",
        "closes_at": "2026-12-02T18:00",
        "place": "",
        **changes,
    }


def test_an_organiser_opens_a_sitting_by_the_clocks_of_the_country(app: Flask, organiser: Browser) -> None:
    paper = sealed(app)
    assert organiser.get("/en/sittings/new").status == 200
    page = organiser.post("/en/sittings/new", new_sitting(paper, place=DISTRICT))

    assert page.status == 303
    sitting = organiser.get(page.location)
    assert "Exam in December" in sitting.text
    assert "Mysaltau district" in sitting.text
    assert "2 December 2026, 09:00" in sitting.text
    assert "Not open yet" in organiser.get("/en/sittings").text
    with house(app) as session:
        assert session.scalars(select(Sitting.opens_at)).one().isoformat() == "2026-12-02T04:00:00+00:00"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": ""}, "Write a name."),
        ({"title": "   "}, "Write a name."),
        ({"title": "x" * 121}, "120"),
        ({"papers": ""}, ""),
        ({"opens_at": "soon"}, ""),
        ({"closes_at": "2026-12-02T09:00"}, "The end must come after the beginning"),
        ({"place": "12"}, "A code has nine figures."),
        ({"place": "123456789"}, "There is no place with this code."),
    ],
)
def test_a_wrong_sitting_is_shown_again_with_the_reason(
    app: Flask, organiser: Browser, changes: dict[str, object], says: str
) -> None:
    page = organiser.post("/en/sittings/new", new_sitting(sealed(app), **changes))

    assert page.status == 422
    assert says in page.text
    assert 'role="alert"' in page.html


def test_a_sitting_without_sealed_papers_cannot_be_written(organiser: Browser) -> None:
    assert "No sealed paper yet" in organiser.get("/en/sittings/new").text


def test_a_sitting_shows_attempts_by_code_only(app: Flask, organiser: Browser, sign_in: SignIn) -> None:
    candidate = sign_in("candidate", name="Құпия Есім")
    with house(app) as session:
        sitting = make_sitting(session)
        make_attempt(session, candidate.person_id, sitting)
        address = f"/en/sittings/{sitting.public_id}"
    page = organiser.get(address)

    assert "Writing" in page.text
    assert "Құпия Есім" not in page.html
    assert candidate.email not in page.html


def test_a_sitting_is_cancelled(app: Flask, organiser: Browser) -> None:
    with house(app) as session:
        address = f"/en/sittings/{make_sitting(session).public_id}"

    assert organiser.post(f"{address}/cancel").status == 303
    assert "Cancelled" in organiser.get(address).text
    assert organiser.post(f"{address}/cancel").status == 409


@pytest.mark.parametrize(
    "role", ["candidate", "author", "examiner", "adjudicator", "administrator", "auditor"]
)
def test_only_organisers_see_papers_and_sittings(app: Flask, sign_in: SignIn, role: str) -> None:
    address, content_hash = drawn(app)
    browser = sign_in(role)

    for path in ("/en/papers", "/en/sittings", "/en/sittings/new", address):
        assert browser.get(path).status == 403
    assert browser.post(f"{address}/propose", {"content_hash": content_hash}).status == 403


def test_lists_ask_no_more_when_there_is_more_in_them(app: Flask, organiser: Browser) -> None:
    asked: list[list[int]] = []
    with house(app) as session:
        sitting_id = make_sitting(session).public_id
    for more in (1, 5):
        with house(app) as session:
            sitting = service.get_sitting(session, sitting_id)
            for _ in range(more):
                make_attempt(session, sitting=sitting)
                make_sitting(session)
        paths = "/en/papers", "/en/sittings", f"/en/sittings/{sitting_id}"
        asked.append([queries(app, partial(organiser.get, path)) for path in paths])

    assert asked[0] == asked[1]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_pages_open_in_each_language(app: Flask, organiser: Browser, language: str) -> None:
    with house(app) as session:
        sitting = make_sitting(session)
        paths = ["papers", "sittings", "sittings/new", f"sittings/{sitting.public_id}"]
        paths.append(f"papers/{sitting.papers[0].paper.public_id}")

    for path in paths:
        assert organiser.get(f"/{language}/{path}").status == 200
