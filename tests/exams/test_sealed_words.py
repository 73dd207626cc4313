"""Before its time nothing of a sealed paper can be read: not on disk, not on any page, by nobody."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.core.access import MACHINE_METHODS
from app.core.database import READING
from app.core.envelope import WrongKey
from app.core.permissions import ROLES
from app.exams.models import Custody, Paper, PaperEnvelope
from app.exams.service import custody
from app.exams.service.opening import NotOpened, opened
from app.items import service as items
from tests.architecture.test_policy import VARIABLE
from tests.conftest import FrozenClock
from tests.exams import canaries
from tests.exams.canaries import Sealed, found_in, house
from tests.pages import Browser

SignIn = Callable[..., Browser]


@pytest.fixture
def kept(app: Flask) -> Iterator[Flask]:
    """The application with a bank of canaries, papers in the hands of custodians."""
    before = app.extensions["settings"]
    canaries.keep_by_custodians(app)
    with house(app) as session:
        canaries.load(session)
    yield app
    app.extensions["settings"] = before


@pytest.fixture
def sealed(kept: Flask) -> Sealed:
    with house(kept) as session:
        return canaries.seal(session)


def on_disk(app: Flask) -> dict[str, list[bytes]]:
    """Return the files of the instance, with the database's log, in which words of canaries stand."""
    folder: Path = app.extensions["settings"].instance
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.name == "akim-school.sqlite" for path in files)
    return {path.name: found for path in files if (found := found_in(path.read_bytes()))}


@pytest.mark.parametrize("form", list(canaries.forms_of(b"canarystem0007quetzalkk")))
def test_a_canary_is_found_in_every_form(form: bytes) -> None:
    assert found_in(b"\x00" + form + b"\x00")


def test_drafts_are_nowhere_on_the_disk(kept: Flask) -> None:
    assert on_disk(kept) == {}
    with house(kept) as session:
        words = items.wordings_of(session, items.drawable(session, "exam"))
    assert len(words) == canaries.ITEMS + 2
    assert all(found_in(str(wording.content).encode()) for wording in words.values())


def test_a_sealed_paper_is_nowhere_on_the_disk(kept: Flask, sealed: Sealed) -> None:
    assert on_disk(kept) == {}
    assert sealed.codes


def test_neither_database_nor_keys_open_a_sealed_paper(kept: Flask, sealed: Sealed) -> None:
    with house(kept) as session:
        paper = session.get_one(Paper, sealed.paper_id)
        held = session.get_one(Custody, paper.custody_id)
        versions = [place.version for place in paper.items]

        assert custody.readable(session, versions) == {}
        with pytest.raises(NotOpened):
            opened(session, paper.id)
        envelope = session.get_one(PaperEnvelope, (held.id, versions[0].id))
        with pytest.raises(WrongKey):
            custody.unwrapped(held, envelope.words, str(versions[0].id))


def pages(app: Flask, sealed: Sealed) -> Iterator[str]:
    """Yield every address that can be read, in English, with the paper, its items and its sitting in it."""
    with house(app) as session:
        key = session.get_one(Paper, sealed.paper_id).items[0].version.item_key
    sitting = sealed.start.split("/")[3]
    values = {
        "lang": ["en"],
        "uuid": [sealed.public_id, sitting],
        "int": ["1"],
        "string": [key, "exam", "shared-case"],
    }
    for route in app.url_map.iter_rules():
        if not (route.methods or set()) - MACHINE_METHODS & READING:
            continue
        addresses = [route.rule]
        while any(VARIABLE.search(address) for address in addresses):
            addresses = [
                address.replace(found[0], value, 1)
                for address in addresses
                if (found := VARIABLE.search(address))
                for value in values.get(found["kind"], [(found["given"] or "1").partition(",")[0].strip()])
            ]
        yield from addresses


@pytest.mark.parametrize("role", ["", *(role.key for role in ROLES)])
def test_no_page_tells_anybody_one_second_before_the_opening(
    kept: Flask, sealed: Sealed, sign_in: SignIn, visitor: Browser, clock: FrozenClock, role: str
) -> None:
    clock.now = sealed.opens_at - timedelta(minutes=20)
    with house(kept) as session:
        canaries.release(session, sealed, now=clock.now)
    clock.now = sealed.opens_at - timedelta(seconds=1)
    browser = sign_in(role) if role else visitor
    # Not only whole pages: parts of them too.
    seen = [(address, browser.client.get(address)) for address in pages(kept, sealed)]

    assert [address for address, answer in seen if told(answer.get_data(), sealed, kept)] == []
    assert sum(answer.status_code == 200 for _, answer in seen) > 5
    assert browser.post(sealed.start).status in {401, 403, 409}


def told(body: bytes, sealed: Sealed, app: Flask) -> bool:
    """Tell whether a page holds words of an item of the paper: others of the bank an author may read."""
    if not found_in(body):
        return False
    with house(app) as session:
        numbers = [
            place.version.item_key.removeprefix("can-")
            for place in session.get_one(Paper, sealed.paper_id).items
        ]
    return any(f"0{number}quetzal".encode() in body for number in numbers) or b"canarytext" in body


def test_after_the_opening_the_candidate_reads_questions_and_never_reasons(
    kept: Flask, sealed: Sealed, sign_in: SignIn, clock: FrozenClock
) -> None:
    clock.now = sealed.opens_at - timedelta(minutes=20)
    with house(kept) as session:
        canaries.release(session, sealed, now=clock.now)
    clock.now = sealed.opens_at
    browser = sign_in("candidate")
    page = browser.get(browser.post(sealed.start).location)
    while page.status == 303:
        page = browser.get(page.location)

    assert "canarystem" in page.html
    assert "canaryoption" in page.html
    assert "canaryreason" not in page.html
    assert "canarynote" not in page.html


def test_what_was_opened_is_still_nowhere_on_the_disk(
    kept: Flask, sealed: Sealed, clock: FrozenClock
) -> None:
    clock.now = sealed.opens_at
    with house(kept) as session:
        canaries.release(session, sealed, now=clock.now)
        assert len(opened(session, sealed.paper_id)) == 22

    assert on_disk(kept) == {}
