"""The candidate's side: preview, yes, withdrawal."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audit.models import AuditEvent
from app.core import jobs
from app.core.database import db, unit_of_work
from app.publication.models import Consent
from tests.conftest import FrozenClock
from tests.marking.papers import count_queries
from tests.pages import Browser
from tests.publication.author import Author, consent_form, publish
from tests.publication.stage import NAME, listed, released


def count_consents(app: Flask) -> int:
    with app.app_context():
        return db.session().scalar(select(func.count()).select_from(Consent)) or 0


def test_ones_results_stand_on_a_page_private_first_and_both_buttons_equal(author: Author) -> None:
    page = author.get("/en/publication")

    buttons = re.findall(r'<a class="(button[^"]*)" href="[^"]+">([^<]+)</a>', page.html)
    assert buttons == [("button second", "Keep private"), ("button second", "See what will show")]
    assert "Only you can see it" in page.text


def test_whoever_is_on_no_list_is_told_what_is_missing(sign_in: Callable[..., Browser], app: Flask) -> None:
    browser = sign_in("candidate")
    with app.app_context(), unit_of_work() as session:
        result = released(session, browser.person_id)
        address = f"/en/publication/{result.public_id}"

    assert "not tied to a name on it yet" in browser.get("/en/publication").text
    assert browser.get(address).status == 409


def test_the_preview_is_the_very_page_that_voters_get(author: Author, visitor: Browser) -> None:
    exact = author.get(f"{author.address}?parts=score&parts=certificate&until=2027-03-16&page=1").html
    assert author.get(f"{author.address}?page=1").html != exact

    publish(author, "score", "certificate")

    assert visitor.get(f"/en/candidates/{author.entry}").html == exact


def test_the_preview_shows_on_its_own_page_what_voters_would_read(author: Author) -> None:
    page = author.get(f"{author.address}?parts=score")

    assert "80 / 100" in page.text
    assert "noindex" not in page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "80 / 100" not in author.get(str(author.address)).text


def test_nothing_is_ticked_beforehand(author: Author) -> None:
    assert "checked" not in author.get(author.address).html


def test_the_preview_asks_for_the_password_again_and_leads_back(author: Author, clock: FrozenClock) -> None:
    clock.pass_by(minutes=6)

    page = author.get(f"{author.address}?parts=score&until=2027-03-16")

    assert page.status == 303
    assert "next=" in page.location
    assert "score" in page.location


def test_nothing_is_published_without_the_password_given_lately(
    app: Flask, author: Author, clock: FrozenClock
) -> None:
    form = consent_form(author)
    clock.pass_by(minutes=6)

    assert author.post(author.address, form).status == 403
    assert count_consents(app) == 0


@pytest.mark.parametrize("missing", ["agree_public", "agree_copies"])
def test_each_thing_is_agreed_to_by_itself(app: Flask, author: Author, missing: str) -> None:
    form = consent_form(author, "score")
    del form[missing]

    page = author.post(author.address, form)

    assert page.status == 422
    assert "Without this, nothing can be published." in page.text
    assert "80 / 100" in page.text
    assert count_consents(app) == 0


@pytest.mark.parametrize(
    "change",
    [{"parts": ["score", "certificate"]}, {"until": "2027-03-17"}, {"seen": "0" * 32}],
)
def test_only_what_was_looked_at_can_be_published(
    app: Flask, author: Author, change: dict[str, object]
) -> None:
    page = author.post(author.address, consent_form(author, "score") | change)

    assert page.status == 409
    assert "Look at it again." in page.text
    assert count_consents(app) == 0


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"until": "never"}, 422),
        ({"until": "2026-11-30"}, 409),
        ({"parts": ["everything"]}, 422),
        ({"seen": "x" * 999}, 422),
        ({"person": "1"}, 400),
    ],
)
def test_malformed_consents_change_nothing(
    app: Flask, author: Author, change: dict[str, object], status: int
) -> None:
    page = author.post(author.address, consent_form(author) | change)

    assert page.status == status
    assert count_consents(app) == 0


def test_publishing_and_withdrawing_take_effect_before_the_answer(
    app: Flask, author: Author, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without the queue: the pages must not wait for it.
    monkeypatch.setitem(app.extensions, "drain", lambda: None)
    address, check = f"/en/candidates/{author.entry}", f"/en/check?number={author.number}"
    silent = visitor.get(address).html
    assert visitor.get(check).status == 404

    publish(author, "score", "certificate")

    assert "80 / 100" in visitor.get(address).text
    assert visitor.get(check).status == 200
    assert visitor.get(f"{address}/certificate.pdf").status == 200
    assert author.post(author.withdrawal()).status == 303
    assert visitor.get(address).html == silent
    assert visitor.get(check).status == 404
    assert visitor.get(f"{address}/certificate.pdf").status == 404
    public = Path(app.extensions["settings"].instance) / "public"
    files = [path for path in public.rglob("*") if path.is_file()]
    assert not [path for path in files if author.number.encode() in path.read_bytes()]


def test_withdrawing_needs_one_click_and_no_password(author: Author, clock: FrozenClock, app: Flask) -> None:
    publish(author)
    clock.pass_by(hours=3)
    action = author.withdrawal()

    assert author.post(action).status == 303
    assert author.post(action).status == 303, "twice does no harm"
    with app.app_context():
        assert db.session().scalar(select(Consent.withdrawn_at)) == clock.now


def test_both_acts_are_in_the_record_and_told_by_letter(
    app: Flask, author: Author, letters: Callable[[], list[str]]
) -> None:
    publish(author)
    with app.app_context():
        jobs.drain()
        tags = list(db.session().scalars(select(AuditEvent.tag)))
    assert "consent-given" in tags
    assert any("Subject: A change on your page" in letter or "Subject:" in letter for letter in letters())
    assert all(NAME not in letter.split("\n\n")[0] for letter in letters())


def test_a_stranger_cannot_look_publish_or_withdraw(
    app: Flask, author: Author, sign_in: Callable[..., Browser]
) -> None:
    form = consent_form(author)
    publish(author)
    with app.app_context():
        consent = db.session().scalar(select(Consent.public_id))
    stranger = sign_in("candidate", name="Үлгібаев Ерлан")
    with app.app_context(), unit_of_work() as session:
        listed(session, "Үлгібаев Ерлан", person_id=stranger.person_id)

    assert stranger.get(author.address).status == 404
    assert stranger.post(author.address, form).status == 404
    assert stranger.post(f"/en/publication/{consent}/withdraw").status == 404
    assert stranger.post(f"/en/publication/{uuid4()}/withdraw").status == 404


def test_the_number_of_queries_does_not_grow_with_the_results(app: Flask, author: Author) -> None:
    counts = []
    for kind in ("suitability", "exam"):
        counts.append(count_queries(app, author.browser, "/en/publication"))
        with app.app_context(), unit_of_work() as session:
            released(session, author.browser.person_id, kind)
    counts.append(count_queries(app, author.browser, "/en/publication"))
    assert len(set(counts)) == 1
