"""The custodians' pages."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.core import clock as house_clock
from app.exams import service
from app.exams.models import Custody
from tests.conftest import FrozenClock
from tests.exams.builders import make_paper, make_sitting
from tests.exams.test_attempt_views import house
from tests.pages import Browser

SignIn = Callable[..., Browser]
CODE = re.compile(r"<code>((?:[A-Z2-7]{5} ?){12})</code>")


@pytest.fixture
def address(app: Flask, monkeypatch: pytest.MonkeyPatch) -> str:
    """The custodians' page of a paper whose sitting begins in twenty minutes."""
    settings = replace(app.extensions["settings"], paper_custody="shares")
    monkeypatch.setitem(app.extensions, "settings", settings)
    with house(app) as session:
        paper = make_paper(session)
        make_sitting(session, paper, opens_at=house_clock.now() + timedelta(minutes=20))
        return f"/en/papers/{paper.public_id}/custody"


def take(browser: Browser, address: str) -> str:
    found = CODE.search(browser.post(f"{address}/take").html)
    assert found is not None
    return found[1]


def is_opened(app: Flask) -> bool:
    with house(app) as session:
        return session.scalars(select(Custody)).one().key is not None


def test_three_people_keep_and_two_open(app: Flask, sign_in: SignIn, address: str) -> None:
    one, other, third = (sign_in("organiser", name=name) for name in ("Бірінші", "Екінші", "Үшінші"))
    page = one.get(address)
    assert "Any 2 of them open it" in page.text
    assert "3 shares have no custodian yet" in page.text
    codes = [take(browser, address) for browser in (one, other, third)]
    page = one.get(address)
    assert "Бірінші" in page.text
    assert "Take my share" not in page.text
    assert not any(code in page.html for code in codes)

    assert one.post(f"{address}/give", {"code": codes[0]}).status == 303
    assert "waiting for the next share: Бірінші" in other.get(address).text
    assert not is_opened(app)
    assert third.post(f"{address}/give", {"code": codes[2]}).status == 303
    assert is_opened(app)
    assert "The paper is opened since" in one.get(address).text
    with house(app) as session:
        tags = session.scalars(select(AuditEvent.tag).order_by(AuditEvent.sequence)).all()
        abouts = str(session.scalars(select(AuditEvent.about)).all())
    assert tags == ["paper-share-taken"] * 3 + ["paper-share-given", "paper-released", "paper-share-given"]
    assert not any(code in abouts or code.replace(" ", "") in abouts for code in codes)


def test_every_custodian_is_told(
    app: Flask, sign_in: SignIn, address: str, letters: Callable[[], list[str]]
) -> None:
    browsers = [sign_in("organiser", language="en") for _ in range(3)]
    codes = [take(browser, address) for browser in browsers]
    for browser, code in zip(browsers[:2], codes, strict=False):
        browser.post(f"{address}/give", {"code": code})
    told = [letter for letter in letters() if "was opened" in letter]

    assert sorted(letter.splitlines()[0] for letter in told) == sorted(f"To: {one.email}" for one in browsers)
    assert all(f"http://school.test{address}" in letter for letter in told)


def test_a_share_is_shown_once(sign_in: SignIn, address: str) -> None:
    browser = sign_in("organiser")
    take(browser, address)
    page = browser.post(f"{address}/take")

    assert page.status == 403
    assert "It is shown once" in page.text


def test_a_mistyped_share_is_shown_again_with_the_reason(app: Flask, sign_in: SignIn, address: str) -> None:
    browser = sign_in("organiser")
    code = take(browser, address)
    wrong = ("B" if code[0] != "B" else "C") + code[1:]
    for typed, says in ((wrong, "a letter of it is wrong"), ("", "Write the share"), ("x" * 201, "200")):
        page = browser.post(f"{address}/give", {"code": typed})
        assert page.status == 422
        assert says in page.text
        assert 'role="alert"' in page.html
    assert not is_opened(app)


def test_one_person_does_not_give_two_shares(app: Flask, sign_in: SignIn, address: str) -> None:
    one, other = sign_in("organiser"), sign_in("organiser")
    codes = [take(browser, address) for browser in (one, other)]
    one.post(f"{address}/give", {"code": codes[0]})
    page = one.post(f"{address}/give", {"code": codes[1]})

    assert page.status == 422
    assert "must be given by another person" in page.text
    assert not is_opened(app)


def test_shares_ask_for_the_password_of_the_last_five_minutes(
    app: Flask, sign_in: SignIn, address: str, clock: FrozenClock
) -> None:
    browser = sign_in("organiser")
    code = take(browser, address)
    clock.pass_by(minutes=6)

    assert "Give the password" in browser.get(address).text
    assert browser.post(f"{address}/give", {"code": code}).status in {303, 403}
    late = sign_in("organiser")
    clock.pass_by(minutes=6)
    assert CODE.search(late.post(f"{address}/take").html) is None
    with house(app) as session:
        first, second, _ = session.scalars(select(Custody)).one().shares
        assert (first.given, first.given_by_id) == (None, None)
        assert second.holder_id is None


def test_too_early_there_is_no_field(sign_in: SignIn, address: str, clock: FrozenClock) -> None:
    clock.now -= timedelta(minutes=11)
    browser = sign_in("organiser")
    assert 'name="code"' not in browser.get(address).html

    clock.pass_by(minutes=1)
    assert 'name="code"' in browser.get(address).html


def test_the_paper_leads_to_its_custodians(sign_in: SignIn, address: str) -> None:
    assert address in sign_in("organiser").get(address.removesuffix("/custody")).html


def test_a_paper_that_the_server_keeps_has_no_such_page(app: Flask, sign_in: SignIn) -> None:
    with house(app) as session:
        paper = f"/en/papers/{make_paper(session).public_id}"
    browser = sign_in("organiser")

    assert "custody" not in browser.get(paper).html
    assert browser.get(f"{paper}/custody").status == 409


@pytest.mark.parametrize(
    "role", ["candidate", "author", "examiner", "adjudicator", "administrator", "auditor"]
)
def test_only_organisers_are_custodians(sign_in: SignIn, address: str, role: str) -> None:
    browser = sign_in(role)

    assert browser.get(address).status == 403
    assert browser.post(f"{address}/take").status == 403
    assert browser.post(f"{address}/give", {"code": "x"}).status == 403


def test_a_candidate_waits_until_the_paper_is_opened(
    app: Flask, sign_in: SignIn, address: str, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.exams.service.starting.training.is_finished", lambda *_: True)
    one, other, candidate = sign_in("organiser"), sign_in("organiser"), sign_in("candidate")
    codes = [take(browser, address) for browser in (one, other)]
    with house(app) as session:
        start = f"/en/sittings/{service.latest_sittings(session)[0].public_id}/start"
    one.post(f"{address}/give", {"code": codes[0]})
    clock.pass_by(minutes=20)
    page = candidate.post(start)
    assert page.status == 409
    assert "The paper of this sitting is not opened yet" in page.text

    assert sign_in("organiser").post(f"{address}/give", {"code": codes[1]}).status == 303
    assert candidate.post(start).status == 303


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_pages_open_in_each_language(sign_in: SignIn, address: str, language: str) -> None:
    browser, here = sign_in("organiser"), address.replace("/en/", f"/{language}/")

    assert browser.get(here).status == 200
    assert browser.post(f"{here}/take").status == 200
