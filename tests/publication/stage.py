"""People on the commission's list, and their released results, for the tests of publication."""

from datetime import date
from fractions import Fraction

from flask import Flask
from sqlalchemy.orm import Session

from app.certificates import service as certificates
from app.core import clock
from app.core.alphabet import sort_key
from app.core.database import unit_of_work
from app.core.permissions import Actor
from app.exams.blueprints import Blueprint
from app.publication import service
from app.publication.models import Consent, ListedCandidate
from app.results import record, scoring
from app.results.models import Result
from tests.factories import UNIT, make_person
from tests.marking.papers import hand_in, open_sitting

NAME = "Мысалова Айгүл Үлгіқызы"
OTHERS = ("Үлгібаев Ерлан", "Болжамов Сәкен", "Сынақов Әли")
ELECTION = date(2027, 2, 14)
UNTIL = date(2027, 3, 16)
ALL = ("score", "sections", "certificate", "search-engines")
MOST = 10


def listed(
    session: Session,
    name: str = NAME,
    *,
    kato: str = UNIT,
    day: date = ELECTION,
    person_id: int | None = None,
) -> ListedCandidate:
    """Add a name to the commission's list."""
    entry = ListedCandidate(
        place_kato=kato,
        election_day=day,
        name=name,
        sort_key=sort_key(name),
        source="Аумақтық сайлау комиссиясы",
        source_day=date(2027, 1, 25),
        person_id=person_id,
    )
    session.add(entry)
    session.flush()
    return entry


def released(
    session: Session, person_id: int, kind: str = "exam", *, passed: bool = True, state: str = "released"
) -> Result:
    """Add a result; a released, passed exam has its certificate."""
    opened = open_sitting(session, kind)
    attempt = hand_in(session, opened, {}, place=None, person_id=person_id)
    blueprint = Blueprint.model_validate(opened.paper.blueprint.content)
    points = Fraction(8 if passed else 2)
    items = [
        scoring.ItemScore(position, section.key, "analysis", points, MOST)
        for position, section in enumerate(blueprint.sections, start=1)
    ]
    content = record.written(scoring.score(items, blueprint), blueprint.rule.model_dump())
    first, second = make_person(session, "organiser")[0], make_person(session, "organiser")[0]
    now = clock.now()
    result = Result(
        attempt_id=attempt.id,
        person_id=person_id,
        kind=kind,
        number=1,
        state=state,
        scores=content,
        content_hash=record.content_hash(content),
        has_passed=passed,
        computed_at=now,
        proposed_by_id=first.id,
        proposed_at=now,
        released_by_id=second.id if state == "released" else None,
        released_at=now if state == "released" else None,
    )
    session.add(result)
    session.flush()
    certificates.issue({"result": result.id})
    session.flush()
    return result


def number_of(session: Session, result: Result) -> str:
    """Return the number of a result's certificate."""
    certificate = certificates.of_result(session, result.id)
    assert certificate is not None
    return certificate.number


def candidate(session: Session, name: str = NAME) -> tuple[Actor, ListedCandidate]:
    """Add a candidate who is tied to a name on the list."""
    person, _ = make_person(session, "candidate", name=name)
    return Actor(person.id, frozenset({"candidate"})), listed(session, name, person_id=person.id)


def publish(
    session: Session, actor: Actor, result: Result, *, parts: tuple[str, ...] = ALL, until: date = UNTIL
) -> Consent:
    """Let a candidate publish."""
    return service.publish(
        session, actor, result, parts=parts, until=until, words=["yes"], language="kk", now=clock.now()
    )


def build(app: Flask) -> None:
    """Write all pages, as the command does."""
    with app.app_context():
        service.build_all()


def in_one_go(
    app: Flask, name: str = NAME, *, kind: str = "exam", parts: tuple[str, ...] = ALL
) -> dict[str, str]:
    """Add a candidate with a published result; return ids for addresses."""
    with app.app_context(), unit_of_work() as session:
        actor, entry = candidate(session, name)
        result = released(session, actor.person_id, kind)
        consent = publish(session, actor, result, parts=parts)
        return {
            "entry": str(entry.public_id),
            "entry_id": str(entry.id),
            "result": str(result.public_id),
            "consent": str(consent.public_id),
            "person": str(actor.person_id),
            "number": number_of(session, result) if kind == "exam" else "",
        }


def csv(*lines: str) -> bytes:
    return "\n".join(("kato,name", *lines)).encode()


def take_over(session: Session, *lines: str) -> int:
    return service.import_list(
        session,
        csv(*lines),
        election_day=ELECTION,
        source="Комиссия",
        source_day=date(2027, 1, 25),
        now=clock.now(),
    )
