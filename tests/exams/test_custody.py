"""Custody: words under one key, the key among custodians, opened shortly before the sitting."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.core import clock
from app.core.permissions import Actor
from app.exams import service, sharing
from app.exams.drawing import TooFew
from app.exams.models import Custody, Paper, PaperEnvelope, PaperShare, Sitting
from app.exams.service.custodians import (
    AlreadyGiven,
    AlreadyOpened,
    AlreadyTaken,
    AnotherPerson,
    NoShareLeft,
    NotInCustody,
    TooEarly,
    WrongShare,
)
from app.exams.service.custody import InAnotherPaper
from app.exams.service.gate import NotOpenYet, delivered
from app.exams.service.opening import NotOpened, opened
from app.exams.sharing import Mistyped
from app.items import service as items
from app.items.service import InSealedPaper
from tests.conftest import FrozenClock
from tests.exams.builders import (
    actor,
    item_file,
    make_attempt,
    make_item,
    make_paper,
    make_sitting,
)

HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def shares(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers are kept by custodians, as in production."""
    settings = replace(app.extensions["settings"], paper_custody="shares")
    monkeypatch.setitem(app.extensions, "settings", settings)


def soon(session: Session, *papers: Paper) -> Sitting:
    """Open a sitting that begins in twenty minutes."""
    return make_sitting(session, *papers, opens_at=clock.now() + timedelta(minutes=20))


def people(session: Session, count: int) -> list[Actor]:
    return [actor(session, "organiser") for _ in range(count)]


def take(session: Session, paper: Paper, *who: Actor) -> list[str]:
    return [service.take_share(session, one, paper.public_id, now=clock.now()) for one in who]


def give(session: Session, paper: Paper, who: Actor, code: str) -> bool:
    return service.give_share(session, who, paper.public_id, code, now=clock.now())


def custody_of(session: Session, paper: Paper) -> Custody:
    return session.get_one(Custody, paper.custody_id)


def state(session: Session) -> list[tuple[Any, ...]]:
    session.expire_all()
    custody = [(one.key, one.released_at) for one in session.scalars(select(Custody))]
    rows = session.scalars(select(PaperShare).order_by(PaperShare.custody_id, PaperShare.number))
    return custody + [(one.waiting, one.holder_id, one.given, one.given_by_id, one.given_at) for one in rows]


# -- the server keeps the key: trying out ----------------------------------------------------------


def test_with_the_key_on_the_server_sealing_stays_one_press(session: Session) -> None:
    paper = make_paper(session)

    assert custody_of(session, paper).kept == "server"
    assert custody_of(session, paper).shares == []
    assert opened(session, paper.id)[1].content["stem"]["kk"].startswith("Сұрақ")


def test_a_sealed_item_is_read_by_nobody_in_the_bank(session: Session) -> None:
    paper = make_paper(session)
    version = paper.items[0].version

    with pytest.raises(InSealedPaper):
        items.wording_of(session, version)
    assert "stem" not in version.content
    assert "body" not in version.content


def test_what_was_drawn_is_what_is_opened(session: Session) -> None:
    paper = make_paper(session, sealed=False)
    one, other = people(session, 2)
    before = {place.position: items.wording_of(session, place.version) for place in paper.items}
    service.propose(session, one, paper.public_id, content_hash=paper.content_hash, now=clock.now())
    service.seal(session, other, paper.public_id, content_hash=paper.content_hash, now=clock.now())
    after = opened(session, paper.id)

    assert {position: item.wording for position, item in after.items()} == before
    assert [item.section for item in after.values()] == ["functions"] * 3 + ["written"]
    assert opened(session, paper.id) is after


def test_a_paper_that_an_older_release_sealed_goes_on(session: Session) -> None:
    paper = make_paper(session, sealed=False)
    session.execute(update(Paper).values(state="sealed"))
    session.expire_all()

    assert paper.custody_id is None
    assert len(opened(session, paper.id)) == 4
    assert make_attempt(session, sitting=make_sitting(session, paper)).paper_id == paper.id


# -- sealing in custody of people -------------------------------------------------------------------


@pytest.mark.usefixtures("shares")
def test_nothing_on_the_server_opens_a_paper_whose_shares_are_taken(session: Session) -> None:
    paper = make_paper(session)
    take(session, paper, *people(session, 3))
    custody = custody_of(session, paper)

    assert custody.key is None
    assert [share.waiting for share in custody.shares] == [None] * 3
    with pytest.raises(NotOpened):
        opened(session, paper.id)
    # The school's own key, which wraps everything else, is not the one.
    envelopes = session.scalars(
        select(PaperEnvelope.words).where(PaperEnvelope.custody_id == custody.id)
    ).all()
    assert len(envelopes) == 4
    assert not any("Сұрақ".encode() in words for words in envelopes)


@pytest.mark.usefixtures("shares")
def test_a_share_is_shown_once_to_one_person(session: Session) -> None:
    paper = make_paper(session)
    one, *others = people(session, 4)
    codes = take(session, paper, one, *others[:2])

    assert len(set(codes)) == 3
    with pytest.raises(AlreadyTaken):
        take(session, paper, one)
    with pytest.raises(NoShareLeft):
        take(session, paper, others[2])
    assert [sharing.read(code).number for code in codes] == [1, 2, 3]


@pytest.mark.usefixtures("shares")
def test_parallel_papers_of_one_draw_have_one_key(session: Session) -> None:
    make_item(session, item_file("fun-009"))
    one, other = people(session, 2)
    make_paper(session)
    for number in range(10, 20):
        make_item(session, item_file(f"fun-0{number}"))
        make_item(session, item_file(f"num-0{number}", "numeric"))
        make_item(session, item_file(f"case-0{number}", "essay", topic="case"))
    papers = service.draw_forms(session, one, "exam", forms=3, now=clock.now())
    for paper in papers:
        service.propose(session, one, paper.public_id, content_hash=paper.content_hash, now=clock.now())
        service.seal(session, other, paper.public_id, content_hash=paper.content_hash, now=clock.now())
    custody = {paper.custody_id for paper in papers}
    codes = take(session, papers[0], one, other)
    soon(session, *papers)
    give(session, papers[1], one, codes[0])
    give(session, papers[2], other, codes[1])

    assert len(custody) == 1
    assert all(len(opened(session, paper.id)) == 4 for paper in papers)
    said = service.custody_of(session, one, papers[0].public_id, now=clock.now())
    assert said.papers == [paper.label for paper in papers]


@pytest.mark.usefixtures("shares")
def test_items_in_the_hands_of_custodians_are_not_drawn_again(session: Session) -> None:
    first = make_paper(session)
    with pytest.raises(TooFew):
        make_paper(session)
    for number in range(10, 13):
        make_item(session, item_file(f"fun-0{number}"))
    make_item(session, item_file("num-010", "numeric"))
    make_item(session, item_file("case-010", "essay", topic="case"))
    second = make_paper(session)

    shared = {place.item_version_id for place in first.items} & {
        place.item_version_id for place in second.items
    }
    assert shared == set()


@pytest.mark.usefixtures("shares")
def test_a_paper_drawn_before_another_took_its_items_is_not_sealed(session: Session) -> None:
    one, other = people(session, 2)
    early = make_paper(session, sealed=False)
    make_paper(session)
    service.propose(session, one, early.public_id, content_hash=early.content_hash, now=clock.now())

    with pytest.raises(InAnotherPaper), session.begin_nested():
        service.seal(session, other, early.public_id, content_hash=early.content_hash, now=clock.now())


# -- release ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("shares")
def test_two_of_three_open_the_paper(session: Session) -> None:
    paper = make_paper(session)
    one, other, _third = who = people(session, 3)
    codes = take(session, paper, *who)
    sitting = soon(session, paper)

    assert give(session, paper, one, codes[0]) is False
    with pytest.raises(NotOpened):
        opened(session, paper.id)
    assert give(session, paper, other, codes[2].lower()) is True
    assert len(opened(session, paper.id)) == 4
    # What was given is gone; who gave it stays.
    rows = session.scalars(select(PaperShare).order_by(PaperShare.number)).all()
    assert [share.given for share in rows] == [None] * 3
    assert [share.given_by_id for share in rows] == [one.id, None, other.id]
    event = session.scalars(select(AuditEvent).where(AuditEvent.tag == "paper-released")).one()
    assert event.about["papers"] == str(paper.public_id)
    assert event.about["shares"] == "1 3"
    assert sitting.opens_at > clock.now()


@pytest.mark.usefixtures("shares")
@pytest.mark.parametrize(
    ("minutes", "may"), [(31, False), (30, True), (0, True), (-179, True), (-181, False)]
)
def test_a_paper_is_opened_from_half_an_hour_before_until_the_end(
    session: Session, clock: FrozenClock, minutes: int, may: bool
) -> None:
    paper = make_paper(session)
    one, other = people(session, 2)
    codes = take(session, paper, one, other)
    opens_at = clock.now + timedelta(hours=4)
    make_sitting(session, paper, opens_at=opens_at, closes_at=opens_at + timedelta(hours=3))
    clock.now = opens_at - timedelta(minutes=minutes)

    if may:
        assert give(session, paper, one, codes[0]) is False
    else:
        with pytest.raises(TooEarly):
            give(session, paper, one, codes[0])


@pytest.mark.usefixtures("shares")
def test_a_cancelled_sitting_opens_nothing(session: Session) -> None:
    paper = make_paper(session)
    one, *_ = people(session, 1)
    codes = take(session, paper, one)
    sitting = soon(session, paper)
    service.cancel(session, sitting.public_id, now=clock.now())

    with pytest.raises(TooEarly):
        give(session, paper, one, codes[0])


@pytest.mark.usefixtures("shares")
def test_a_wrong_share_changes_nothing(session: Session) -> None:
    paper = make_paper(session)
    one, other = people(session, 2)
    codes = take(session, paper, one, other)
    soon(session, paper)
    before = state(session)
    stranger = sharing.code(sharing.split(bytes(32), needed=2, shares=2)[0])
    typo = ("B" if codes[0][0] != "B" else "C") + codes[0][1:]

    with pytest.raises(WrongShare):
        give(session, paper, one, stranger)
    with pytest.raises(Mistyped):
        give(session, paper, one, typo)
    with pytest.raises(Mistyped):
        give(session, paper, one, "")
    assert state(session) == before


@pytest.mark.usefixtures("shares")
def test_one_person_never_gives_two_shares(session: Session) -> None:
    paper = make_paper(session)
    one, other = people(session, 2)
    codes = take(session, paper, one, other)
    soon(session, paper)
    give(session, paper, one, codes[0])

    assert give(session, paper, one, codes[0]) is False
    with pytest.raises(AnotherPerson):
        give(session, paper, one, codes[1])
    with pytest.raises(AlreadyGiven):
        give(session, paper, other, codes[0])
    with pytest.raises(NotOpened):
        opened(session, paper.id)


@pytest.mark.usefixtures("shares")
@pytest.mark.parametrize(
    "values",
    [
        "holder_id = {id}, waiting = NULL",
        "given_by_id = {id}, given = x'00'",
        "holder_id = NULL, waiting = NULL",
        "given = x'00'",
    ],
)
def test_the_database_itself_refuses_one_person_with_two_shares(session: Session, values: str) -> None:
    paper = make_paper(session)
    one, *_ = people(session, 1)
    take(session, paper, one)
    statement = text(f"UPDATE paper_shares SET {values.format(id=one.id)}")  # noqa: S608 - our own words

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(statement)


@pytest.mark.usefixtures("shares")
def test_a_share_waits_for_half_an_hour(session: Session, clock: FrozenClock) -> None:
    paper = make_paper(session)
    one, other = people(session, 2)
    codes = take(session, paper, one, other)
    soon(session, paper)
    give(session, paper, one, codes[0])
    clock.now += HALF_HOUR + timedelta(seconds=1)

    assert give(session, paper, other, codes[1]) is False
    with pytest.raises(NotOpened):
        opened(session, paper.id)
    assert give(session, paper, one, codes[0]) is True


@pytest.mark.usefixtures("shares")
def test_a_share_that_waited_just_half_an_hour_counts(session: Session, clock: FrozenClock) -> None:
    paper = make_paper(session)
    one, other = people(session, 2)
    codes = take(session, paper, one, other)
    soon(session, paper)
    give(session, paper, one, codes[0])
    clock.now += HALF_HOUR

    assert give(session, paper, other, codes[1]) is True


@pytest.mark.usefixtures("shares")
def test_the_minutely_round_forgets_what_waited_too_long(session: Session, clock: FrozenClock) -> None:
    paper = make_paper(session)
    one, *_ = people(session, 1)
    codes = take(session, paper, one)
    soon(session, paper)
    give(session, paper, one, codes[0])
    clock.now += HALF_HOUR
    service.tend_custodies(session, clock.now)
    assert session.scalars(select(PaperShare.given).where(PaperShare.given.is_not(None))).all() != []

    clock.now += timedelta(seconds=1)
    service.tend_custodies(session, clock.now)
    session.flush()
    assert session.scalars(select(PaperShare.given).where(PaperShare.given.is_not(None))).all() == []


@pytest.mark.usefixtures("shares")
def test_an_opened_paper_takes_no_more_shares(session: Session) -> None:
    paper = make_paper(session)
    who = people(session, 3)
    codes = take(session, paper, *who)
    soon(session, paper)
    give(session, paper, who[0], codes[0])
    give(session, paper, who[1], codes[1])

    with pytest.raises(AlreadyOpened):
        give(session, paper, who[2], codes[2])


def test_a_paper_without_custodians_has_no_shares(session: Session) -> None:
    paper, one = make_paper(session), actor(session, "organiser")

    for act in (service.take_share, service.custody_of):
        with pytest.raises(NotInCustody):
            act(session, one, paper.public_id, now=clock.now())
    with pytest.raises(NotInCustody):
        give(session, paper, one, "x")


# -- the gate -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("shares")
def test_nobody_starts_before_the_paper_is_opened(session: Session) -> None:
    paper = make_paper(session)
    who = people(session, 2)
    codes = take(session, paper, *who)
    sitting = make_sitting(session, paper)

    with pytest.raises(NotOpened), session.begin_nested():
        make_attempt(session, sitting=sitting)
    for one, code in zip(who, codes, strict=True):
        give(session, paper, one, code)
    attempt = make_attempt(session, sitting=sitting)
    assert len(delivered(session, attempt, now=clock.now())) == 4


def test_the_gate_opens_at_the_time_of_the_sitting(session: Session) -> None:
    attempt = make_attempt(session)
    opens_at = attempt.sitting.opens_at

    assert delivered(session, attempt, now=opens_at)
    with pytest.raises(NotOpenYet):
        delivered(session, attempt, now=opens_at - timedelta(seconds=1))


def test_the_gate_is_shut_when_the_attempt_is_over(session: Session) -> None:
    attempt = make_attempt(session)

    assert delivered(session, attempt, now=attempt.deadline - timedelta(seconds=1))
    with pytest.raises(service.Over):
        delivered(session, attempt, now=attempt.deadline)
    service.finish(session, attempt, now=clock.now())
    with pytest.raises(service.Over):
        delivered(session, attempt, now=clock.now())


@pytest.mark.usefixtures("shares")
def test_a_sitting_names_the_papers_that_wait_for_custodians(session: Session) -> None:
    paper = make_paper(session)
    who = people(session, 2)
    codes = take(session, paper, *who)
    sitting = soon(session, paper)
    assert service.unopened_papers(session, sitting) == [paper]

    for one, code in zip(who, codes, strict=True):
        give(session, paper, one, code)
    assert service.unopened_papers(session, sitting) == []


# -- afterwards -----------------------------------------------------------------------------------------


def test_the_bank_reads_its_items_again_when_the_time_is_over(session: Session) -> None:
    paper = make_paper(session)
    version, before = paper.items[0].version, opened(session, paper.id)[1].wording
    sitting = make_sitting(session, paper)
    service.tend_custodies(session, sitting.closes_at - timedelta(seconds=1))
    assert items.wordings_of(session, [version]) == {}

    service.tend_custodies(session, sitting.closes_at)
    assert items.wording_of(session, version) == before
    assert custody_of(session, paper).restored_at == sitting.closes_at
    assert opened(session, paper.id)[1].wording == before


def test_somebody_with_more_time_keeps_the_items_shut(session: Session) -> None:
    paper = make_paper(session)
    sitting = make_sitting(session, paper)
    attempt = make_attempt(session, sitting=sitting)
    service.tend_custodies(session, sitting.closes_at)
    assert custody_of(session, paper).restored_at is None

    service.finish(session, attempt, now=clock.now())
    service.tend_custodies(session, sitting.closes_at)
    assert custody_of(session, paper).restored_at is not None


def test_a_paper_without_a_sitting_keeps_its_items(session: Session) -> None:
    paper = make_paper(session)
    service.tend_custodies(session, clock.now() + timedelta(days=400))

    assert custody_of(session, paper).restored_at is None


def test_items_of_another_sealed_paper_stay_shut(session: Session) -> None:
    paper, other = make_paper(session), make_paper(session)
    shared = {place.item_version_id for place in other.items}
    sitting = make_sitting(session, paper)
    service.tend_custodies(session, sitting.closes_at)
    versions = [place.version for place in paper.items]

    assert shared & {version.id for version in versions}
    assert set(items.wordings_of(session, versions)) == {version.id for version in versions} - shared


@pytest.mark.usefixtures("shares")
def test_a_sync_does_not_bring_back_what_is_sealed(session: Session) -> None:
    paper = make_paper(session)
    version = paper.items[0].version
    items.encrypt(session)

    assert items.wordings_of(session, [version]) == {}


def test_the_seed_is_told_when_the_time_is_over(session: Session) -> None:
    paper = make_paper(session)
    assert service.secrecy_of(session, paper).seed is None
    commitment = service.secrecy_of(session, paper).commitment
    sitting = make_sitting(session, paper)
    service.tend_custodies(session, sitting.closes_at)

    said = service.secrecy_of(session, paper)
    assert said.seed == paper.seed
    assert said.commitment == commitment != paper.seed


def test_the_seed_is_not_told_while_a_parallel_paper_waits(session: Session) -> None:
    paper = make_paper(session)
    one = actor(session, "organiser")
    parallel = service.draw(session, one, "exam", seed=paper.seed, form=2, now=clock.now())
    sitting = make_sitting(session, paper)
    service.tend_custodies(session, sitting.closes_at)
    assert service.secrecy_of(session, paper).seed is None

    service.discard(session, parallel.public_id)
    assert service.secrecy_of(session, paper).seed == paper.seed
