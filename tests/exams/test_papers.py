"""Papers: drawn, proposed, sealed by another, discarded."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotYours
from app.core.two_people import ContentChanged, ProposalTooOld, SamePerson
from app.exams import drawing, service
from app.exams.blueprints import Blueprint
from app.exams.drawing import TooFew
from app.exams.life import WrongState
from app.exams.models import BlueprintVersion, Paper, PaperItem
from app.items import service as items
from tests.exams.builders import actor, blueprint, make_bank, make_paper


def proposed(session: Session) -> Paper:
    paper = make_paper(session, sealed=False)
    one = actor(session, "organiser")
    return service.propose(session, one, paper.public_id, content_hash=paper.content_hash, now=clock.now())


def test_a_draw_keeps_what_it_was_drawn_by(session: Session) -> None:
    paper = make_paper(session, sealed=False)

    assert [item.position for item in paper.items] == [1, 2, 3, 4]
    assert [item.section for item in paper.items] == ["functions"] * 3 + ["written"]
    assert paper.content_hash == drawing.content_hash([item.version.content_hash for item in paper.items])
    assert service.draws_again(paper, items.drawable(session, "exam"))
    assert paper.label == "2026-1"


def test_the_second_paper_of_a_year_has_the_next_number(session: Session) -> None:
    make_paper(session)

    assert make_paper(session).label == "2026-2"


def test_a_draw_refuses_what_the_bank_cannot_fill(session: Session) -> None:
    make_bank(session)
    slots = [{"count": 9, "topics": ["functions"]}]
    sections = [{**blueprint()["sections"][0], "slots": slots}]
    service.sync_blueprints(
        session, {"exam": Blueprint.model_validate(blueprint(sections=sections))}, clock.now()
    )

    with pytest.raises(TooFew):
        service.draw(session, actor(session, "organiser"), "exam", now=clock.now())


def test_there_is_no_draw_without_a_blueprint(session: Session) -> None:
    with pytest.raises(NotYours):
        service.draw(session, actor(session, "organiser"), "exam", now=clock.now())


def test_two_people_seal(session: Session) -> None:
    paper = proposed(session)
    other = actor(session, "organiser")
    service.seal(session, other, paper.public_id, content_hash=paper.content_hash, now=clock.now())

    assert paper.state == "sealed"
    assert paper.sealed_by_id == other.id != paper.proposed_by_id


def test_the_one_who_proposed_does_not_seal(session: Session) -> None:
    paper = make_paper(session, sealed=False)
    one = actor(session, "organiser")
    service.propose(session, one, paper.public_id, content_hash=paper.content_hash, now=clock.now())

    with pytest.raises(SamePerson):
        service.seal(session, one, paper.public_id, content_hash=paper.content_hash, now=clock.now())


def test_the_database_itself_refuses_one_person_as_two(session: Session) -> None:
    paper = proposed(session)

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(update(Paper).values(sealed_by_id=paper.proposed_by_id))


def test_nobody_approves_another_content_than_the_one_they_saw(session: Session) -> None:
    paper, other = proposed(session), actor(session, "organiser")

    with pytest.raises(ContentChanged):
        service.propose(session, other, paper.public_id, content_hash="0" * 64, now=clock.now())
    with pytest.raises(ContentChanged):
        service.seal(session, other, paper.public_id, content_hash="0" * 64, now=clock.now())


def test_items_changed_behind_the_hash_are_not_sealed(session: Session) -> None:
    paper, other = proposed(session), actor(session, "organiser")
    unused = next(
        one
        for one in items.drawable(session, "exam")
        if one.type == "single_choice" and one.id not in {item.item_version_id for item in paper.items}
    )
    session.execute(
        update(PaperItem)
        .where(PaperItem.paper_id == paper.id, PaperItem.position == 1)
        .values(item_version_id=unused.id)
    )
    session.expire_all()

    with pytest.raises(ContentChanged):
        service.seal(session, other, paper.public_id, content_hash=paper.content_hash, now=clock.now())


def test_a_proposal_holds_for_a_day(session: Session) -> None:
    paper, other = proposed(session), actor(session, "organiser")
    day = timedelta(hours=24)
    late = clock.now() + day

    with pytest.raises(ProposalTooOld), session.begin_nested():
        service.seal(session, other, paper.public_id, content_hash=paper.content_hash, now=late)
    session.expire_all()
    service.seal(
        session, other, paper.public_id, content_hash=paper.content_hash, now=late - timedelta(seconds=1)
    )


def test_a_sealed_paper_is_neither_proposed_nor_discarded_again(session: Session) -> None:
    paper, other = make_paper(session), actor(session, "organiser")

    with pytest.raises(WrongState):
        service.propose(session, other, paper.public_id, content_hash=paper.content_hash, now=clock.now())
    with pytest.raises(WrongState):
        service.discard(session, paper.public_id)


def test_a_paper_that_is_not_sealed_can_be_discarded(session: Session) -> None:
    paper = proposed(session)
    service.discard(session, paper.public_id)

    assert paper.state == "discarded"
    assert paper not in service.sealed_papers(session)


def test_blueprints_are_taken_in_once_and_anew_when_they_change(session: Session) -> None:
    first = Blueprint.model_validate(blueprint())
    other = Blueprint.model_validate(blueprint(minutes=45))
    added = [
        service.sync_blueprints(session, {"exam": file}, clock.now()) for file in (first, first, other, first)
    ]

    assert added == [1, 0, 1, 1]
    assert service.read(service.current_blueprint(session, "exam")) == first
    assert [version.number for version in service.current_blueprints(session)] == [3]
    assert session.scalars(select(BlueprintVersion.number).order_by(BlueprintVersion.number)).all() == [
        1,
        2,
        3,
    ]
