"""What a candidate can do before anything else: choose a place, answer the requirements."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.candidacy import requirements
from app.candidacy.models import Candidacy, RequirementAnswer
from app.core.errors import N_, Refused
from app.core.permissions import Actor
from app.places import service as places
from app.places.models import Place


class NoAkimElected(Refused):
    """An akim is elected in villages, settlements, rural districts and towns of district significance."""

    message = N_(
        "Residents elect no akim in this place. Choose a village, a settlement, a rural district or a town."
    )
    status = 422


def place_of(session: Session, person_id: int) -> Place | None:
    """Return where a person wants to stand; None while they have not said."""
    row = session.get(Candidacy, person_id)
    return None if row is None else row.place


def choose_place(session: Session, actor: Actor, kato: str, *, now: datetime) -> Place:
    """Note where the actor wants to stand.

    Raises:
        NotYours: there is no such place.
        NoAkimElected: nobody is elected there.
    """
    place = places.get(session, kato)
    if not place.is_rural:
        raise NoAkimElected
    row = session.get(Candidacy, actor.person_id, with_for_update={"of": Candidacy})
    row = row or Candidacy(person_id=actor.person_id)
    row.place_kato, row.chosen_at = kato, now
    session.add(row)
    session.flush()
    return place


def summary(session: Session, person_id: int) -> requirements.Summary:
    """Return how a person stands to each rule; answers to an older text of the law count as not given."""
    rules = requirements.load()
    rows = session.execute(
        select(RequirementAnswer.rule_key, RequirementAnswer.answer).where(
            RequirementAnswer.person_id == person_id, RequirementAnswer.rules_version == rules.version
        )
    )
    return requirements.summarise(rules, dict(rows.all()))


def answer(
    session: Session, actor: Actor, answers: Mapping[str, str], *, now: datetime
) -> requirements.Summary:
    """Keep the actor's answers, by rule; an answer that is no option of its rule is passed over."""
    rules = requirements.load()
    kept = {
        row.rule_key: row
        for row in session.scalars(
            select(RequirementAnswer).where(RequirementAnswer.person_id == actor.person_id).with_for_update()
        )
    }
    for rule in rules.rules:
        given = answers.get(rule.key)
        if given is None or rule.outcome(given) is None:
            continue
        row = kept.get(rule.key) or RequirementAnswer(person_id=actor.person_id, rule_key=rule.key)
        row.answer, row.rules_version, row.answered_at = given, rules.version, now
        session.add(row)
    session.flush()
    return summary(session, actor.person_id)
