"""Receipts after the exam: checked against the journal by their candidate, by their signature by anyone."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidSignature
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select, update
from sqlalchemy import text as statement

from app.core import clock
from app.core.database import db
from app.exams import service, signed_receipt
from app.exams.models import AcceptedLate, AnswerEvent, Attempt, Decision
from app.exams.signed_receipt import NoNumber, NoSum, SignedReceipt, Unreadable
from app.exams.views.receipts import take_along
from tests.exams.builders import make_attempt
from tests.exams.test_answers import save, sent
from tests.exams.test_attempt_views import house
from tests.pages import Browser, Page

SignIn = Callable[..., Browser]
ATTEMPT = UUID("0f8fad5b-d9cb-469f-a165-70867728950e")
HELD = SignedReceipt(ATTEMPT, 57, "ab" * 32, "2026-12-01T07:00:00+00:00", "s" * 86)
DOCUMENT = Path(__file__).parents[2] / "docs/receipts.md"

# -- the text ------------------------------------------------------------------------------------


def test_a_receipt_is_read_from_the_json_of_a_page_and_from_an_address() -> None:
    parts = {"attempt": str(ATTEMPT), "number": "8350-57", "count": 57, "head": HELD.head, "at": HELD.at}
    text = json.dumps({**parts, "signature": HELD.signature})

    assert signed_receipt.read(f"\n {text} ") == HELD
    assert signed_receipt.read(f"https://school.example/kk/receipt-check?{HELD.query}") == HELD


@given(st.text(max_size=300))
def test_whatever_is_pasted_is_a_receipt_or_unreadable(text: str) -> None:
    for pasted in (text, "{" + text, f"https://school.example/?{text}", f"?{HELD.query}{text}"):
        with suppress(Unreadable):
            signed_receipt.read(pasted)


@pytest.mark.parametrize(
    "change",
    [
        {"attempt": "x"}, {"attempt": None}, {"count": -1}, {"count": "٣"}, {"count": "9" * 99}, {"count": 2**31},
        {"head": "ab" * 31}, {"head": "AB" * 32}, {"at": ""}, {"at": "x" * 100}, {"signature": ""}, {"signature": None},
    ],
)  # fmt: skip
def test_a_part_that_is_not_what_it_should_be_is_refused(change: dict[str, object]) -> None:
    parts = {"attempt": ATTEMPT, "count": 57, "head": HELD.head, "at": HELD.at, "signature": HELD.signature}
    assert signed_receipt.of_parts(parts) == HELD
    with pytest.raises(Unreadable):
        signed_receipt.of_parts(parts | change)


@pytest.mark.parametrize("text", ["", "x" * 2001, "[1]", "{", "{}", "[" * 1500, "{" * 1500, "1234-57"])
def test_other_texts_are_no_receipts(text: str) -> None:
    with pytest.raises(Unreadable):
        signed_receipt.read(text)


@pytest.mark.parametrize("typed", ["1234-57", " 1234 - 57 ", "1234–57"])
def test_a_number_is_read_however_it_was_noted(typed: str) -> None:
    assert signed_receipt.number(typed) == ("1234", 57)


@pytest.mark.parametrize(
    "typed", ["", "123-57", "1234", "1234-", "1234-x", "1234-99999999999", "1234-2147483648"]
)
def test_other_numbers_are_refused(typed: str) -> None:
    with pytest.raises(NoNumber):
        signed_receipt.number(typed)


def test_a_check_sum_is_read_without_its_spaces() -> None:
    assert signed_receipt.check_sum("0A1b 2c3d 4e5f 6789") == "0a1b2c3d4e5f6789"
    assert signed_receipt.check_sum("a" * 64) == "a" * 64


@pytest.mark.parametrize("typed", ["", "a" * 15, "a" * 65, "g" * 16])
def test_other_check_sums_are_refused(typed: str) -> None:
    with pytest.raises(NoSum):
        signed_receipt.check_sum(typed)


# -- the candidate's page ------------------------------------------------------------------------


class Sat:
    """A candidate with an attempt, and the signed receipt of its third save."""

    def __init__(self, app: Flask, browser: Browser) -> None:
        self.app, self.browser = app, browser
        key = app.extensions["keys"].receipts()
        with house(app) as session:
            attempt = make_attempt(session, browser.person_id)
            self.id, self.row = attempt.public_id, attempt.id
            save(
                session, attempt, *(sent(number, one, attempt=attempt) for number, one in enumerate("abc", 1))
            )
            found = service.newest_receipt(session, attempt, key)
            assert found is not None
            self.receipt: SignedReceipt = found
        self.address = f"/en/attempts/{self.id}/receipts"

    def by_number(self, number: str, check_sum: str) -> Page:
        return self.browser.get(f"{self.address}?number={quote(number)}&check_sum={quote(check_sum)}")

    def by_text(self, **changes: object) -> Page:
        return self.browser.get(f"{self.address}?text={quote(self.text(**changes))}")

    def text(self, **changes: object) -> str:
        return json.dumps(self.receipt.as_json() | changes)

    def head(self, number: int) -> str:
        with house(self.app) as session:
            query = select(AnswerEvent.chain_hash).where(AnswerEvent.number == number)
            return session.scalars(query).one()

    def change(self, **values: object) -> None:
        """Change the second save in the database, past the journal."""
        with house(self.app) as session:
            session.execute(statement("DROP TRIGGER answer_events_no_update"))
            session.execute(update(AnswerEvent).where(AnswerEvent.number == 2).values(**values))


@pytest.fixture
def sat(app: Flask, sign_in: SignIn) -> Sat:
    return Sat(app, sign_in("candidate"))


@pytest.mark.parametrize("signs", [16, 40, 64])
def test_a_receipt_that_stands_is_told_with_its_question_and_moment(sat: Sat, signs: int) -> None:
    page = sat.by_number(sat.receipt.number, sat.receipt.head[:signs].upper())

    assert page.status == 200
    assert f"Receipt {sat.receipt.number} is ours and stands in the journal." in page.text
    assert "saved in time" in page.text
    assert "12:00" in page.text


def test_an_earlier_receipt_stands_too(sat: Sat) -> None:
    earlier = sat.receipt.number.replace("-3", "-2")
    assert "stands in the journal" in sat.by_number(earlier, sat.head(2)).text


def test_another_check_sum_is_told_apart_from_another_number(sat: Sat) -> None:
    number, _, _ = sat.receipt.number.partition("-")
    other = f"{(int(number) + 1) % 10_000:04d}"

    assert "with another check sum" in sat.by_number(sat.receipt.number, sat.head(2)).text
    assert "has no number" in sat.by_number(f"{number}-4", sat.receipt.head).text
    assert "belongs to another attempt" in sat.by_number(f"{other}-3", sat.receipt.head).text


def test_a_signed_receipt_stands(sat: Sat) -> None:
    assert "is ours and stands in the journal" in sat.by_text().text


def test_a_receipt_of_another_hand_is_not_ours(sat: Sat) -> None:
    assert "The school did not sign this receipt." in sat.by_text(count=2).text


def test_a_true_receipt_of_another_attempt_is_told_so(sat: Sat, app: Flask, sign_in: SignIn) -> None:
    other = Sat.__new__(Sat)
    with house(app) as session:
        attempt = make_attempt(session)
        save(session, attempt, sent(1, attempt=attempt))
        found = service.newest_receipt(session, attempt, app.extensions["keys"].receipts())
        assert found is not None
        other.receipt = found

    page = sat.browser.get(f"{sat.address}?text={quote(other.text())}")

    assert "belongs to another attempt" in page.text


@pytest.mark.parametrize("values", [{"body": {"answer": "d"}}, {"position": 9}, {"is_late": True}])
def test_a_journal_that_was_changed_before_the_receipt_is_found_out(sat: Sat, values: dict[str, Any]) -> None:
    sat.change(**values)

    assert "is not borne out by the journal" in sat.by_text().text
    assert "is not borne out by the journal" in sat.by_number(sat.receipt.number, sat.receipt.head).text
    first = sat.receipt.number.replace("-3", "-1")
    assert "stands in the journal" in sat.by_number(first, sat.head(1)).text


def test_a_signed_receipt_that_the_journal_lacks_is_found_out(sat: Sat) -> None:
    key = sat.app.extensions["keys"].receipts()
    with house(sat.app) as session:
        attempt = session.get_one(Attempt, sat.row)
        attempt.event_count, attempt.head_hash = 4, "c" * 64
        session.flush()
        signed = signed_receipt.sign(
            attempt.public_id, count=4, head=attempt.head_hash, at=clock.now(), key=key
        )
        session.rollback()

    page = sat.browser.get(f"{sat.address}?text={quote(json.dumps(signed.as_json()))}")

    assert "is not borne out by the journal" in page.text


def test_what_was_late_says_so_and_whether_two_people_let_it_count(sat: Sat, app: Flask, clock: Any) -> None:
    clock.pass_by(hours=3)
    with house(app) as session:
        attempt = session.get_one(Attempt, sat.row)
        save(session, attempt, sent(4, "a", attempt=attempt))
    late = sat.receipt.number.replace("-3", "-4")
    assert "came after the end: kept, not counted" in sat.by_number(late, sat.head(4)).text

    with house(app) as session:
        decision = Decision(
            kind="late-answers", attempt_id=sat.row, content={}, content_hash="0" * 64, reason="power cut",
            proposed_by_id=sat.browser.person_id, proposed_at=clock.now,
        )  # fmt: skip
        session.add(decision)
        session.flush()
        session.add(AcceptedLate(attempt_id=sat.row, number=4, decision_id=decision.id))
    assert "two people decided that it counts" in sat.by_number(late, sat.head(4)).text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("number=12", "A receipt's number has four figures"),
        ("number=1234-5", "A check sum has at least 16 signs"),
        ("check_sum=x", "A receipt's number has four figures"),
        ("text=hello", "This is not a receipt."),
    ],
)
def test_what_is_typed_wrongly_is_told_at_its_field(sat: Sat, query: str, words: str) -> None:
    page = sat.browser.get(f"{sat.address}?{query}")

    assert page.status == 422
    assert page.html.count(words.replace("'", "&#39;")) == 2


def test_nobody_checks_in_anothers_attempt(sat: Sat, sign_in: SignIn, visitor: Browser) -> None:
    assert sat.browser.get(sat.address).status == 200
    assert sign_in("candidate").get(sat.address).status == 404
    assert visitor.get(sat.address).status == 303


def test_the_receipt_of_an_ended_attempt_shows_the_signed_one(sat: Sat, clock: Any) -> None:
    clock.pass_by(hours=3)

    page = sat.browser.get(f"/en/attempts/{sat.id}/receipt")

    assert f'href="{sat.address}"' in page.html
    assert '<svg class="qr"' in page.html
    shown = re.search(r"<code>(http://school.test/en/receipt-check[^<]+)</code>", page.html)
    assert shown is not None
    assert "is ours and stands" in sat.browser.get(f"{sat.address}?text={quote(unescape(shown[1]))}").text


def test_an_attempt_without_a_save_has_nothing_to_sign(app: Flask, sign_in: SignIn, clock: Any) -> None:
    browser = sign_in("candidate")
    with house(app) as session:
        address = f"/en/attempts/{make_attempt(session, browser.person_id).public_id}/receipt"
    clock.pass_by(hours=3)

    page = browser.get(address)

    assert page.status == 200
    assert '<svg class="qr"' not in page.html


# -- the public page -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_anyone_learns_whether_the_school_signed_it(sat: Sat, visitor: Browser, language: str) -> None:
    told = {}
    for is_true in (True, False):
        text = quote(sat.text() if is_true else sat.text(count=4))
        page = visitor.get(f"/{language}/receipt-check?text={text}")
        assert page.status == 200
        assert "Set-Cookie" not in page.response.headers
        assert page.response.headers["Cache-Control"] == "no-store"
        told[is_true] = page
    assert f"<dd>{sat.receipt.head}</dd>" in told[True].html
    assert f"<dd>{sat.receipt.head}</dd>" not in told[False].html


def test_the_public_page_looks_nobody_up(sat: Sat, app: Flask, visitor: Browser) -> None:
    with app.app_context():
        engine = db.engine
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        page = visitor.get(f"/en/receipt-check?text={quote(sat.text())}")
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert "Yes. The school signed this receipt." in page.text
    assert seen == []


def test_the_square_code_leads_to_the_check(sat: Sat, app: Flask, visitor: Browser) -> None:
    with app.test_request_context("/en/"):
        shown = take_along(sat.receipt)
    address = urlsplit(shown.text)

    page = visitor.get(f"{address.path}?{address.query}")

    assert shown.text.startswith("http://school.test/en/receipt-check?")
    assert "Yes. The school signed this receipt." in page.text
    assert sat.receipt.number in page.text


@pytest.mark.parametrize("query", ["text=x", "attempt=1", "count=1&head=2", f"{HELD.query}x"])
def test_what_cannot_be_read_is_not_called_false(visitor: Browser, query: str) -> None:
    page = visitor.get(f"/en/receipt-check?{query.replace(HELD.signature, 's' * 100)}")

    assert page.status == 422
    assert "This is not a receipt." in page.text


def test_the_description_checks_a_receipt_with_the_key_of_the_page(
    sat: Sat, app: Flask, visitor: Browser
) -> None:
    program = DOCUMENT.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    names: dict[str, Any] = {}
    exec(program, names)  # noqa: S102 - the example in our own description
    key = re.search(r"<code>([A-Za-z0-9+/]{43}=)</code>", visitor.get("/en/receipt-check").html)
    assert key is not None
    with app.test_request_context("/en/"):
        address = take_along(sat.receipt).text

    names["check"](address, key[1])
    with pytest.raises(InvalidSignature):
        names["check"](address.replace("count=3", "count=4"), key[1])
