"""Issuing certificates once, and finding them; their bytes are never made again."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.accounts.models import Person
from app.certificates import drawing, facts, record
from app.certificates.facts import Facts
from app.certificates.models import Certificate
from app.certificates.number import new_number
from app.certificates.wording import Words
from app.core import clock
from app.core.database import db
from app.core.errors import NotYours
from app.core.permissions import Actor
from app.core.settings import Settings
from app.results import record as results_record
from app.results import scoring
from app.results.models import Result
from app.results.scoring import Part

VALID_YEARS = 2
TRIAL = True
"""Until a pilot has been done, every test says so (design.md)."""


def issue(payload: Mapping[str, Any]) -> None:
    """Issue the certificate of a released, passed exam, unless it has one; handler of `result-released`."""
    session = db.session()
    result = session.get(Result, payload["result"], with_for_update={"of": Result})
    if result is None or result.kind != "exam" or result.state != "released" or not result.has_passed:
        return
    if of_result(session, result.id) is None:
        _issue(session, result, now=clock.now())


def _issue(session: Session, result: Result, *, now: datetime) -> None:
    stated = _facts(session, result, now=now)
    pdf = drawing.draw(stated)
    session.add(
        Certificate(
            number=stated.number,
            result_id=result.id,
            person_id=result.person_id,
            facts=record.written(stated),
            credential=facts.credential(stated),
            pdf=pdf,
            sha256=hashlib.sha256(pdf).hexdigest(),
            issued_at=now,
        )
    )
    session.flush()
    _replace_older(session, result, stated.number)


def _replace_older(session: Session, result: Result, number: str) -> None:
    """Let the certificates of earlier versions of this result point at the new one."""
    older = session.scalars(
        select(Certificate)
        .join(Result, Result.id == Certificate.result_id)
        .where(
            Result.attempt_id == result.attempt_id,
            Result.number < result.number,
            Certificate.replaced_by.is_(None),
        )
    )
    for certificate in older:
        certificate.replaced_by = number


def _facts(session: Session, result: Result, *, now: datetime) -> Facts:
    settings: Settings = current_app.extensions["settings"]
    scores = results_record.read(result.scores)
    if scores.total is None or scores.total.floor is None:
        message = f"result {result.id} has no total to certify"
        raise ValueError(message)
    exam_day = clock.local(result.attempt.started_at).date()
    number = new_number()
    return Facts(
        number=number,
        holder=session.get_one(Person, result.person_id).name,
        kind="exam",
        score_percent=scores.total.percent,
        score_of=scoring.HUNDRED,
        margin=scoring.margin(scores.total),
        pass_mark_percent=int(scores.total.floor),
        sections=tuple(_section(part) for part in scores.sections),
        exam_day=exam_day,
        issued_day=clock.local(now).date(),
        valid_until=_years_later(exam_day, VALID_YEARS),
        test_version=result.attempt.paper.label,
        trial=TRIAL,
        address=f"{settings.base_url}/c/{number}",
        sample=settings.demo,
    )


def _section(part: Part) -> facts.Section:
    title = part.title
    names = (part.key,) * 3 if title is None else (title.kk, title.ru, title.en)
    return facts.Section(
        name=Words(*names), percent=part.percent, floor=None if part.floor is None else int(part.floor)
    )


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def of_result(session: Session, result_id: int) -> Certificate | None:
    """Return the certificate of a result; None when it has none (not passed, not released, not yet)."""
    return session.scalar(select(Certificate).where(Certificate.result_id == result_id))


def by_number(session: Session, number: str) -> Certificate | None:
    """Return the certificate with this number; None when there is none."""
    return session.get(Certificate, number)


def own(session: Session, actor: Actor, number: str) -> Certificate:
    """Return the actor's own certificate, with its bytes.

    Raises:
        NotYours: there is none with this number, or it is someone else's.
    """
    certificate = session.scalar(
        select(Certificate)
        .where(Certificate.number == number, Certificate.person_id == actor.person_id)
        .options(undefer(Certificate.pdf))
    )
    if certificate is None:
        raise NotYours
    return certificate


def pdf_of(session: Session, number: str) -> bytes:
    """Return the bytes that were issued under this number.

    Raises:
        NotYours: there is none.
    """
    pdf = session.scalar(select(Certificate.pdf).where(Certificate.number == number))
    if pdf is None:
        raise NotYours
    return pdf
